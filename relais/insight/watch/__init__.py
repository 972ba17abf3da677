"""Who looks for what: sources of alerts on contracts and breaches, on people and hours, on purchases."""

from relais.insight.watch.breaches import breaches
from relais.insight.watch.contracts import amendments, contracts
from relais.insight.watch.hours import hours
from relais.insight.watch.purchases import duties, opinions
from relais.organisations.alerting import Code, register


def register_all() -> None:
    """Name the sources of the room; another room names its own in the same way."""
    register(contracts, Code.AL01, Code.AL02, Code.AL03, Code.AL04, Code.AL10, Code.AL11, Code.AL19)
    register(amendments, Code.AL09)
    register(hours, Code.AL05, Code.AL06, Code.AL07, Code.AL08, Code.AL16)
    register(breaches, Code.AL12, Code.AL13)
    register(duties, Code.AL14)
    register(opinions, Code.AL20)
