"""Write notices into the register of a scheme: lots to come, versions, links to the contracts awarded."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from relais.core.clause_text import Finding, Passage, find, reserved, speaks_of_insertion
from relais.core.words import Words, gettext_noop
from relais.organisations.enums import Capacity
from relais.organisations.identifiers import free_slug
from relais.organisations.models import CapacityHeld, Organisation, Scheme
from relais.procurement.actions.buyers import Buyers
from relais.procurement.actions.places import Places
from relais.procurement.actions.storing import Tally, nature_of
from relais.procurement.decp import Rejection
from relais.procurement.enums import NoticeForm, Origin, PlaceType
from relais.procurement.models import (
    Contract,
    ImportedFile,
    Lot,
    Notice,
    NoticeBuyer,
    NoticeLot,
    NoticeVersion,
    Procedure,
)
from relais.procurement.notices import ClauseText, Form, LotRecord, NamedBuyer, NoticeFlag, NoticeRecord
from relais.territories.names import fold

FRANCE = frozenset({"", "FR", "FRA", "GP", "MQ", "GF", "RE", "YT", "GLP", "MTQ", "GUF", "REU", "MYT"})


@dataclass(frozen=True, slots=True)
class _Buyer:
    """A buyer as the import of contracts knows it."""

    buyer_id: str
    buyer_name: str
    notified_on: date | None


class NoticeStore:
    """Takes the notices of one file, each written at once: a correction must see what it corrects."""

    def __init__(
        self, scheme: Scheme, file: ImportedFile, *, at: datetime, places: Places | None = None
    ) -> None:
        self.scheme = scheme
        self.file = file
        self.at = at
        self.tally = Tally()
        self.today = timezone.localdate(at)
        self.buyers = Buyers(self.today)
        self.places = places or Places()

    def take(self, items: Iterable[Any]) -> Iterator[Rejection]:
        """Store the notices of a reading and give back those that are refused, foreign buyers among them."""
        for item in items:
            refused = item if isinstance(item, Rejection) else _foreign(item)
            if refused:
                self.tally.read += 1
                self.tally.rejected += 1
                yield refused
            else:
                self.put(item)

    def put(self, record: NoticeRecord) -> None:
        """Create, update or leave; the former version is kept."""
        self.tally.read += 1
        flags = list(record.flags)
        notice = self._known(record)
        digest = record.digest()
        if notice is None:
            notice = Notice(scheme=self.scheme, key=record.key)
            self._write(notice, record, flags, digest)
            self.tally.created += 1
        elif notice.versions.filter(digest=digest).exists():
            self.tally.unchanged += 1
        elif _is_older(record, notice):
            flags.append((NoticeFlag.NOTICE_OLDER, record.number))
            self._keep(notice, record, digest, superseded=True)
            self.tally.unchanged += 1
        else:
            notice.versions.filter(superseded_at=None).update(superseded_at=self.at)
            self._write(notice, record, flags, digest)
            self.tally.updated += 1
        self.tally.flags.update({code.value for code, _ in flags})

    def _known(self, record: NoticeRecord) -> Notice | None:
        """The notice of this key, the one it corrects, or the one that corrected it."""
        keys = {record.key, record.corrects} - {""}
        versions = NoticeVersion.objects.filter(notice__scheme=self.scheme, key__in=keys)
        known = Notice.objects.filter(Q(pk__in=versions.values("notice_id")) | Q(corrects=record.key))
        return known.filter(scheme=self.scheme).order_by("pk").first()

    def _write(
        self, notice: Notice, record: NoticeRecord, flags: list[tuple[NoticeFlag, str]], digest: str
    ) -> None:
        buyer = self._buyer(record, flags)
        texts = [text_kept(text) for text in record.texts]
        lot_texts = {id(lot): [text_kept(text) for text in lot.texts] for lot in record.lots}
        every = [*texts, *(text for several in lot_texts.values() for text in several)]
        for name, value in _values(record).items():
            setattr(notice, name, value)
        notice.buyer_id = buyer or notice.buyer_id
        notice.texts = texts
        notice.has_clause_text = any(text["insertion"] or text["findings"] for text in every)
        notice.flags = [[code.value, detail] for code, detail in flags]
        makes_lots = record.form is Form.CALL and not record.is_cancellation and notice.buyer is not None
        if makes_lots:
            notice.procedure = self._procedure(notice, record)
        notice.save()
        announced = self._announced(notice)
        self._write_lots(notice, record, lot_texts, makes_lots=makes_lots)
        self._write_buyers(notice, record)
        self._mark_cancelled(announced, record)
        self._keep(notice, record, digest)

    def _announced(self, notice: Notice) -> list[int]:
        """The lots of the register that the former version of a call announced, contracts apart."""
        linked = notice.lots.filter(lot__origin=Origin.IMPORTED, lot__contract=None)
        return list(linked.values_list("lot_id", flat=True))

    def _mark_cancelled(self, announced: list[int], record: NoticeRecord) -> None:
        """A version that cancels marks the lots announced before; a later one that does not clears them."""
        day = (record.published_on or self.today) if record.is_cancellation else None
        Lot.objects.filter(pk__in=announced).exclude(cancelled_on=day).update(cancelled_on=day)

    def _write_buyers(self, notice: Notice, record: NoticeRecord) -> None:
        """Every buyer of a joint purchase; the first leads. One buyer alone is the notice's own."""
        notice.buyers.all().delete()
        if not record.partners:
            return
        lead = NamedBuyer(record.buyer_name, record.buyer_id)
        NoticeBuyer.objects.bulk_create(
            NoticeBuyer(
                notice=notice,
                organisation_id=notice.buyer_id if rank == 1 else self._body(one, record.published_on, []),
                position=rank,
                name=one.name,
                number=one.number,
            )
            for rank, one in enumerate((lead, *record.partners), 1)
        )

    def _procedure(self, notice: Notice, record: NoticeRecord) -> Procedure:
        procedure = notice.procedure or Procedure(buyer=notice.buyer)
        procedure.title = record.title[:300] or record.number
        procedure.launched_on = record.launched_on or record.published_on
        procedure.estimated_value = record.estimated_value
        procedure.kind = record.procedure
        procedure.save()
        return procedure

    def _write_lots(
        self,
        notice: Notice,
        record: NoticeRecord,
        texts: dict[int, list[dict[str, Any]]],
        *,
        makes_lots: bool,
    ) -> None:
        former = {one.number: one for one in notice.lots.select_related("lot__contract", "contract")}
        notice.lots.all().delete()
        taken: set[str] = set()
        fresh = []
        for position, lot in enumerate(record.lots, 1):
            before = former.get(lot.number) if lot.number not in taken else None
            taken.add(lot.number)
            linked = before.lot if before else None
            if makes_lots:
                linked = self._lot_to_come(notice, record, lot, linked)
            fresh.append(
                NoticeLot(
                    notice=notice,
                    lot=linked,
                    contract=before.contract if before else None,
                    position=position,
                    **_lot_values(lot),
                    texts=texts[id(lot)],
                )
            )
        NoticeLot.objects.bulk_create(fresh)

    def _lot_to_come(self, notice: Notice, record: NoticeRecord, lot: LotRecord, known: Lot | None) -> Lot:
        """The lot of the register for a lot of a call; one that became a contract is left as it is."""
        if known is not None and getattr(known, "contract", None) is not None:
            return known
        found = known or Lot(scheme=self.scheme, buyer=notice.buyer, origin=Origin.IMPORTED)
        found.procedure = notice.procedure
        found.number = lot.number
        found.object = _object(record, lot)
        found.cpv = lot.cpv
        found.nature = lot.nature or nature_of(lot.cpv)
        found.is_concession = record.is_concession
        found.estimated_amount = lot.estimated_value
        found.duration_months = lot.duration_months
        found.launched_on = record.launched_on or record.published_on
        self._place(found, lot)
        found.save()
        return found

    def _place(self, found: Lot, lot: LotRecord) -> None:
        """A post code when there is one; otherwise the department that the European code stands for."""
        on = found.launched_on
        if lot.postcode:
            found.place_type, found.place_code = PlaceType.POST_CODE, lot.postcode
            found.commune_id, found.department_id = self.places.locate("post_code", lot.postcode, on=on)
            return
        kind, code = ("department", lot.nuts[4:]) if lot.nuts.startswith("DEP-") else ("nuts", lot.nuts)
        found.commune_id, found.department_id = self.places.locate(kind, code, on=on)
        found.place_code = found.department_id or ""
        found.place_type = PlaceType.DEPARTMENT if found.department_id else ""

    def _keep(self, notice: Notice, record: NoticeRecord, digest: str, *, superseded: bool = False) -> None:
        NoticeVersion.objects.create(
            notice=notice,
            file=self.file,
            position=record.position[:60],
            key=record.key[:120],
            number=record.number[:60],
            digest=digest,
            raw=record.raw.encode("utf-8", "replace").decode().replace("\x00", ""),
            published_on=record.published_on,
            received_at=self.at,
            superseded_at=self.at if superseded else None,
        )

    def _buyer(self, record: NoticeRecord, flags: list[tuple[NoticeFlag, str]]) -> int | None:
        """The body that buys, or that leads those that buy together."""
        return self._body(NamedBuyer(record.buyer_name, record.buyer_id), record.published_on, flags)

    def _body(
        self, named: NamedBuyer, published_on: date | None, flags: list[tuple[NoticeFlag, str]]
    ) -> int | None:
        """A body by SIRET as contracts do, otherwise by a name that only one body bears."""
        if len(named.number) == 14:
            self.buyers.resolve([_Buyer(named.number, named.name, published_on)])
            return self.buyers.ids[named.number]
        if not named.name:
            flags.append((NoticeFlag.NOTICE_NO_BUYER, ""))
            return None
        bodies = Organisation.objects.filter(search_name=fold(named.name)[:200])
        if named.number:
            known = Organisation.objects.filter(siret__startswith=named.number)
            bodies = known if known.exists() else bodies
        found = list(bodies.values_list("pk", flat=True)[:2])
        if len(found) > 1:
            flags.append((NoticeFlag.NOTICE_BUYER_AMBIGUOUS, named.name))
            return None
        flags.append((NoticeFlag.NOTICE_BUYER_BY_NAME, named.name))
        return found[0] if found else self._registered(named.name, published_on)

    def _registered(self, name: str, published_on: date | None) -> int:
        taken = set(Organisation.objects.values_list("slug", flat=True))
        body = Organisation.objects.create(slug=free_slug(name, taken), name=name[:200])
        since = min(published_on or self.today, self.today)
        CapacityHeld.objects.create(organisation=body, capacity=Capacity.BUYER, starts_on=since)
        return body.pk


