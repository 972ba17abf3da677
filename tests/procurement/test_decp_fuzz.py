"""Whatever the bytes, the reader answers by records or by its own error."""

import io

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relais.procurement.decp import ReadError, Record, Rejection, read
from tests.procurement.decp_examples import concession, contract, file_2022
from tests.procurement.test_decp_files import ROW, XML, table, workbook

SOUND = [
    file_2022(contract(id="A"), contract(id="B"), concessions=(concession(),)),
    XML.encode(),
    table(ROW, ROW.replace("2024-7", "2024-8")),
    workbook([["id", "acheteur_id"], ["1", "2"]]),
]


def answers(content: bytes) -> bool:
    """True when the file was read or refused in words; any other error goes through."""
    try:
        with read(io.BytesIO(content), name="f") as reading:
            return all(isinstance(item, Record | Rejection) for item in reading)
    except ReadError as error:
        return bool(str(error.words))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes(content: bytes) -> None:
    assert answers(content)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([b'{"marches":[', b"<marches><marche>", b"id;acheteur_id\n", b"PK\x03\x04", b"\x1f\x8b"]),
    st.binary(max_size=200),
)
def test_a_sound_start_and_any_bytes(start: bytes, rest: bytes) -> None:
    assert answers(start + rest)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(SOUND), st.data())
def test_a_cut_file_gives_no_more_than_the_whole(content: bytes, data: st.DataObject) -> None:
    assert answers(content[: data.draw(st.integers(0, len(content)))])


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(SOUND), st.data())
def test_a_damaged_file(content: bytes, data: st.DataObject) -> None:
    damaged = bytearray(content)
    for _ in range(data.draw(st.integers(1, 6))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    assert answers(bytes(damaged))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda children: (
        st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=10), children, max_size=3)
    ),
    max_leaves=8,
)
fields = st.sampled_from(
    [*contract(), "modifications", "actesSousTraitance", "modificationsActesSousTraitance", "uid"]
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(fields, json_values, max_size=6))
def test_any_value_in_any_field(changes: dict[str, object]) -> None:
    assert answers(file_2022(contract(**changes)))
