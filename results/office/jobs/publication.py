"""Publishing results: what is still open, editions, hidden results, and what changed between two editions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from results.board.edition_archive import published_results, results_now, results_of
from results.ranking.difference import Results
from results.ranking.rows import Row, Status
from results.ranking.standings import standings
from results.view.editions import State, canonical, digest, next_edition, why_not_official
from timing.errors import RaceError
from timing.folder import OpenRace, checkpoints_of
from timing.language import Text, _, ngettext
from timing.log import Moved
from timing.people.office_seats import Official
from timing.race.events import EditionPublished, ResultsHidden
from timing.race.fold import Race
from timing.race.instants import MINUTE, Instant, dated, wall
from timing.race.passings import UnmatchedReason
from timing.replacing import must_write
from timing.stations.list import holding_back
from timing.stations.registry import lines_now

SHOWN = 20
"""Of people who are named one by one."""


@dataclass(frozen=True, slots=True)
class OpenItems:
    """What is open before results can be official."""

    protests_until: Instant | None
    """The end of the protest window, while it is open."""
    holding: Sequence[str]
    """The stations that may still hold scans."""
    people: Sequence[tuple[Text, Sequence[Row]]]
    """Who has no final status: what is open of them, and their rows."""
    taps: int
    """How many taps have no bib."""


@dataclass(frozen=True, slots=True)
class OpenAnswers:
    """What the director says to the open items: stations not waited for, and whether the protest window ends now."""

    despite: Sequence[str] = ()
    early: bool = False


class Outdated(RaceError):
    """The results, or the editions, are no longer those that somebody looked at before publishing."""


def open_items(opened: OpenRace, race: Race) -> OpenItems:
    """What is open now; clocks that jumped are a ruling's to settle, and are not among it."""
    ranked, until = standings(race), protests_until(race)
    open_rows: list[tuple[Text, Sequence[Row]]] = [
        (_("still on the course"), [row for row in ranked.others if row.status is Status.STARTED]),
        (_("never seen"), [row for row in ranked.others if row.status is Status.REGISTERED]),
        (_("held"), [row for row in ranked.others if row.held]),
    ]
    return OpenItems(
        until if until is not None and until > opened.clock.now() else None,
        holding_back(race, lines_now(opened, race)),
        [(text, rows) for text, rows in open_rows if rows],
        sum(reason is UnmatchedReason.UNNAMED_TAP for _scan, reason in race.open_items()),
    )


def protests_until(race: Race) -> Instant | None:
    """The end of the last provisional edition's protest window."""
    return next((one.protest_until for one in reversed(race.editions) if one.state == "provisional"), None)


def open_lines(opened: OpenRace, items: OpenItems) -> Iterator[Text]:
    """The people and taps that are open, a line each."""
    names = opened.directory.names()
    for text, rows in items.people:
        people = ", ".join(f"{row.entrant.bib} {names.people.get(row.entrant.id, '')}".strip() for row in rows[:SHOWN])
        yield ngettext(
            "{text}: {n} person: {people}{more}",
            "{text}: {n} people: {people}{more}",
            len(rows),
            text=text,
            people=people,
            more=f" … +{len(rows) - SHOWN}" if len(rows) > SHOWN else "",
        )
    if items.taps:
        yield _("taps without a bib: {taps}", taps=items.taps)


def refuse_unready(opened: OpenRace, race: Race, items: OpenItems, answers: OpenAnswers) -> None:
    """Refuse what waits for a provisional edition, the end of protests, a ruling about a clock, or a station.

    Raises:
        RaceError: what stands against making the results official.
    """
    now = opened.clock.now()
    refused = why_not_official(
        race, now, items.holding, answers.despite, answers.early, lambda at: dated(at, now, opened.zone)
    )
    if refused:
        raise RaceError(refused)


