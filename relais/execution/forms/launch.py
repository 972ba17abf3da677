"""What people type for the kick-off: correspondents, trades, plan of hours, minutes."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from relais.clauses.enums import CorrespondentRole
from relais.core.hours_plan import Planned
from relais.core.months import Month
from relais.execution.actions.launch import Contact, Meeting
from relais.execution.queries.launch import PlanTable
from relais.kit.forms import DateField, NumberField
from relais.kit.words import month as said_month
from relais.kit.words import number
from relais.organisations.models import Membership, Organisation

TRADES = 4
MOST_TRADES = 12
"""Trades of a plan changed by hand: those of ten years of months stay within the fields a page may send."""
HUNDRED = Decimal(100)


class CorrespondentForm(forms.Form):
    """Somebody to call: chosen among the members of one's own body, or typed."""

    organisation = forms.ChoiceField(label=_("Body"))
    role = forms.ChoiceField(label=_("In charge of"), choices=CorrespondentRole.choices)
    member = forms.ChoiceField(label=_("Member of your body"), required=False)
    name = forms.CharField(label=_("Or another person: name"), required=False, max_length=120)
    email = forms.EmailField(label=_("Professional e-mail"), required=False, max_length=254)
    phone = forms.CharField(label=_("Professional telephone"), required=False, max_length=30)

    def __init__(
        self,
        *args: Any,
        bodies: Iterable[Organisation],
        members: Iterable[Membership],
        own_id: int,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.bodies = {str(body.pk): body for body in bodies}
        self.members = {str(one.user_id): one.user for one in members}
        self.own_id = own_id
        self.fields["organisation"].choices = [  # type: ignore[attr-defined]
            (key, body.name) for key, body in self.bodies.items()
        ]
        self.fields["member"].choices = [  # type: ignore[attr-defined]
            ("", "–"),
            *((key, user.full_name or user.email) for key, user in self.members.items()),
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("member") and data.get("name"):
            self.add_error("name", _("Choose a member of your body or type a person, not both."))
        if not data.get("member") and not data.get("name"):
            self.add_error("name", _("Name the correspondent."))
        if data.get("member") and data.get("organisation") and data["organisation"] != str(self.own_id):
            self.add_error("member", _("This person is of your body: choose your body above."))
        if not data.get("member") and not (data.get("email") or data.get("phone")):
            self.add_error("email", _("Give an e-mail address or a telephone number."))
        return data

    def contact(self) -> Contact:
        data = self.cleaned_data
        user = self.members.get(data["member"])
        return Contact(
            organisation=self.bodies[data["organisation"]],
            role=data["role"],
            name=(user.full_name or user.email) if user else data["name"],
            email=data["email"] or (user.email if user else ""),
            phone=data["phone"],
            user_id=user.pk if user else None,
        )


class SpreadForm(forms.Form):
    """The trades of the plan and the part of the hours of each."""

    def __init__(self, *args: Any, trade: str, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"trade_1": trade, "share_1": HUNDRED}, **kwargs})
        for rank in range(1, TRADES + 1):
            self.fields[f"trade_{rank}"] = forms.CharField(
                label=_("Trade %(rank)s") % {"rank": rank}, required=rank == 1, max_length=120
            )
            self.fields[f"share_{rank}"] = NumberField(
                label=_("Part of trade %(rank)s") % {"rank": rank},
                unit="%",
                required=rank == 1,
                min_value=0,
                max_value=100,
                max_digits=5,
                decimal_places=2,
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        names = [(data.get(f"trade_{rank}") or "").strip() for rank in range(1, TRADES + 1)]
        told = [name.casefold() for name in names if name]
        if len(set(told)) != len(told):
            self.add_error(None, _("The same trade is named twice."))
        for rank, name in enumerate(names, 1):
            share = data.get(f"share_{rank}")
            if name and share is None and f"share_{rank}" not in self.errors:
                self.add_error(f"share_{rank}", _("Give the part of this trade."))
            if share and not name and f"trade_{rank}" not in self.errors:
                self.add_error(f"trade_{rank}", _("Name the trade that this part belongs to."))
        shares = [data.get(f"share_{rank}") or Decimal(0) for rank in range(1, TRADES + 1)]
        if not self.errors and sum(shares, Decimal(0)) != HUNDRED:
            self.add_error(
                None,
                _("Parts add up to %(total)s %%: they must make 100 %%.")
                % {"total": number(sum(shares, Decimal(0)))},
            )
        return data

    def trades(self) -> dict[str, Decimal]:
        data = self.cleaned_data
        ranks = [rank for rank in range(1, TRADES + 1) if data[f"trade_{rank}"]]
        return {data[f"trade_{rank}"].strip(): data[f"share_{rank}"] for rank in ranks}


class PlanForm(forms.Form):
    """The plan as a table of hours, a field by month and trade; a last column takes a trade to add."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    added = forms.CharField(label=_("Trade to add"), required=False, max_length=120)

    def __init__(self, *args: Any, table: PlanTable, **kwargs: Any) -> None:
        known: dict[str, Any] = {"version": table.plan.version, "added": ""}
        self.room = len(table.trades) < MOST_TRADES
        for row in table.rows:
            for rank, hours in enumerate(row.hours):
                known[_name(Month.of(row.month), rank)] = hours
            known[_name(Month.of(row.month), len(table.trades))] = ""
        super().__init__(*args, **{"initial": known, **kwargs})
        self.table = table
        columns = [*table.trades, _("trade to add")] if self.room else list(table.trades)
        if not self.room:
            del self.fields["added"]
        for row in table.rows:
            month = Month.of(row.month)
            for rank, trade in enumerate(columns):
                self.fields[_name(month, rank)] = NumberField(
                    label=f"{said_month(row.month)}, {trade}",
                    required=False,
                    min_value=0,
                    max_digits=12,
                    decimal_places=2,
                )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        name, rank = data.get("added") or "", len(self.table.trades)
        if name.casefold() in {trade.casefold() for trade in self.table.trades}:
            self.add_error("added", _("This trade is in the plan already: type its hours in its column."))
        hours = any(data.get(_name(Month.of(row.month), rank)) for row in self.table.rows)
        if hours and not name and "added" not in self.errors:
            self.add_error("added", _("Name the trade that these hours belong to."))
        return data

    @property
    def faulty(self) -> list[tuple[forms.BoundField, Any]]:
        """The fields in error, for the summary."""
        return [(field, field.errors) for field in self if field.errors]

    def grid(self) -> list[dict[str, Any]]:
        """The fields as the page lays them out: a row by month."""
        return [
            {
                "month": row.month,
                "cells": [
                    self[_name(Month.of(row.month), rank)]
                    for rank in range(len(self.table.trades) + self.room)
                ],
                "total": row.total,
            }
            for row in self.table.rows
        ]

    def lines(self) -> list[Planned]:
        """The plan typed; an empty cell plans nothing."""
        data = self.cleaned_data
        added = data.get("added")
        return [
            Planned(Month.of(row.month), trade, data[_name(Month.of(row.month), rank)] or Decimal(0))
            for row in self.table.rows
            for rank, trade in enumerate([*self.table.trades, added] if added else self.table.trades)
        ]


def _name(month: Month, rank: int) -> str:
    return f"h_{month.year:04d}_{month.number:02d}_{rank}"


class MinutesForm(forms.Form):
    """The minutes of the kick-off."""

    held_on = DateField(label=_("Day of the meeting"))
    attendees = forms.CharField(
        label=_("People present"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Names and bodies, as professionals; never a person in insertion."),
    )
    decisions = forms.CharField(
        label=_("Decisions"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Posts, ways to perform, rhythm of the statements, who does what."),
    )
    next_steps = forms.CharField(
        label=_("Next steps"), required=False, max_length=3000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def meeting(self) -> Meeting:
        return Meeting(**self.cleaned_data)
