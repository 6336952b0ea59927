"""Starts that were seen and do not count, and guns that leave many of them out: what to tell the office, and what would fit. Pure."""

from collections.abc import Callable, Iterator, Mapping
from shlex import quote

from results.ranking.rows import EARLY, Row
from results.ranking.standings import Standings
from timing.language import NOTHING, Text, _
from timing.race.fold import Race
from timing.race.instants import Instant, between, clock_face, later, span
from timing.race.passings import WAITING, Point, Reason, Scan
from timing.race.rules import Rules

TimeOfDay = Callable[[Instant], str]


def held_words(row: Row, race: Race, rules: Rules, time_of_day: TimeOfDay) -> Text:
    """What was seen of somebody whose result is held, by how much it misses the own gun, and which wave it fits."""
    text, scan = seen_words(row, race, time_of_day), seen_at(row)
    if scan is None or not text.msgid:
        return NOTHING
    fits = wave_that_fits(race.guns, scan.instant, rules, _wave(row, race))
    bib = row.entrant.bib or row.entrant.id
    if fits is not None:
        return _(
            "{text}; fits wave {fits}: `marathon rule wave {bib} {fits2}`",
            text=text,
            fits=fits,
            bib=bib,
            fits2=quote(fits),
        )
    return _(
        "{text}; fits no wave: `rule start {bib} {instant}` starts them then, `rule start-offset {bib} 0` at the gun",
        text=text,
        bib=bib,
        instant=time_of_day(scan.instant),
    )


def seen_words(row: Row, race: Race, time_of_day: TimeOfDay) -> Text:
    """What was seen of somebody whose result is held, and by how much it misses the own gun."""
    scan, gun = seen_at(row), row.judged.gun
    if scan is None or gun is None:
        return NOTHING
    return _(
        "seen {where} at {instant}, {apart} {value} the gun of wave {wave}",
        where=_("at the start") if scan.point is Point.START else _("on the course"),
        apart=clock_face(between(*sorted((scan.instant, gun))), "down"),
        value=_("before") if scan.instant < gun else _("after"),
        wave=_wave(row, race),
        instant=time_of_day(scan.instant),
    )


def fitting_wave(row: Row, race: Race, rules: Rules) -> str | None:
    """The wave that what was seen of somebody fits, if any."""
    scan = seen_at(row)
    return wave_that_fits(race.guns, scan.instant, rules, _wave(row, race)) if scan else None


def finish_words(row: Row, race: Race, time_of_day: TimeOfDay) -> Text:
    """A finish that was seen and is too early to count, by the own gun."""
    early = [scan for scan, reason in row.judged.reasons if reason in EARLY]
    scan, gun, wave = early[-1], row.judged.gun, _wave(row, race)
    seen = time_of_day(scan.instant)
    if gun is None:
        return _("seen at the finish at {seen}, too early", seen=seen)
    apart = clock_face(between(*sorted((scan.instant, gun))), "down")
    before = scan.instant < gun
    return _(
        "seen at the finish at {seen}, {apart} {value} the gun of wave {wave}, too early to count",
        apart=apart,
        value=_("before") if before else _("after"),
        wave=wave,
        seen=seen,
    )


def seen_at(row: Row) -> Scan | None:
    """The scan that speaks against the gun: the last one at the start before the finish, else any after it, or on the course."""
    starts = [scan for scan, _ in row.judged.uncounted_starts]
    finish = row.judged.finish
    before = [scan for scan in starts if finish is None or scan.instant < finish.at]
    early = [scan for scan, reason in row.judged.reasons if reason is Reason.BEFORE_START]
    return next(iter([*before[-1:], *starts, *early]), None)


def wave_that_fits(guns: Mapping[str, Instant], at: Instant, rules: Rules, own: str) -> str | None:
    """The other wave whose gun went last before this start, if the start is in its window."""
    gone = [(gun, wave) for wave, gun in guns.items() if wave != own and gun <= at]
    if not gone:
        return None
    gun, wave = max(gone)
    in_time = rules.start_window_s is None or at <= later(gun, span(rules.start_window_s))
    return wave if in_time else None


def guns_after_starts(race: Race, standings: Standings, time_of_day: TimeOfDay) -> Iterator[tuple[Text, list[Row]]]:
    """Each gun that was recorded as later than starts that fit no other wave: was it earlier?"""
    early: dict[str, list[tuple[Instant, Row]]] = {}
    for row in standings.rows:
        at = _last_before_the_gun(row)
        wave = _wave(row, race)
        if at is not None and wave_that_fits(race.guns, at, standings.rules, wave) is None:
            early.setdefault(wave, []).append((at, row))
    for wave, seen in sorted(early.items()):
        first, last = (time_of_day(pick(at for at, _ in seen)) for pick in (min, max))
        gun = time_of_day(race.guns[wave])
        text = _(
            "seen at the start before the gun of wave {wave} at {gun}, and not counted: {count} ({first}~{last})",
            wave=wave,
            count=len(seen),
            gun=gun,
            first=first,
            last=last,
        )
        yield (
            _(
                "{text}. If the gun was earlier: marathon rule gun {first} --wave {wave} --preview",
                text=text,
                first=first,
                wave=wave,
            ),
            [row for _, row in seen],
        )


def _last_before_the_gun(row: Row) -> Instant | None:
    """When somebody whose start does not count was last seen there before the gun, longer than one waits behind the line."""
    gun = row.judged.gun
    last = [(scan, reason) for scan, reason in row.judged.uncounted_starts][-1:]
    if gun is None or not last or last[0][1] is not Reason.BEFORE_GUN or between(last[0][0].instant, gun) <= WAITING:
        return None
    return last[0][0].instant


def _wave(row: Row, race: Race) -> str:
    return race.wave_of(row.entrant, race.scans_of(row.entrant))