def link_awards(scheme: Scheme) -> int:
    """Link the lots of award notices to their contracts, when the key is certain. Returns how many were.

    Certain: the notice gives the SIRET of the buyer and the number of the contract, and the register holds
    one contract under that key.
    """
    waiting = list(
        NoticeLot.objects.filter(
            notice__scheme=scheme, notice__form=NoticeForm.AWARD, contract=None, notice__buyer__isnull=False
        )
        .exclude(contract_number="")
        .select_related("notice")
    )
    waiting = [one for one in waiting if len(one.notice.buyer_number) == 14]
    numbers = {one.contract_number for one in waiting}
    found: dict[tuple[int, str], list[int]] = {}
    rows = Contract.objects.filter(scheme=scheme, source_id__in=numbers).values_list(
        "pk", "buyer_id", "source_id"
    )
    for pk, buyer_id, number in rows:
        found.setdefault((buyer_id, number), []).append(pk)
    linked = []
    for one in waiting:
        contracts = found.get((one.notice.buyer_id or 0, one.contract_number), [])
        if len(contracts) == 1:
            one.contract_id = contracts[0]
            linked.append(one)
    return NoticeLot.objects.bulk_update(linked, ["contract"], batch_size=500) if linked else 0


def _foreign(record: NoticeRecord) -> Rejection | None:
    if record.buyer_country in FRANCE:
        return None
    reason = Words(
        gettext_noop("The buyer is in another country (%(country)s): it has no place in this register."),
        {"country": record.buyer_country},
    )
    return Rejection(record.position, reason)


