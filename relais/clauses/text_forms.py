"""What people type about the texts of a library: the words, where they stand, what they serve."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from relais.clauses.actions import Placing, body_verdict
from relais.clauses.enums import Ccag, KitDocument, Modality, Regime
from relais.clauses.models import Clause, LibraryText, TextVersion
from relais.kit.words import say

EVERY = _("None ticked: all of them.")


class TextForm(forms.Form):
    """A version of a text, as it is written."""

    body = forms.CharField(
        label=_("Text"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 16, "lang": "fr", "spellcheck": "true"}),
        help_text=_(
            "A blank line ends a paragraph; - begins an item, | a | b | a row of a table. "
            "Values and conditions are listed beside."
        ),
    )
    note = forms.CharField(
        label=_("Why this version"),
        max_length=500,
        help_text=_("Read by the person who approves: what changes, and for which reason."),
    )
    source = forms.CharField(
        label=_("Source"),
        required=False,
        max_length=500,
        help_text=_("The article, the guide or the decision that the text rests on."),
    )
    clause = forms.ChoiceField(
        label=_("Try it on"),
        required=False,
        help_text=_("The lot whose values fill the text when you show how it reads."),
    )

    def __init__(self, *args: Any, clauses: Iterable[Clause] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clauses = {str(clause.pk): clause for clause in clauses}
        self.fields["clause"].choices = [  # type: ignore[attr-defined]
            ("", _("An example lot")),
            *((key, f"{one.reference} · {one.lot.object[:60]}") for key, one in self.clauses.items()),
        ]

    def clean_body(self) -> str:
        """The text, or its fault with line and sign as they stand in the field."""
        body: str = self.cleaned_data["body"].replace("\r\n", "\n")
        verdict = body_verdict(body if body.strip() else "")
        if verdict.reason is not None and not verdict:
            raise ValidationError(say(verdict.reason))
        return body

    def words(self) -> dict[str, str]:
        """What the version says: its text, why it is written, what it rests on."""
        return {name: self.cleaned_data[name] for name in ("body", "note", "source")}

    def tried_on(self) -> Clause | None:
        return self.clauses.get(self.cleaned_data["clause"])


class EntryForm(TextForm):
    """A version with its place: for those who keep the library."""

    title = forms.CharField(
        label=_("Title of the text"),
        max_length=120,
        help_text=_("The heading of the passage in the document."),
    )
    document = forms.ChoiceField(label=_("Document"), choices=KitDocument.choices)
    after = forms.ChoiceField(
        label=_("Comes after"), required=False, help_text=_("A passage of the same document.")
    )
    modalities = forms.MultipleChoiceField(
        label=_("Modalities"),
        required=False,
        choices=Modality.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=EVERY,
    )
    regimes = forms.MultipleChoiceField(
        label=_("Legal regimes"),
        required=False,
        choices=Regime.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=EVERY,
    )
    ccags = forms.MultipleChoiceField(
        label=_("General conditions"),
        required=False,
        choices=Ccag.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=EVERY,
    )

    field_order = ("title", "document", "after", "modalities", "regimes", "ccags")

    def __init__(self, *args: Any, texts: Sequence[LibraryText], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.texts = {str(text.pk): text for text in texts}
        self.fields["after"].choices = [  # type: ignore[attr-defined]
            ("", _("Nothing: first of its document")),
            *(
                (KitDocument(document).label, [(str(text.pk), text.title) for text in group])
                for document, group in groupby(texts, key=lambda text: text.document)
            ),
        ]

    def placing(self) -> Placing:
        data = self.cleaned_data
        return Placing(
            title=data["title"],
            document=KitDocument(data["document"]),
            after=self.texts.get(data["after"]),
            modalities=frozenset(map(Modality, data["modalities"])),
            regimes=frozenset(map(Regime, data["regimes"])),
            ccags=frozenset(map(Ccag, data["ccags"])),
        )


def entry_values(version: TextVersion, texts: Sequence[LibraryText]) -> dict[str, Any]:
    """The place of a version as the form first shows it; `texts` are the others, in their order."""
    before = [text for text in texts if text.document == version.document and text.rank < version.rank]
    return {
        "title": version.title,
        "document": version.document,
        "after": str(before[-1].pk) if before else "",
        "modalities": version.modalities.split(),
        "regimes": version.regimes.split(),
        "ccags": version.ccags.split(),
    }
