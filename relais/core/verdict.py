"""Yes, or no with the reason: what every rule answers."""

from dataclasses import dataclass

from relais.core.words import Words


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of a rule. Truthy when allowed; a refusal always says why, a permission never does."""

    allowed: bool
    reason: Words | None = None

    def __post_init__(self) -> None:
        if self.allowed is not (self.reason is None):
            raise ValueError("A refusal needs a reason and a permission has none: use YES or no(...).")

    def __bool__(self) -> bool:
        return self.allowed


YES = Verdict(True)


def no(text: str, /, **params: object) -> Verdict:
    """A refusal: `no(gettext_noop("The month %(month)s is closed."), month=month)`."""
    return Verdict(False, Words(text, params))


def first_refusal(*verdicts: Verdict) -> Verdict:
    """The first refusal in the order given, or `YES` when nothing refuses."""
    return next((verdict for verdict in verdicts if not verdict), YES)
