"""`relais found-scheme`: open a scheme and its coordinator, and print the link of its first manager."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email, validate_slug
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from relais.core.words import BadValue
from relais.kit.words import moment, say
from relais.organisations.actions import Founded, found_scheme
from relais.organisations.models import Scheme
from relais.territories.models import Territory


class Command(BaseCommand):
    help = "Open a scheme, its coordinator and the invitation of its first manager."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--name", required=True, help="name of the scheme")
        parser.add_argument(
            "--slug", required=True, help="short name of the scheme, for addresses and commands"
        )
        parser.add_argument("--siret", required=True, help="SIRET of the coordinator")
        parser.add_argument(
            "--coordinator", default="", help="name of the coordinator (default: the scheme's)"
        )
        parser.add_argument(
            "--manager-email", required=True, help="address of the coordinator's first manager"
        )
        parser.add_argument("--territory", default="", help="short name of a loaded territory")
        parser.add_argument(
            "--site", default="http://127.0.0.1:8000", help="address of this site, for the link"
        )
        parser.add_argument(
            "--json", action="store_true", help="print one JSON object on the standard output"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        try:
            validate_slug(options["slug"])
            validate_email(options["manager_email"])
            founded = found_scheme(
                name=options["name"],
                slug=new_slug(options["slug"]),
                coordinator_name=options["coordinator"] or options["name"],
                siret=options["siret"],
                manager_email=options["manager_email"],
                territory=territory_named(options["territory"]),
                on=timezone.localdate(now),
                at=now,
            )
        except BadValue as error:
            raise CommandError(say(error.words)) from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages), returncode=2) from error
        path = reverse("invitation", kwargs={"token": founded.token})
        link = options["site"].rstrip("/") + path
        self.stdout.write(as_json(founded, link) if options["json"] else human(founded, link))


def new_slug(slug: str) -> str:
    if Scheme.objects.filter(slug=slug).exists():
        raise CommandError(
            _("A scheme already has the short name %(slug)s. Choose another.") % {"slug": slug}
        )
    return slug


def territory_named(slug: str) -> Territory | None:
    if not slug:
        return None
    territory = Territory.objects.filter(slug=slug).first()
    if territory is None:
        raise CommandError(
            _("No territory is named %(slug)s. Load them with `relais load-territories`.") % {"slug": slug}
        )
    return territory


def human(founded: Founded, link: str) -> str:
    return _(
        "The scheme “%(scheme)s” is open. Its coordinator is at /%(slug)s/.\n"
        "Send this link to %(address)s, who becomes its manager; it works once, until %(until)s:\n%(link)s"
    ) % {
        "scheme": founded.scheme.name,
        "slug": founded.coordinator.slug,
        "address": founded.invitation.email,
        "until": moment(founded.invitation.expires_at),
        "link": link,
    }


def as_json(founded: Founded, link: str) -> str:
    report = {
        "scheme": founded.scheme.slug,
        "coordinator": founded.coordinator.slug,
        "manager_email": founded.invitation.email,
        "expires_at": founded.invitation.expires_at.isoformat(),
        "link": link,
    }
    return json.dumps(report, ensure_ascii=False)
