"""Why this time and this place: the passings behind a result, and what became of every scan, in words. Pure."""

from collections.abc import Iterator
from typing import Final
from zoneinfo import ZoneInfo

from results.display import View, pace, sex_label
from results.messages import MESSAGES, Language, both, message
from results.ranking.rows import Row, judged_of
from timing.race.fold import Race
from timing.race.instants import Rounding, between, clock_face, wall
from timing.race.passings import Judgement, Passing, Reason, Scan
from timing.race.spares import spare_of

USED: Final = (Reason.START_USED, Reason.SPLIT_USED, Reason.FINISH_USED)


def result_facts(view: View, row: Row, language: Language) -> list[tuple[str, str]]:
    """A runner's figures, with their names."""
    if view.state == "hidden":
        return []
    rounding = view.standings.rules.rounding
    sex, category = sex_label(row.entrant.sex, language), row.entrant.category
    figures = [
        ("status", message(row.status, language)),
        ("place", row.place and f"{row.place}{message('place_suffix', language)}"),
        ("net_time", row.net_time is not None and clock_face(row.net_time, rounding)),
        ("gun_time", row.gun_time is not None and clock_face(row.gun_time, rounding)),
        *_splits(row, rounding),
        ("pace", row.net_time is not None and f"{pace(row.net_time, view.course_m)}/km"),
        ("sex_place", row.sex_place and sex and f"{sex} {row.sex_place}{message('place_suffix', language)}"),
        ("category", row.category_place and f"{category} {row.category_place}{message('place_suffix', language)}"),
    ]
    return [(message(key, language) if key in MESSAGES else key, str(value)) for key, value in figures if value]


def _splits(row: Row, rounding: Rounding) -> Iterator[tuple[str, str]]:
    """Each distance in kilometres, with the time since the own start, or the gun where the start was not seen."""
    begun = row.judged.start.at if row.judged.start else row.judged.gun
    for split in row.judged.splits:
        if begun is not None and split.scan:
            yield f"{split.scan.metres / 1000:g} km", clock_face(between(begun, split.at), rounding)


def evidence_lines(view: View, row: Row, language: Language) -> list[str]:
    """Nothing while results are hidden; else gun, start and finish with their sources, then the scans that do not count."""
    if view.state == "hidden":
        return []
    judged, zone = row.judged, view.zone
    lines = []
    if judged.gun is not None:
        lines.append(f"{message('gun', language)} {wall(judged.gun, zone)}")
    passings = (
        (message("start", language), judged.start),
        *_on_course(judged),
        (message("finish", language), judged.finish),
    )
    lines += [f"{where} {_passing(passing, judged, zone, language)}" for where, passing in passings]
    lines += [message("flag_" + flag, language) for flag in row.flags]
    unused = [(scan, why) for scan, why in judged.reasons if why not in USED]
    return lines + [f"{scan_words(scan, zone)}: {message('reason_' + why, language)}" for scan, why in unused]


def _on_course(judged: Judgement) -> Iterator[tuple[str, Passing]]:
    return ((f"{split.scan.metres:,} m", split) for split in judged.splits if split.scan)


def source_of(passing: Passing, judged: Judgement) -> str:
    """The message that says what a passing rests on; the gun stands in for a start that was not seen, or does not count."""
    uncounted = passing.source == "gun" and judged.uncounted_starts
    return "gun_uncounted" if uncounted else f"source_{passing.source}"


def _passing(passing: Passing | None, judged: Judgement, zone: ZoneInfo, language: Language) -> str:
    if passing is None:
        return message("not_yet", language)
    source = message(source_of(passing, judged), language)
    return f"{wall(passing.at, zone)} ({source}{' ' + passing.scan.station if passing.scan else ''})"


def became(race: Race, scan: Scan) -> str:
    """Whose scan it is and what became of it, for the office: in both languages, without a name."""
    holder = race.owner(scan)
    if holder is None:
        return nobody_s(race, scan)
    reasons = judged_of(race, holder, race.rules).reasons
    why = next((why for one, why in reasons if (one.lineage, one.seq) == (scan.lineage, scan.seq)), None)
    told = both("reason_" + why) if why else both("not_yet")
    return f"{both('bib')} {holder.bib}: {told}"


def nobody_s(race: Race, scan: Scan) -> str:
    """Why a scan or a tap counts for nobody, in both languages."""
    if (scan.lineage, scan.seq) in race.book.voided:
        return both("reason_voided")
    if not scan.station:
        return f"{both('stray_unplaced')}{_bib_of(race, scan)}"
    if not scan.code:
        return both("stray_unnamed_tap")
    spare = spare_of(race, scan.code)
    if spare is not None:
        return f"{both('spare_unworn')}: {spare}"
    return both("stray_foreign_text" if scan.code.startswith("?") else "stray_unknown_code")


def _bib_of(race: Race, scan: Scan) -> str:
    holder = race.holder(scan.code)
    return f", {both('bib')} {holder.bib}" if holder else ""


def scan_words(scan: Scan, zone: ZoneInfo) -> str:
    """A scan in a few words that need no translation: station, instant, number of sightings."""
    return f"{scan.station} {wall(scan.instant, zone)} ×{scan.sightings}"
