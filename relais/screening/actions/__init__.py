"""What people and imports do in the room: one verb, one function."""

from .lots import digest, edit_lot, type_lot
from .opinions import answer_opinion, ask_opinion
from .parameters import add_profile, add_rule, load_defaults
from .screening import Screening, screen_lot, screen_scheme
from .sheet import (
    derogate,
    duty_without_clause,
    go_back,
    move_on,
    open_sheet,
    plan_next_act,
    reject,
    reopen,
    restore,
    retain,
    save_numbers,
    study,
)

__all__ = [
    "Screening",
    "add_profile",
    "add_rule",
    "answer_opinion",
    "ask_opinion",
    "derogate",
    "digest",
    "duty_without_clause",
    "edit_lot",
    "go_back",
    "load_defaults",
    "move_on",
    "open_sheet",
    "plan_next_act",
    "reject",
    "reopen",
    "restore",
    "retain",
    "save_numbers",
    "screen_lot",
    "screen_scheme",
    "study",
    "type_lot",
]
