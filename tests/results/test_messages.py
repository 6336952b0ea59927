"""Every word in both languages, none missing, none left over."""

import ast
import re
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

import results
from results.messages import LANGUAGES, MESSAGES, both, message
from results.ranking.rows import Flag, Status
from timing.race.passings import Reason, Source, StrayReason
from timing.race.rules import Basis, GroupRule, Ties, TieStep

ROOM = Path(results.__file__).parent
TEMPLATES = sorted(ROOM.rglob("templates/*.html"))
FAMILIES = {
    "reason_": {str(reason) for reason in Reason},
    "stray_": {str(reason) for reason in StrayReason},
    "flag_": {str(flag) for flag in Flag},
    "source_": set(get_args(Source)),
    "basis_": set(get_args(Basis)),
    "ties_": set(get_args(Ties)),
    "tie_": set(get_args(TieStep)),
    "combine_": {str(way) for way in get_args(get_type_hints(GroupRule)["combine"])},
    "summed_": {str(way) for way in get_args(get_type_hints(GroupRule)["by"])},
}
"""Keys that are put together from a word of the trade."""


def in_templates() -> set[str]:
    told = r"\b(?:t|both)\('(\w+)'\)|\bwords\.(\w+)"
    texts = (file.read_text(encoding="utf-8") for file in TEMPLATES)
    return {key for text in texts for found in re.findall(told, text) for key in found if key}


def in_modules() -> set[str]:
    """Every text in the room's modules; the table's columns may bear a sign for their alignment."""
    modules = (file for file in ROOM.rglob("*.py") if file.name != "messages.py")
    trees = (ast.walk(ast.parse(file.read_text(encoding="utf-8"))) for file in modules)
    return {
        node.value.lstrip(">")
        for tree in trees
        for node in tree
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


@pytest.mark.parametrize("key", MESSAGES)
def test_a_message_is_there_in_korean_and_in_english(key: str) -> None:
    korean, english = MESSAGES[key]
    if key == "place_suffix":  # 3위, but 3
        assert korean and english == ""
    elif key == "language":  # the link to the other language is in that language
        assert (korean, english) == ("English", "한국어")
    else:
        assert any("가" <= letter <= "힣" for letter in korean)
        assert english.isascii() and english.strip()


@pytest.mark.parametrize(("family", "words"), FAMILIES.items())
def test_every_word_of_the_trade_has_its_message(family: str, words: set[str]) -> None:
    assert words
    assert {key.removeprefix(family) for key in MESSAGES if key.startswith(family)} == words


@pytest.mark.parametrize("status", Status)
def test_every_status_has_a_message(status: Status) -> None:
    assert [message(status, language) for language in LANGUAGES] == list(MESSAGES[status])


def test_the_templates_ask_for_no_unknown_message() -> None:
    assert in_templates() <= set(MESSAGES)
    assert in_templates()


def test_the_templates_put_together_only_known_families() -> None:
    texts = "".join(file.read_text(encoding="utf-8") for file in TEMPLATES)
    assert set(re.findall(r"\bt\('(\w+)' \+", texts)) <= set(FAMILIES)


def test_no_message_is_left_over() -> None:
    plain = {key for key in MESSAGES if not key.startswith(tuple(FAMILIES))}
    assert plain - in_templates() - in_modules() == set()


def test_the_terminal_says_both() -> None:
    assert both("finished") == "완주 / Finished"
