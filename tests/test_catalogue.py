"""The Korean catalogue: every text that the sources say stands in it, and says the same."""

import re
import subprocess
import sys
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from timing.language import BOTH, _, ngettext, speaking

ROOT = Path(__file__).parents[1]
PO = ROOT / "timing" / "locale" / "ko" / "LC_MESSAGES" / "marathon.po"
SOURCES = ("marathon.py", "timing", "bibs", "scanners", "results", "server", "demo")
PLACEHOLDER = re.compile(r"(?<!\{)\{(\w+)")


def korean() -> Catalog:
    return read_po(BytesIO(PO.read_bytes()), locale="ko")


@cache
def said() -> frozenset[str]:
    """What the sources say, as `make catalogue` finds it."""
    with TemporaryDirectory() as folder:
        template = Path(folder) / "marathon.pot"
        options = ["-F", "babel.cfg", "-o", str(template)]
        command = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", *options, *SOURCES]
        subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
        return frozenset(id_of(message.id) for message in read_po(BytesIO(template.read_bytes())) if message.id)


def id_of(told: str | tuple[str, ...] | list[str]) -> str:
    return told if isinstance(told, str) else told[0]


def test_every_text_has_its_korean_and_none_is_left_over() -> None:
    catalogue = {id_of(one.id): one for one in korean() if one.id}
    assert sorted(said() - catalogue.keys()) == [], "make catalogue, then translate"
    assert sorted(catalogue.keys() - said()) == [], "make catalogue takes them out"
    assert [said for said, one in catalogue.items() if not one.string or one.fuzzy] == []


def test_the_korean_names_nothing_that_the_english_does_not() -> None:
    for one in korean():
        if one.id:
            forms = [one.string] if isinstance(one.string, str) else list(one.string or ())
            for form in forms:
                assert set(PLACEHOLDER.findall(form)) <= set(PLACEHOLDER.findall(str(one.id))), one.id


def test_no_particle_is_left_to_the_reader_or_asked_of_what_is_filled_in_later() -> None:
    """`{0}` is filled in by `str.format`, which knows no particles."""
    wrong = re.compile(r"[은을이와]\([는를가과]\)|\(으\)로|\(이\)|\{\d+:")
    assert [str(message.string) for message in korean() if wrong.search(str(message.string))] == []


def test_a_text_is_said_in_the_language_of_its_reader() -> None:
    text = _("the server {server} does not answer ({reason})", server="한빛", reason=_("no signal"))
    assert text.to("en") == "the server 한빛 does not answer (no signal)"
    assert "한빛" in text.to("ko") and "신호" in text.to("ko")
    with speaking("en"):
        assert str(text) == text.to("en")
    with speaking(BOTH):
        assert str(text) == f"{text.to('ko')} / {text.to('en')}"


@pytest.mark.parametrize(("number", "english"), [(1, "1 day"), (3, "3 days")])
def test_numbers_have_their_plural(number: int, english: str) -> None:
    assert ngettext("{n} day", "{n} days", number).to("en") == english
