"""What the room hears from the rooms below."""

from django.utils import timezone

from relais.kit.events import subscribe
from relais.organisations.models import Scheme
from relais.procurement.events import ContractsImported
from relais.screening.actions.screening import run


@subscribe(ContractsImported)
def screen_what_was_imported(event: ContractsImported) -> None:
    """Lots just imported are screened at once, by the right of whoever imported them."""
    scheme = Scheme.objects.select_related("territory").get(pk=event.scheme_id)
    run(scheme, at=event.at, on=timezone.localdate(event.at))
