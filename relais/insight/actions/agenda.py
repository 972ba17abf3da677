"""Open, renew and close the private address that an agenda reads."""

import secrets
from datetime import datetime

from django.db import transaction

from relais.insight.models import AgendaKey
from relais.kit import audit
from relais.organisations.models import User
from relais.organisations.queries import token_hash

TOKEN_BYTES = 32


@transaction.atomic
def open_agenda(user: User, *, at: datetime) -> str:
    """Make the address anew, the former one stops; its token is returned and kept nowhere."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    key, _made = AgendaKey.objects.update_or_create(
        user=user, defaults={"token_hash": token_hash(token), "opened_at": at}
    )
    audit.record("insight.agenda.opened", key, actor=None, user_id=user.pk, at=at)
    return token


@transaction.atomic
def close_agenda(user: User, *, at: datetime) -> bool:
    """Stop the address; False when there was none."""
    key = AgendaKey.objects.filter(user=user).first()
    if key is None:
        return False
    audit.record("insight.agenda.closed", key, actor=None, user_id=user.pk, at=at)
    key.delete()
    return True
