"""What the director should look at: doubtful results, missing starts, close finishes, stray scans, who is still out. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from results.office.review.close_lines import close_words
from results.office.review.plausibility import long_rows, short_rows
from results.office.review.review_lines import cut_off, jumped_films, without_line
from results.office.review.starts import finish_words, guns_after_starts, held_words
from results.office.review.unread_lines import completeness_lines
from results.ranking.close_results import close_results
from results.ranking.rows import Flag, Row, Status
from results.ranking.standings import Standings
from results.view.evidence import nobody_s
from results.view.words import FLAGS
from timing.language import _, listed
from timing.race.admission import set_aside_words
from timing.race.fold import Race, jump_words
from timing.race.instants import SECOND, Instant
from timing.race.known_names import Names
from timing.race.passings import Scan, UnmatchedReason

MINOR = (
    Flag.NO_COMPANY,
    Flag.NO_SEX,
    Flag.NO_CATEGORY,
    Flag.NO_BIB,
    Flag.BY_HAND,
    Flag.BY_MARK,
    Flag.ADJUSTED,
    Flag.START_NOT_SEEN,
    Flag.START_NOT_COUNTED,
)
"""Told as a count; the others one by one."""
TOO_SHORT = _("too short: below the rules' least, or far ahead of everybody")
WALL_SET = _("somebody set the server's wall clock; results go by the race's time and did not move")
TOO_LONG = _("too long: many times what the others took")
BIBS_SHOWN = 15
EACH_SHOWN = 20
"""Of those who need a word each; beyond, the count tells that there are more."""


@dataclass(frozen=True, slots=True)
class ReviewFinding:
    """One thing to look at, and the bibs it is about."""

    text: str
    bibs: tuple[int | str | None, ...] = ()
    grave: bool = False
    """Shown in red: something of the log itself counts for nothing."""

    @property
    def line(self) -> str:
        """The finding with its first bibs behind it."""
        if not self.bibs:
            return self.text
        more = f" … +{len(self.bibs) - BIBS_SHOWN}" if len(self.bibs) > BIBS_SHOWN else ""
        return f"{self.text}  [{' '.join(str(bib or '–') for bib in self.bibs[:BIBS_SHOWN])}{more}]"


def review(
    race: Race, standings: Standings, names: Names, time_of_day: Callable[[Instant], str]
) -> Iterator[ReviewFinding]:
    """Everything worth a look, the gravest first; `time_of_day` writes an instant in the race's zone."""
    yield from _set_aside(race)
    yield from _clock_jumps(race, time_of_day)
    if standings.coverage is not None and standings.start_alarm:
        yield ReviewFinding(f"{_('too few finishers have a start of their own')}: {standings.coverage:.1%}")
    yield from _starts(race, standings, names, time_of_day)
    flagged = defaultdict[Flag, list[Row]](list)
    for row in standings.rows:
        for flag in row.flags:
            flagged[flag].append(row)
    for flag in Flag:
        rows = flagged[flag]
        if rows and not (flag in MINOR and len(rows) == len(standings.rows)):
            yield ReviewFinding(f"{FLAGS[flag]}: {len(rows)}", _bibs(rows))
    for text, rows in ((TOO_SHORT, short_rows(standings)), (TOO_LONG, long_rows(standings))):
        if rows:
            yield ReviewFinding(f"{text}: {len(rows)}", _bibs(rows))
    for one in close_results(standings):
        yield ReviewFinding(close_words(one, standings.rules.uncertainty_ms, names, time_of_day), _bibs(one.rows))
    nameless = sorted({row.entrant.company for row in standings.rows if not names.companies.get(row.entrant.company)})
    if nameless:
        yield ReviewFinding(f"{_('companies without a name')}: {', '.join(company or '–' for company in nameless)}")
    yield from _open_items(race, time_of_day)
    yield from (ReviewFinding(line) for line in completeness_lines(race, time_of_day))
    yield from _stations(race, time_of_day)
    yield from _on_course(standings, time_of_day)


def _stations(race: Race, time_of_day: Callable[[Instant], str]) -> Iterator[ReviewFinding]:
    """Stations that may hold scans back, were cut off, time by sight, or whose film's clock jumped."""
    if stations := race.stations_at_work():
        yield ReviewFinding(f"{_('stations that have not closed')}: {', '.join(stations)}")
    for station, last, again in cut_off(race):
        cut = _(
            "cut off (power, or killed) and opened again: whoever crossed meanwhile stands in no list; look at its film"
        )
        yield ReviewFinding(f"{station} {time_of_day(last) if last else '?'} ~ {time_of_day(again)}: {cut}")
    if lines := without_line(race):
        yield ReviewFinding(
            f"{_('stations without a line (set it by --calibrate or --line-px) and their scans: times are moments of sight, not crossings')}: {', '.join(f'{station} ({scans})' for station, scans in lines)}"
        )
    for station, wave, at in race.guns_heard():
        heard = _("the gun, as a station noticed it (it starts nobody; marathon gun does)")
        told = " ".join(filter(None, (station, time_of_day(at), wave)))
        yield ReviewFinding(f"{heard}: {told}")
    for station, jumps in jumped_films(race):
        told = ", ".join(f"{time_of_day(jump.at)} ({jump.shift / SECOND:+.1f} s, #{jump.frame})" for jump in jumps)
        yield ReviewFinding(f"{_('the clock of the film or stream jumped at frame #')}: {station} {told}")


