"""The command that prints the bibs."""

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import click

from bibs.cards import dressed, looks_of, on_the_way
from bibs.numbers import assign_numbers
from bibs.packet import Decode, Eyes, ReadMarks, firms_of, refuse_unprintable, write_packet
from bibs.sheet import Occasion, draw_index
from bibs.symbol import LONGEST_V2
from timing.chance import system_bits
from timing.codes import Code, bib_url, new_code
from timing.command_line import command, race_option, say
from timing.errors import WrongUse
from timing.events import BibAssigned, MarkDrawn
from timing.folder import OpenRace, open_race
from timing.marks import draw_marks
from timing.race import Race

MarksOf = Callable[[Mapping[str, Code]], ReadMarks]
"""Makes a reader of the marks of one race, given whose bib bears which."""


def bibs_command(decode: Decode, marks_of: MarksOf) -> click.Command:
    """The command that prints, with the station's own decoder and reader of marks to prove what it printed."""

    @command("bibs", examples="marathon bibs\nmarathon bibs --race gvalley")
    @race_option
    def bibs(race: Path | None) -> None:
        """번호와 코드를 매기고 소속별 배번 PDF를 만듭니다. / Number everybody and print a PDF per firm.

        모든 쪽의 QR과 표식을 스테이션의 판독기로 다시 읽어 확인합니다. / Every page's QR and mark are read back by the station's
        own readers.
        """
        with open_race(race) as opened:
            print_bibs(opened, decode, marks_of)

    return bibs


def print_bibs(opened: OpenRace, decode: Decode, marks_of: MarksOf) -> list[Path]:
    """Number, mark, draw and prove the bibs of every firm; return the packets' folders."""
    names, cards = opened.directory.names(), opened.directory.cards()
    refuse_unprintable(names, opened.settings.name)
    looks = looks_of(cards.values(), opened.root, bib_url(opened.settings.host, new_code()))
    desk = opened.log.lineage_head(opened.log.desk)
    before = opened.fold()
    numbers = assign_numbers(before, system_bits)
    facts: list[BibAssigned | MarkDrawn] = [*numbers, *_marks(before, numbers)]
    if facts:
        opened.log.record(facts, after=desk.seq)
    race = opened.fold()
    firms = dressed(firms_of(race, names), cards, looks)
    if not firms:
        raise WrongUse(
            "참가자가 없습니다. 먼저 `marathon import 명단`", "no entrants yet; first `marathon import FILE`"
        )
    _advise(opened.settings.host)
    occasion = Occasion(opened.settings.name, opened.settings.host, race.course_m)
    root = opened.root / "bibs"
    with click.progressbar(firms, label="배번 / bibs", file=sys.stderr) as shown:
        eyes = Eyes(decode, marks_of(race.book.marks))
        folders = [write_packet(root, firm, occasion, eyes) for firm in shown]
    draw_index(root / "index.pdf", on_the_way(firms, cards), occasion)
    people = sum(len(firm.bibs) for firm in firms)
    say(f"{len(firms)}개 소속 {people}명의 배번: {root}", f"bibs of {people} people in {len(firms)} firms: {root}")
    return folders


def _marks(race: Race, numbers: Sequence[BibAssigned]) -> list[MarkDrawn]:
    """A mark for every code that will be printed and has none."""
    codes = [entrant.code for entrant in race.entrants.values() if entrant.code]
    codes += [Code(fact.code) for fact in numbers]
    marked = set(race.book.marks.values())
    return draw_marks([code for code in codes if code not in marked], race.book.marks, system_bits)


def _advise(host: str) -> None:
    length = len(bib_url(host, new_code()))
    if length > LONGEST_V2:
        say(
            f"QR 글이 {length}자입니다. {LONGEST_V2}자까지면 더 멀리서 읽힙니다(race.toml의 host)",
            f"the QR's text has {length} characters; with at most {LONGEST_V2} it reads from farther (host in race.toml)",
        )
    if host.upper().endswith((".TEST", ".INVALID", ".EXAMPLE")):
        say(
            f"{host}은(는) 연습용 주소라 관중의 전화로는 열리지 않습니다. 인쇄 전에 race.toml의 host를 정하세요",
            f"{host} is a practice host that no phone can open; set host in race.toml before printing",
        )
