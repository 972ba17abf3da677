"""Declare the hours of a file: all of it, or nothing."""

from datetime import datetime

from relais.execution.actions.statements import declare_month
from relais.execution.enums import StatementOrigin
from relais.execution.models import Obligation, Statement
from relais.execution.queries.intake import Intake
from relais.kit.actor import Actor


def declare_file(
    obligation: Obligation, intake: Intake, *, signed_by: str, actor: Actor, at: datetime
) -> Statement:
    """Send what a file says of a month; with a problem `ValueError` is raised and nothing kept."""
    if not intake.is_whole or intake.month is None:
        raise ValueError("A file with problems is not declared.")
    return declare_month(
        obligation,
        month=intake.month,
        lines=intake.lines,
        signed_by=signed_by,
        origin=StatementOrigin.FILE,
        actor=actor,
        at=at,
    )
