"""The papers' commands, and a made-up race in which they can be typed: people 1001 to 1010, two spares, two stations, a gun."""

import re
import shlex
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import click

from marathon import cli
from scanners.outbox import Outbox
from tests.builders import GUN, Station, after_gun, scan
from tests.clock_and_chance import seeded_bits
from tests.rosters import xlsx_file
from tests.terminal import marathon
from timing.commands.station_commands import StationGroup
from timing.folder import open_race
from timing.race.codes import new_code
from timing.race.events import (
    BibAssigned,
    Scanned,
    SpareDrawn,
    StationClosed,
    StationOpened,
    WaveStarted,
)

ROOT: Final = Path(__file__).parents[1]
PAPERS: Final = [*sorted(ROOT.glob("README*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
BIBS: Final = range(1001, 1011)
SPARES: Final = (9001, 9002)
FIRMS: Final = ("한빛테크", "가람전자")
NAMES: Final = ["김하늘", "이바다", "박노을", "최가람", "정누리", "강한별", "조은솔", "윤다온", "장새봄", "임그루"]
LOGO: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9" fill="#0B4F8A"/></svg>'
)
OF_A_FILE: Final = "3f2a9c1b"  # how the papers' outbox begins


def fenced(paper: Path) -> list[str]:
    """The lines of a paper's shell blocks that call `marathon`, in order."""
    blocks = re.findall(r"```sh\n(.*?)```", paper.read_text(encoding="utf-8"), re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    return [line for line in lines if re.match(r"(MARATHON_\w+=\S+ )?marathon ", line)]


def inline(paper: Path) -> list[str]:
    """The commands that stand within a paper's sentences and tables."""
    prose = re.sub(r"```.*?```", "", paper.read_text(encoding="utf-8"), flags=re.DOTALL)
    return [found for found in re.findall(r"`([^`]*)`", prose) if found.startswith("marathon ")]


def words(line: str) -> Iterator[list[str]]:
    """The words of each command in a line, without what stands before and behind it."""
    for part in line.split(" && "):
        found = shlex.split(re.sub(r"\s# .*", "", part))
        while found and re.match(r"MARATHON_\w+=", found[0]):
            found.pop(0)
        yield found


def leaf(arguments: list[str]) -> tuple[click.Command, list[str]]:
    """The innermost command that the words name, and what is left for it.

    Raises:
        UsageError: a word is no command where one must stand.
    """
    command: click.Command = cli
    while isinstance(command, click.Group) and arguments and not arguments[0].startswith("-"):
        if isinstance(command, StationGroup) and arguments[0] not in command.commands:
            arguments = ["add", *arguments]
        _, found, arguments = command.resolve_command(click.Context(command), arguments)
        assert found
        command = found
    return command, arguments


def options(command: click.Command) -> set[str]:
    """Every spelling of a command's options."""
    return {name for one in command.params for name in (*one.opts, *one.secondary_opts)} | {"--help"}


def race_of_the_papers(root: Path) -> None:
    """A race folder with everybody entered and seen, and beside it the files that the papers name."""
    assert marathon("init", root, "--name", "연습 마라톤", "--date", "2026-09-03") == 0
    files_of_the_papers(root)
    assert marathon("import", root / "명단.xlsx", "--race", root) == 0
    assert marathon("bibs", "--no-proof", "--race", root) == 0
    with open_race(root) as opened:
        codes = {
            fact.bib: fact.code for recorded in opened.log.read() if isinstance(fact := recorded.event, BibAssigned)
        }
        spares = [SpareDrawn(bib, new_code(seeded_bits(bib))) for bib in SPARES]
        opened.log.record([*spares, WaveStarted("1", GUN)])
        start, finish = Station("start-1", "start"), Station("finish-1", lineage=OF_A_FILE.ljust(32, "0"))
        start.says(*(scan(codes[bib], f"0:{at + 5}") for at, bib in enumerate(BIBS[:-1])))
        finish.says(*(scan(codes[bib], f"21:4{at}") for at, bib in enumerate(BIBS[:4])))
        finish.says(Scanned("tap", "", after_gun("24:00"), after_gun("24:00")))
        for station in (start, finish):
            opened.log.receive(station.says(StationClosed(after_gun("3:00:00"))).batch())


def files_of_the_papers(folder: Path) -> None:
    """A roster, a logo, a station's outbox, files of another race, and certificates of a server."""
    people = [
        [FIRMS[at % 2], name, "개발팀", "여" if at % 2 else "남", "30대", bib, 1 if bib < BIBS[-1] else 2]
        for at, (bib, name) in enumerate(zip(BIBS, NAMES, strict=True))
    ]
    xlsx_file(folder / "명단.xlsx", ["소속", "성명", "팀", "성별", "부문", "배번", "조"], *people)
    for name, text in {
        "hanbit.svg": LOGO,
        "fullchain.pem": "",
        "privkey.pem": "",
        "entries.csv": "bib,sex,category,company,team\n1,F,30대,한빛테크,\n",
        "reads.csv": "point,bib,t_ms\nstart,1,1000\nfinish,1,1200000\n",
        "rulings.csv": "ruling,bibs,value,reason\nstart_offset,1,2000,조 편성\n",
    }.items():
        (folder / name).write_text(text, encoding="utf-8")
    with closing(Outbox(folder / "finish-1.db", seeded_bits(2))) as outbox:
        outbox.keep(StationOpened("finish-1", "finish", after_gun("-30:00")))
        outbox.keep(scan("?" + "0" * 16, "26:00"))
