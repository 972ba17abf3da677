"""Operations are rebuilt from lots: never a lot twice, never alone, whatever the order they come in."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from relais.procurement.decp import read
from relais.procurement.decp.record import Record
from relais.procurement.plans.operations import FOUND_IN_NAME, Item, rebuild

WORKS = (
    "Restructuration du collège Jean-Moulin",
    "Construction du gymnase de Brévigny",
    "Voirie de Pontelle",
)
FORMS = (
    "{work} - lot {n} : {trade}",
    "Lot {n} : {trade} - {work}",
    "{work}: Lot n°{n} {trade}",
    "{work} / LOT 0{n}",
)
TRADES = ("peinture", "gros œuvre", "électricité", "Entretien annuel")


def lots_of(*objects: str, on: date | None = None, buyer: int = 1) -> list[Item]:
    return [Item(at, buyer, text, on) for at, text in enumerate(objects)]


items = st.builds(
    Item,
    key=st.integers(0, 10_000),
    buyer=st.integers(1, 2),
    object=st.one_of(
        st.text(max_size=60),
        st.builds(
            lambda form, work, n, trade: form.format(work=work, n=n, trade=trade),
            st.sampled_from(FORMS),
            st.sampled_from(WORKS),
            st.integers(1, 9),
            st.sampled_from(TRADES),
        ),
    ),
    on=st.none() | st.dates(date(2024, 1, 1), date(2028, 1, 1)),
    number=st.sampled_from(("", "1", "2")),
)
plans = st.lists(items, max_size=30, unique_by=lambda item: item.key)


@given(plans)
def test_a_lot_is_in_one_operation_at_most_and_never_alone(lots: list[Item]) -> None:
    groups = rebuild(lots)
    keys = [key for group in groups for key in group.keys]
    assert len(keys) == len(set(keys))
    assert set(keys) <= {lot.key for lot in lots}
    assert all(len(group.keys) > 1 for group in groups)


@given(plans)
def test_an_operation_has_one_buyer(lots: list[Item]) -> None:
    buyers = {lot.key: lot.buyer for lot in lots}
    for group in rebuild(lots):
        assert {buyers[key] for key in group.keys} == {group.buyer}


@given(plans, st.randoms())
def test_the_order_of_lots_changes_nothing(lots: list[Item], random: object) -> None:
    shuffled = list(lots)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert rebuild(shuffled) == rebuild(lots)


def test_lots_are_found_before_and_after_the_name_of_the_work() -> None:
    groups = rebuild(
        lots_of(
            "Restructuration du collège Jean-Moulin - lot 3 : peinture",
            "Lot 04 : électricité - Restructuration du collège Jean-Moulin",
            "Restructuration du collège Jean-Moulin: Lot n°5 gros œuvre",
            "Fourniture de papier",
        )
    )
    assert [(group.name, group.keys) for group in groups] == [
        ("Restructuration du collège Jean-Moulin", (0, 1, 2))
    ]


def test_another_buyer_or_a_year_of_silence_makes_another_operation() -> None:
    first, second = (
        "Entretien des espaces verts de Pontelle - lot 1",
        "Entretien des espaces verts de Pontelle - lot 2",
    )
    day = date(2027, 1, 4)
    years = [
        Item(at, 1, text, day + timedelta(days=400 * (at // 2)))
        for at, text in enumerate((first, second) * 2)
    ]
    assert [group.keys for group in rebuild(years)] == [(0, 1), (2, 3)]
    assert rebuild([Item(1, 1, first, day), Item(2, 2, second, day)]) == []


def test_a_kind_of_contract_is_no_operation() -> None:
    assert rebuild(lots_of("Marché de travaux - lot 1 : toiture", "Marché de travaux - lot 2 : sols")) == []


def test_the_plan_s_own_word_wins() -> None:
    named = [Item(at, 1, f"Peinture {at}", named="Cité scolaire de Morville") for at in range(2)]
    assert rebuild(named)[0].name == "Cité scolaire de Morville"


def test_the_same_object_numbered_by_a_column_is_one_operation() -> None:
    same = [Item(at, 1, "Rénovation du lycée de Valclair", number=str(at)) for at in (1, 2)]
    assert [group.keys for group in rebuild(same)] == [(1, 2)]


def test_real_objects_find_their_operations(samples) -> None:
    """Of the lots published in July 2024, most come with other lots of their operation."""
    records: list[Record] = []
    for path in sorted((samples / "decp-2024").iterdir()):
        with read(path, name=path.name) as found:
            records += [record for record in found if isinstance(record, Record)]
    buyers = {record.buyer_id: at for at, record in enumerate(records)}
    lots = [
        Item(at, buyers[record.buyer_id], record.object, record.notified_on)
        for at, record in enumerate(records)
    ]
    numbered = {lot.key for lot in lots if FOUND_IN_NAME.search(lot.object)}
    groups = rebuild(lots)
    held = {key for group in groups for key in group.keys}
    assert len(numbered) > 500
    assert len(held & numbered) / len(numbered) > 0.8
    assert 70 <= len(groups) <= 120
