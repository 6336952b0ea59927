"""The evidence of a result in words: its passings, and the reason code of every scan. Pure."""

from collections.abc import Iterator
from typing import Final
from zoneinfo import ZoneInfo

from results.ranking.rows import Row, judged_of
from results.view.view import View, pace, sex_label
from results.view.words import FLAGS, HEADINGS, REASONS, SOURCES, STATUSES, UNMATCHED, placed
from timing.language import Language, Text, _
from timing.race.fold import Race
from timing.race.instants import Rounding, between, clock_face, wall
from timing.race.passings import Judgement, Passing, Reason, Scan, UnmatchedReason
from timing.race.spares import spare_of

USED: Final = (Reason.START_USED, Reason.SPLIT_USED, Reason.FINISH_USED)


def result_facts(view: View, row: Row, language: Language) -> list[tuple[str, str]]:
    """A runner's figures, with their names."""
    if view.state == "hidden":
        return []
    rounding = view.standings.rules.rounding
    sex, category = sex_label(row.entrant.sex, language), row.entrant.category
    figures = [
        ("status", STATUSES[row.status].to(language)),
        ("place", row.place and placed(row.place).to(language)),
        ("net_time", row.net_time is not None and clock_face(row.net_time, rounding)),
        ("gun_time", row.gun_time is not None and clock_face(row.gun_time, rounding)),
        *_splits(row, rounding),
        ("pace", row.net_time is not None and f"{pace(row.net_time, view.course_m)}/km"),
        ("sex_place", row.sex_place and sex and f"{sex} {placed(row.sex_place).to(language)}"),
        ("category", row.category_place and f"{category} {placed(row.category_place).to(language)}"),
    ]
    return [(HEADINGS[key].to(language) if key in HEADINGS else key, str(value)) for key, value in figures if value]


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
        lines.append(f"{_('Gun').to(language)} {wall(judged.gun, zone)}")
    passings = (
        (_("Start").to(language), judged.start),
        *_on_course(judged),
        (_("Finish").to(language), judged.finish),
    )
    lines += [f"{where} {_passing(passing, judged, zone, language)}" for where, passing in passings]
    lines += [FLAGS[flag].to(language) for flag in row.flags]
    unused = [(scan, why) for scan, why in judged.reasons if why not in USED]
    return lines + [f"{scan_words(scan, zone)}: {REASONS[why].to(language)}" for scan, why in unused]


def _on_course(judged: Judgement) -> Iterator[tuple[str, Passing]]:
    return ((f"{split.scan.metres:,} m", split) for split in judged.splits if split.scan)


def source_of(passing: Passing, judged: Judgement) -> Text:
    """The source of a passing; the gun stands in for a start that was not seen, or does not count."""
    if passing.source == "gun" and judged.uncounted_starts:
        return _("start seen and not counted, the gun stands in")
    return SOURCES[passing.source]


def worth_of(scan: Scan | None) -> Text | None:
    """How good a camera's instant is where it was not measured at the line; None where it was."""
    if scan and scan.by_sight:
        return _("by sight, not at the line")
    return _("estimated") if scan and scan.crossed_at is not None and scan.crossing == "estimated" else None


def _passing(passing: Passing | None, judged: Judgement, zone: ZoneInfo, language: Language) -> str:
    if passing is None:
        return _("not yet").to(language)
    source = source_of(passing, judged).to(language)
    station = f" {passing.scan.station}" if passing.scan else ""
    worth = worth_of(passing.scan)
    return f"{wall(passing.at, zone)} ({source}{station}{'; ' + worth.to(language) if worth else ''})"


def became(race: Race, scan: Scan) -> str:
    """Whose scan it is and what became of it, for the office: without a name."""
    holder = race.owner(scan)
    if holder is None:
        return nobody_s(race, scan)
    reasons = judged_of(race, holder, race.rules).reasons
    why = next((why for one, why in reasons if (one.lineage, one.seq) == (scan.lineage, scan.seq)), None)
    told = REASONS[why] if why else _("not yet")
    return f"{_('Bib')} {holder.bib}: {told}"


def nobody_s(race: Race, scan: Scan) -> str:
    """Why a scan or a tap counts for nobody."""
    if (scan.lineage, scan.seq) in race.office.voided:
        return str(REASONS[Reason.VOIDED])
    if not scan.station:
        return f"{UNMATCHED[UnmatchedReason.UNPLACED]}{_bib_of(race, scan)}"
    if not scan.code:
        return str(UNMATCHED[UnmatchedReason.UNREAD if scan.source == "unread" else UnmatchedReason.UNNAMED_TAP])
    spare = spare_of(race, scan.code)
    if spare is not None:
        return f"{_('a spare, given to nobody yet')}: {spare}"
    return str(UNMATCHED[UnmatchedReason.FOREIGN_TEXT if scan.code.startswith("?") else UnmatchedReason.UNKNOWN_CODE])


def _bib_of(race: Race, scan: Scan) -> str:
    holder = race.holder(scan.code)
    return f", {_('Bib')} {holder.bib}" if holder else ""


def scan_words(scan: Scan, zone: ZoneInfo) -> str:
    """A scan in a few words that need no translation: station, instant, number of sightings."""
    return f"{scan.station} {wall(scan.instant, zone)} ×{scan.sightings}"
