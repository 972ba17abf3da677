"""What people type: filters, the numbers of a sheet, decisions, lots to come, parameters."""

from .decisions import (
    BatchForm,
    DecisionForm,
    MessageForm,
    MoveForm,
    NextActForm,
    OpinionAskForm,
    OpinionForm,
    VersionForm,
)
from .derogations import DerogationForm
from .files import SheetFileForm, WithdrawalForm
from .filters import OpportunityFilter, SearchForm
from .guide import GuideFilter
from .lots import LotForm
from .numbers import NumbersForm, PercentField
from .parameters import ProfileForm, RuleForm
from .register import RegisterFilter

__all__ = [
    "BatchForm",
    "DecisionForm",
    "DerogationForm",
    "GuideFilter",
    "LotForm",
    "MessageForm",
    "MoveForm",
    "NextActForm",
    "NumbersForm",
    "OpinionAskForm",
    "OpinionForm",
    "OpportunityFilter",
    "PercentField",
    "ProfileForm",
    "RegisterFilter",
    "RuleForm",
    "SearchForm",
    "SheetFileForm",
    "VersionForm",
    "WithdrawalForm",
]
