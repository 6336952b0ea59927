"""An official in a browser is told what to press, never a command or an option of a terminal."""

import ast
import re
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

from results.office.web.browser_words import BROWSER_WORDS
from tests.results.office.test_office_pages import House, house
from timing.language import LANGUAGES, Text, _, wording

__all__ = ["house"]
ROOT = Path(__file__).parents[3]
ROOMS = ("bibs/drawing", "bibs/printing", "bibs/roster", "results/office", "results/view", "timing/race", "timing/stations/*list.py",
         "timing/stations/station_*.py", "results/certificates/edition_certificates.py")  # fmt: skip
NAMES_COMMAND = re.compile(r"marathon [a-z]|(?<![\w-])--[a-z]|`(rule|firm|people|bibs) [a-z]|race\.toml|FILE\b")
NEVER_SAID_THERE = {
    "--marks goes with --output shop only",  # the page sends marks with no other pages
    "!! PRINTING WITHOUT PROOF (--no-proof): a wrong QR or name goes unseen; run `marathon bibs proof FILE` !!",  # it always proves
    "--map {pair!r} is no `HEADING=COLUMN`; the columns are {columns}, and - for none",  # the page offers the columns
    "nobody to ask, --preview only shows it",
    "recorded at position {pos}; `marathon rule undo {pos} --why REASON` takes it back",
    "reports of missing times (`marathon board inbox`)",  # they are items of the list
    "--at {text} is no time; write 23:49:04 or '2026-09-03 23:49:04'",
}
"""Texts of functions that the office shares with the command line, which only that can bring about."""


@cache
def said_in(file: Path) -> set[str]:
    """The texts that a file says and that name a command or an option."""
    calls = [one for one in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(one, ast.Call)]
    texts = [one.args[0] for one in calls if isinstance(one.func, ast.Name) and one.func.id in ("_", "ngettext")]
    said = {one.value for one in texts if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    return {one for one in said if NAMES_COMMAND.search(one)}


def test_whatever_a_page_of_the_office_may_say_has_words_for_a_browser() -> None:
    files = [file for room in ROOMS for file in ROOT.glob(f"{room}/**/*.py" if "." not in room else room)]
    said = {text for file in files if not re.search("commands?", file.name) for text in said_in(file)}
    assert said - BROWSER_WORDS.keys() == NEVER_SAID_THERE
    everywhere = {text for file in ROOT.glob("*/**/*.py") if ".venv" not in file.parts for text in said_in(file)}
    assert BROWSER_WORDS.keys() <= everywhere | {text for text in BROWSER_WORDS if "how}" in text}


@pytest.mark.parametrize("text", BROWSER_WORDS)
def test_the_other_words_name_no_command_and_use_what_the_first_are_given(text: str) -> None:
    other = BROWSER_WORDS[text]
    blanks = [{one[1] for one in Formatter().parse(said) if one[1]} for said in (text, other.msgid)]
    assert blanks[1] <= blanks[0] and other.msgid not in BROWSER_WORDS
    bare = Text(other.msgid, plural=other.plural)
    assert not any(NAMES_COMMAND.search(bare.to(language)) for language in LANGUAGES)


def test_the_page_says_what_to_press_and_the_terminal_the_command(house: House) -> None:
    refused = house.somebody("director").sends("/office/people/e00417", form="undo", pos="99999", why="x")
    assert "marathon" not in refused.text.partition("<main")[2] and "유효하지 않은 판정" in refused.text
    text = _("position {position} is no ruling in force; see `marathon rule list`", position=7)
    assert "marathon rule list" in text.to("en")
    with wording(BROWSER_WORDS):
        assert "7" not in text.to("en") and "look at the page again" in text.to("en")
    assert "marathon rule list" in text.to("en")
