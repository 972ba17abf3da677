"""Write to people what is new, due or told higher; keep how often they want it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import ngettext

from relais.insight.models import Alert, DigestChoice
from relais.insight.queries.digests import BodyNews, is_time, news_of, people_to_write_to, told_since
from relais.kit import audit
from relais.organisations.models import Organisation, User


@dataclass(frozen=True, slots=True)
class Links:
    """Full addresses for the mails: an alert, the list of a body, the page where one chooses."""

    alert: Callable[[Organisation, Alert], str]
    alerts: Callable[[Organisation], str]
    choice: str


@dataclass(slots=True)
class Sent:
    """How many people were written to, had nothing new, were not to be told today, or could not be."""

    sent: int = 0
    nothing: int = 0
    not_today: int = 0
    failed: int = 0


@transaction.atomic
def choose_digest(user: User, *, rhythm: str, language: str, at: datetime) -> DigestChoice:
    """Keep how often a person is written to, and in which language."""
    choice, _made = DigestChoice.objects.update_or_create(
        user=user, defaults={"rhythm": rhythm, "language": language}
    )
    audit.record(
        "insight.digest.chosen", choice, actor=None, user_id=user.pk, at=at, detail=f"rhythm={rhythm}"
    )
    return choice


def send_digests(*, on: date, links: Links, dry_run: bool = False) -> Sent:
    """Write to everybody whose day it is; a second pass the same day writes to nobody.

    A mail that cannot leave is counted, and tried again at the next pass.
    """
    done = Sent()
    choices = {choice.user_id: choice for choice in DigestChoice.objects.all()}
    for user in people_to_write_to(on):
        choice = choices.get(user.pk) or DigestChoice(user=user)
        if not is_time(choice, on):
            done.not_today += 1
            continue
        news = news_of(user, told_since(choice, on), on)
        if dry_run:
            done.sent += bool(news)
            done.nothing += not news
            continue
        try:
            told = _tell(user, choice, news, on, links)
        except (SMTPException, OSError):
            done.failed += 1
            continue
        done.sent += told and bool(news)
        done.nothing += told and not news
        done.not_today += not told
    return done


@transaction.atomic
def _tell(user: User, choice: DigestChoice, news: list[BodyNews], on: date, links: Links) -> bool:
    """Mark the day, then send; a mail that fails leaves the day unmarked. False when another pass did it."""
    DigestChoice.objects.get_or_create(user=user)
    waiting = DigestChoice.objects.filter(Q(told_on=None) | Q(told_on__lt=on), user=user)
    if not waiting.update(told_on=on):
        return False
    if news:
        with translation.override(choice.language or settings.LANGUAGE_CODE):
            subject, text = mail_of(user, news, on, links)
        send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [user.email])
    return True


def mail_of(user: User, news: list[BodyNews], on: date, links: Links) -> tuple[str, str]:
    """Subject and text of the mail, in the language in force."""
    number = sum(one.number for one in news)
    subject = ngettext("%(number)s thing to look at", "%(number)s things to look at", number)
    bodies = [
        {
            "name": one.body.name,
            "url": links.alerts(one.body),
            "parts": [
                (kind, [(alert, links.alert(one.body, alert)) for alert in part.alerts], part.more)
                for kind, part in (("raised", one.raised), ("new", one.new), ("due", one.due))
                if part.number
            ],
        }
        for one in news
    ]
    context = {"bodies": bodies, "on": on, "choice_url": links.choice}
    text = render_to_string("insight/digest_mail.txt", context).strip() + "\n"
    return subject % {"number": number}, re.sub(r"\n{3,}", "\n\n", text)
