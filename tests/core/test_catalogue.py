"""Every sentence of the core has its French, with the same places and French typography."""

import ast
import re
from itertools import pairwise
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import relais.core

ROOM = Path(relais.core.__file__).parent
CATALOGUE = ROOM / "locale" / "fr" / "LC_MESSAGES" / "django.po"


def marked_texts():
    for source in sorted(ROOM.rglob("*.py")):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "gettext_noop":
                yield ast.literal_eval(node.args[0])


@pytest.fixture(scope="module")
def french():
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="fr", abort_invalid=True)
    return {message.id: message for message in catalogue if message.id}


def places(text):
    return sorted(re.findall(r"%\((\w+)\)s", text))


def test_the_catalogue_says_all_sentences_and_no_other(french):
    assert set(french) == set(marked_texts())


def test_each_translation_is_sure_and_fills_the_same_places(french):
    for text, message in french.items():
        assert message.string
        assert not message.fuzzy
        assert places(message.string) == places(text)


def test_french_typography_is_kept(french):
    for message in french.values():
        for before, mark in pairwise(message.string):
            if mark in ";?!":
                assert before == "\u202f", message.string
            if mark == ":":
                assert before == "\u00a0", message.string
        assert "'" not in message.string


def test_a_literal_percent_sign_is_doubled_beside_places_and_only_there(french):
    """As `Words` says: a text with params is formatted, a text without never is."""
    for text in marked_texts():
        for said in (text, french[text].string):
            literal = re.sub(r"%\(\w+\)s", "", said)
            if literal == said:
                assert "%%" not in said
            else:
                assert "%" not in literal.replace("%%", "")