def refuse_unsettled(opened: OpenRace, items: OpenItems, why: str) -> None:
    """Refuse people without a final status unless there is a reason to leave them so.

    Raises:
        RaceError: there are such people, and nobody said why.
    """
    if items.people and not why:
        now = wall(opened.clock.now(), opened.zone)[:-2]
        raise RaceError(
            _(
                "rule first: `marathon rule close {now} --why REASON` makes them DNF and DNS, `marathon rule review` tells about the held; or say --why REASON to make it official as it is",
                now=now,
            ),
        )


def publish_provisional(
    opened: OpenRace, protest_minutes: int, who: Official, why: str, after: int | None = None
) -> EditionPublished:
    """Give out the results as they stand, open to protests for so many minutes.

    Raises:
        Outdated: there are not `after` editions any more.
    """
    return _publish(opened, "provisional", protest_minutes, (), who, why, after, "")


def publish_official(
    opened: OpenRace, held_back: Sequence[str], who: Official, why: str, after: int | None = None, seen: str = ""
) -> EditionPublished:
    """Give out the results as they stand, officially; `held_back` are the stations that were not waited for.

    Raises:
        Outdated: there are not `after` editions any more, or the results' digest is not the one that was `seen`.
    """
    return _publish(opened, "official", None, held_back, who, why, after, seen)


def hide_results(opened: OpenRace, hidden: bool, who: Official, why: str) -> None:
    """Hide the results on the board, or show them again.

    Raises:
        RaceError: so it is already.
    """
    if opened.fold().office.hidden == hidden:
        text = _("hidden already") if hidden else _("not hidden")
        raise RaceError(_("the results are {text}", text=text))
    opened.log.record([ResultsHidden(hidden, who.name, why, role=who.role)])


def edition_called(race: Race, number: int) -> EditionPublished:
    """The edition of this number.

    Raises:
        RaceError: there is none.
    """
    if not 0 < number <= len(race.editions):
        raise RaceError(_("there is no edition {number}", number=number))
    return race.editions[number - 1]


def compared(opened: OpenRace, race: Race, old: int | None = None, new: int | None = None) -> tuple[Results, Results]:
    """The results of two editions; by default of the last one and of now.

    Raises:
        RaceError: there is no such edition.
    """
    before = results_of(opened, edition_called(race, old or len(race.editions)))
    after = results_of(opened, edition_called(race, new)) if new else results_now(opened, race)
    return before, after


def canonical_edition(opened: OpenRace, number: int) -> tuple[EditionPublished, bytes]:
    """An edition, and its file made again from the log.

    Raises:
        RaceError: there is no such edition, or it differs from what was published.
    """
    chosen = edition_called(opened.fold(), number)
    return chosen, canonical(*published_results(opened, chosen))


def _publish(
    opened: OpenRace,
    state: State,
    protest_minutes: int | None,
    held_back: Sequence[str],
    who: Official,
    why: str,
    after: int | None,
    seen: str,
) -> EditionPublished:
    """Record the edition, save its canonical form, and sign what the log then holds."""
    until = None if protest_minutes is None else Instant(opened.clock.now() + protest_minutes * MINUTE)
    while True:
        head = opened.log.lineage_head(opened.log.desk).seq
        race = opened.fold()
        results = results_now(opened, race)
        if after not in (None, len(race.editions)) or seen not in ("", digest(*results)):
            raise Outdated(_("something has changed meanwhile; nothing was published: look again"))
        edition = replace(
            next_edition(race, state, results, until, held_back, who.name, why),
            role=who.role,
        )
        try:
            opened.log.record([edition], after=head)
            break
        except Moved:  # a ruling came between: it belongs into the edition
            continue
    _save(opened.root / "editions" / f"{edition.number:03}-{state}.jsonl", canonical(*results))
    checkpoints_of(opened).sign(opened.log, f"{state}-{edition.number}")
    return edition


def _save(file: Path, data: bytes) -> None:
    with must_write(file):
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(data)
