"""The director's desk: finds who and what is meant, shows what a ruling would change, and records it."""

import gc
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import click

from results.desk.plausible import doubts, refuse_impossible
from results.ranking.difference import Difference, supposed
from results.ranking.live import LiveStandings
from results.table import print_changes
from timing.book import Entrant
from timing.codes import Code
from timing.command_line import say
from timing.errors import RaceError, WrongUse
from timing.events import DeskFact, GunMoved
from timing.folder import OpenRace
from timing.gun import dropped
from timing.instants import Instant, dated, day_of, wall
from timing.lookup import entrant_of, firm_of, team_of
from timing.moments import moment
from timing.passings import Scan
from timing.race import Race
from timing.spares import free_spare
from timing.store.directory import Names
from timing.teams import same_teams


@dataclass(frozen=True, slots=True)
class Desk:
    """The race as it stands, with its names: what a ruling is made from."""

    opened: OpenRace
    live: LiveStandings
    names: Names

    @property
    def race(self) -> Race:
        return self.live.race

    def entrant(self, who: str) -> Entrant:
        """The entrant with this bib or id.

        Raises:
            RaceError: there is none.
        """
        return entrant_of(self.race, who)

    def spare(self, number: int) -> Code:
        """The code of a printed spare that nobody has.

        Raises:
            RaceError: it is no such spare, or somebody has it, who is named.
        """
        code = free_spare(self.race, number)
        if code is None:
            self.refuse_another_s(number)
            raise RaceError(f"{number}은(는) 인쇄한 예비 배번이 아닙니다", f"no spare bib {number} was printed")
        return code

    def refuse_another_s(self, bib: int, entrant: str = "") -> None:
        """Refuse a number that somebody but this entrant wears, or a spare that was given to somebody: who, is said.

        Raises:
            RaceError: somebody has it.
        """
        code = self.race.book.spares.get(bib)
        wearer = self.race.by_bib(bib) or (self.race.holder(code) if code else None)
        if wearer and wearer.id != entrant:
            told = f"{self.names.people.get(wearer.id, '')}({wearer.bib or wearer.id})"
            raise RaceError(f"배번 {bib}은(는) {told}의 것입니다", f"bib {bib} belongs to somebody else: {told}")

    def company(self, name: str) -> str:
        """The id of the company of this name, in any spelling, or id."""
        return self.race.book.company_now(firm_of(self.names.companies, name))

    def team(self, company: str, name: str) -> str:
        """The id of a team of this company, or of a joint one; empty for no team."""
        return team_of(self.race, self.names, company, name)

    def same_teams(self, company: str, into: str) -> list[tuple[str, str]]:
        """The teams that become one where these companies do."""
        return same_teams(self.names.own, self.race.book, company, into)

    def wave(self, name: str) -> str:
        """A wave as the race writes it."""
        return self.race.book.wave(name)

    def scan(self, reference: str) -> Scan:
        """The scan that `marathon explain` calls so: the first letters of its lineage, `#`, its number.

        Raises:
            RaceError: there is none, or more than one.
        """
        lineage, _, number = reference.partition("#")
        found = [
            scan
            for scans in self.race.scans.values()
            for scan in scans
            if number == str(scan.seq) and lineage and scan.lineage.startswith(lineage)
        ]
        if len(found) != 1:
            raise RaceError(
                f"스캔 {reference}을(를) 찾지 못했습니다. `marathon explain 배번`이 보여 주는 이름(3f2a9c1b#12)을 쓰세요",
                f"no single scan {reference}; use the name that `marathon explain BIB` shows (3f2a9c1b#12)",
            )
        return found[0]

    def station(self, name: str) -> str:
        """A station that has ever opened.

        Raises:
            RaceError: there is none of this name.
        """
        known = sorted({placed.station for places in self.race.placements.values() for placed in places})
        if name not in known:
            raise RaceError(
                f"{name} 스테이션은 없습니다. 있는 스테이션: {', '.join(known) or '없음'}",
                f"there is no station {name}; stations: {', '.join(known) or 'none'}",
            )
        return name

    def moment(self, text: str, entrant: Entrant | None = None, wave: str = "1", may_precede: bool = False) -> Instant:
        """An instant as said at the race, by the gun of the entrant's wave; some `may_precede` it.

        Raises:
            WrongUse: it cannot be read, or could be several.
        """
        wave = self.race.wave_of(entrant, self.race.scans_of(entrant)) if entrant else wave
        return moment(text, self.race.guns.get(wave), self.opened.zone, may_precede)