def _open_items(race: Race, time_of_day: Callable[[Instant], str]) -> Iterator[ReviewFinding]:
    """Taps and scans that are nobody's, each with its name for `rule name` and `rule void`; taps first."""
    by_reason: dict[UnmatchedReason, list[Scan]] = {}
    for scan, reason in race.open_items():
        by_reason.setdefault(reason, []).append(scan)
    if by_reason:
        total = sum(map(len, by_reason.values()))
        yield ReviewFinding(f"{_('scans that count for nobody')}: {total}  {_('→ marathon rule name / rule void')}")
    for scans in by_reason.values():
        scans.sort(key=lambda scan: scan.order)
        for scan in scans[:EACH_SHOWN]:
            where = " ".join(filter(None, (time_of_day(scan.instant), scan.station)))
            yield ReviewFinding(f"  {where} {scan.lineage[:8]}#{scan.seq}: {nobody_s(race, scan)}")
        if len(scans) > EACH_SHOWN:
            yield ReviewFinding(f"  … +{len(scans) - EACH_SHOWN} {_('→ marathon rule strays')}")


def _starts(
    race: Race, standings: Standings, names: Names, time_of_day: Callable[[Instant], str]
) -> Iterator[ReviewFinding]:
    """Guns that came after starts, then everybody who is held for a start that does not count."""
    for text, rows in guns_after_starts(race, standings, time_of_day):
        yield ReviewFinding(f"{text}", _bibs(rows))
    waiting = [row for row in standings.others if row.held or Flag.FINISH_NOT_COUNTED in row.flags]
    for row in waiting[:EACH_SHOWN]:
        said = [held_words(row, race, standings.rules, time_of_day)] if row.judged.start is None else []
        said += [] if row.held else [finish_words(row, race, time_of_day)]
        text = listed((one for one in reversed(said) if one.msgid), "; ")
        name = names.people.get(row.entrant.id, "")
        yield ReviewFinding(f"{_('Bib')} {row.entrant.bib} {name}: {text}")


def _set_aside(race: Race) -> Iterator[ReviewFinding]:
    """What stands in the log and counts for nothing."""
    if waiting := race.set_aside():
        yield ReviewFinding(str(set_aside_words(len(waiting))), grave=True)
        yield from (ReviewFinding(str(one), grave=True) for one in waiting)


def _clock_jumps(race: Race, time_of_day: Callable[[Instant], str]) -> Iterator[ReviewFinding]:
    """Whose clock jumped nobody has said; then where the server's wall clock was set, which moved nothing."""
    if waiting := race.open_jumps():
        yield ReviewFinding(str(jump_words(waiting)), grave=True)
    for one in waiting:
        jump, where = one.jump, f"{one.lineage[:8]}#{one.jump.seq}"
        yield ReviewFinding(
            f"  {one.station} {time_of_day(jump.before)}~{time_of_day(jump.after)} {jump.by / SECOND:+.3f} s ±{jump.bound / SECOND:.3f} s "
            f"{where} {_('→ marathon rule jump {which} server|station', which=where)}",
            grave=True,
        )
    for at, by in race.wall_steps():
        yield ReviewFinding(f"{WALL_SET}: {time_of_day(at)} {by / SECOND:+.1f} s")


def _on_course(standings: Standings, time_of_day: Callable[[Instant], str]) -> Iterator[ReviewFinding]:
    """Who started and has not come in, the longest out first."""
    out = sorted(
        ((_set_out(row), row) for row in standings.others if row.status is Status.STARTED), key=lambda one: one[0]
    )
    if out:
        since = time_of_day(out[0][0])
        yield ReviewFinding(f"{_('On course')}: {len(out)} ({_('Start')} {since}~)", _bibs([row for _, row in out]))


def _set_out(row: Row) -> Instant:
    """Since when somebody is known to be out: the start, else what was seen at the start, else on the course."""
    seen = [scan.instant for scan, _ in row.judged.uncounted_starts] + [split.at for split in row.judged.splits]
    return row.judged.start.at if row.judged.start else min(seen)


def _bibs(rows: Sequence[Row]) -> tuple[int | None, ...]:
    return tuple(row.entrant.bib for row in rows)
