"""What people and imports do in the room: one verb, one function."""

from .derogations import word_derogation
from .files import add_file, trace_download, withdraw_file
from .lots import Consultation, digest, edit_lot, type_lot
from .opinions import (
    Link,
    Opinion,
    Reminders,
    answer_opinion,
    ask_opinion,
    ask_opinions,
    remind_due_opinions,
    remind_opinion,
    write_message,
)
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
from .triage import put_back, undo_decision, withdraw_opinion

__all__ = [
    "Consultation",
    "Link",
    "Opinion",
    "Reminders",
    "Screening",
    "add_file",
    "add_profile",
    "add_rule",
    "answer_opinion",
    "ask_opinion",
    "ask_opinions",
    "derogate",
    "digest",
    "duty_without_clause",
    "edit_lot",
    "go_back",
    "load_defaults",
    "move_on",
    "open_sheet",
    "plan_next_act",
    "put_back",
    "reject",
    "remind_due_opinions",
    "remind_opinion",
    "reopen",
    "restore",
    "retain",
    "save_numbers",
    "screen_lot",
    "screen_scheme",
    "study",
    "trace_download",
    "type_lot",
    "undo_decision",
    "withdraw_file",
    "withdraw_opinion",
    "word_derogation",
    "write_message",
]