def at_desk(opened: OpenRace) -> Desk:
    """The desk with everything the log says so far."""
    live = LiveStandings()
    for recorded in opened.log.read():
        live.apply(recorded)
    live.standings()
    return Desk(opened, live, opened.names(live.race))


def _nothing_else(_opened: OpenRace) -> None:
    """Most rulings are facts alone."""


def decide(
    opened: OpenRace,
    ruling: Callable[[Desk], Sequence[DeskFact]],
    only_preview: bool,
    yes: bool,
    first: Callable[[OpenRace], None] = _nothing_else,
) -> Difference:
    """Show what a ruling changes, ask, and record it; with `only_preview` nothing is recorded.

    `first` writes down, before the facts, what stands beside the log: the name of somebody new.

    Raises:
        RaceError: a time that cannot be.
        Moved: somebody else recorded facts of the desk meanwhile.
        WrongUse: nobody is there to ask, and `yes` was not given.
    """
    seen = opened.log.lineage_head(opened.log.desk).seq
    desk = at_desk(opened)
    facts = ruling(desk)
    now, (then, _) = opened.clock.now(), desk.race.supposing(facts)
    refuse_impossible(then, desk.live.rules, facts, now, lambda at: dated(at, now, opened.zone))
    with _unwatched():
        results = supposed(desk.live, facts, desk.names)
    changes = print_changes(*results, desk.names, desk.race.rules.rounding)
    for at in dict.fromkeys(at for fact in facts if (at := getattr(fact, "at", None)) is not None):
        told = f"{day_of(at, opened.zone)} {wall(at, opened.zone)}"
        say(f"적는 시각: {told}", f"the instant meant: {told}")
    for fact in facts:
        if isinstance(fact, GunMoved) and (left_out := dropped(desk.race, fact.wave, fact.at)):
            korean, english = left_out.told(opened.zone)
            say(f"⚠ {korean}", english)
    for korean, english in doubts(then, results[0][0], results[1][0], facts):
        say(f"⚠ {korean}", english)
    if only_preview:
        say("아무것도 기록하지 않았습니다", "nothing was recorded")
        return changes
    if not yes:
        ask()
    first(opened)
    opened.log.record(facts, after=seen)
    _say_recorded(opened, desk.race.facts, len(facts))
    return changes


@contextmanager
def _unwatched() -> Iterator[None]:
    """A preview makes much that is gone at once; the collector need not look at all the rest of the race for it."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def ask() -> None:
    """Ask whether to record.

    Raises:
        WrongUse: there is no terminal to answer at.
        click.Abort: the answer is no.
    """
    if not sys.stdin.isatty():
        raise WrongUse("물을 사람이 없습니다. --yes나 --preview를 주세요", "nobody to ask; say --yes or --preview")
    click.confirm("기록할까요? / record it?", abort=True, err=True)


def _say_recorded(opened: OpenRace, after: int, facts: int) -> None:
    """Where the facts stand now, and how each is taken back."""
    desk = opened.log.desk
    for recorded in [fact for fact in opened.log.read(after) if fact.lineage == desk][:facts]:
        say(
            f"{recorded.pos}번에 기록했습니다. 되돌리기: marathon rule undo {recorded.pos} --why '까닭'",
            f"recorded at position {recorded.pos}; `marathon rule undo {recorded.pos} --why REASON` takes it back",
        )