def _is_older(record: NoticeRecord, notice: Notice) -> bool:
    if record.key == notice.corrects:
        return True
    if record.key == notice.key and record.version != notice.version:
        return record.version < notice.version
    return bool(record.published_on and notice.published_on and record.published_on < notice.published_on)


def _values(record: NoticeRecord) -> dict[str, Any]:
    return {
        "corrects": record.corrects[:120],
        "number": record.number[:60],
        "shape": record.shape.value,
        "form": record.form.value,
        "form_code": record.form_code[:20],
        "version": record.version,
        "is_cancelled": record.is_cancellation,
        "published_on": record.published_on,
        "launched_on": record.launched_on,
        "buyer_name": record.buyer_name,
        "buyer_number": record.buyer_id,
        "title": record.title,
        "procedure_kind": record.procedure[:120],
        "reference": record.reference[:100],
        "is_concession": record.is_concession,
        "estimated_value": record.estimated_value,
        "is_reserved": record.is_reserved,
        "is_social": record.is_social,
    }


def _lot_values(lot: LotRecord) -> dict[str, Any]:
    return {
        "number": lot.number,
        "title": lot.title,
        "description": lot.description,
        "cpv": lot.cpv,
        "nature": lot.nature,
        "estimated_value": lot.estimated_value,
        "duration_months": lot.duration_months,
        "nuts": lot.nuts,
        "postcode": lot.postcode,
        "contract_number": lot.contract_number,
        "marks": {
            "reserved": [[mark.code, mark.source] for mark in lot.reserved],
            "social": [[mark.code, mark.source] for mark in lot.social],
        },
        "criteria": [[one.kind, one.text, one.weight] for one in lot.criteria],
    }


def _object(record: NoticeRecord, lot: LotRecord) -> str:
    """French: it is data, as contracts write it."""
    if not lot.number or not record.title or fold(record.title) in fold(lot.title):
        return lot.title or record.title
    return f"{record.title} – lot {lot.number} : {lot.title}"


def text_kept(text: ClauseText) -> dict[str, Any]:
    """A text whole with what was found in it; passages are offsets in that text."""
    return {
        "source": text.source,
        "text": text.text,
        "insertion": speaks_of_insertion(text.text),
        "findings": [_finding_kept(one) for one in find(text.text)],
        "reserved": [_passage_kept(one) for one in reserved(text.text)],
    }


def _finding_kept(one: Finding) -> dict[str, Any]:
    return {
        "kind": one.kind.value,
        "value": str(one.value),
        "per_euros": None if one.per_euros is None else str(one.per_euros),
        "lots": list(one.lots),
        "tranche": one.tranche.value if one.tranche else "",
        "tranche_number": one.tranche_number,
        "doubts": [doubt.value for doubt in one.doubts],
        **_passage_kept(one.passage),
    }


def _passage_kept(passage: Passage) -> dict[str, Any]:
    return {"start": passage.start, "end": passage.end, "quote": passage.quote}
