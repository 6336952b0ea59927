"""Explains one result at the terminal: every fact behind it in order, each scan with its reason, and the place that follows."""

from collections.abc import Iterator

from results.ranking.rows import Flag, Row
from results.view.evidence import scan_words, source_of, worth_of
from results.view.view import View, ranking_title, score_face
from results.view.words import BASES, CROSSINGS, FLAGS, HEADINGS, REASONS, STATUSES, TIES
from timing.language import _, ngettext, one_language
from timing.log.narration import describe
from timing.race import events as said
from timing.race.admission import SetAside
from timing.race.codes import Code
from timing.race.events import Event
from timing.race.fold import Race
from timing.race.instants import clock_face, iso, milliseconds, wall
from timing.race.passings import Judgement, Passing, Reason, Scan
from timing.race.records import Recorded


def explain(view: View, race: Race, row: Row, facts: Iterator[Recorded]) -> Iterator[str]:
    """The explanation, line by line; names stand in full, for this is for officials."""
    entrant = row.entrant
    name, company = view.names.people.get(entrant.id, ""), view.names.companies.get(entrant.company, "")
    yield str(_("bib {bib}: {name} ({company})", bib=entrant.bib, name=name, company=company))
    yield ""
    yield str(_("1. Facts"))
    for fact in facts:
        told = fact.admitted
        if (
            not isinstance(told, SetAside)
            and fact.pos not in race.aside
            and _concerns(told, fact.lineage, fact.seq, row, race)
        ):
            yield f"   {fact.pos:>5}  {describe(told, view.zone)}"
    yield ""
    yield str(_("2. Scans and rulings"))
    for scan, reason in row.judged.reasons:
        yield from _scan(scan, reason, view)
    if not row.judged.reasons:
        yield f"   {_('not yet')}"
    yield ""
    yield str(_("3. Passings and times"))
    yield from _times(row, view)
    for flag in row.flags:
        yield f"   ⚠ {FLAGS[flag]}"
    yield ""
    yield str(_("4. Places"))
    yield from _places(row, view)


def _concerns(fact: Event, lineage: str, seq: int, row: Row, race: Race) -> bool:  # noqa: C901  (a table: a line for each kind of fact)
    key, scans = row.entrant.id, race.scans_of(row.entrant)
    match fact:
        case said.FilmJumped():
            return any(scan.lineage == lineage and scan.jumped for scan in scans)
        case said.ServerClockRead() | said.GunHeard():
            return False
        case said.ClockJumpRuled(lineage=of):
            return any(scan.lineage == of for scan in scans)
        case said.ClockSampled() | said.QrClockSeen():
            return any(scan.lineage == lineage and scan.source == "tap" for scan in scans)
        case said.TapNamed(code=code) | said.MarkDrawn(code=code) | said.SpareDrawn(code=code):
            return race.holders.get(Code(code)) == key
        case said.Scanned(code=code) if race.holders.get(Code(code)) == key:
            return True
        case said.Scanned() | said.Unread():
            return any((scan.lineage, scan.seq) == (lineage, seq) for scan in scans)
        case said.StationOpened() | said.StationClosed() | said.OutboxMended():
            return any(scan.lineage == lineage for scan in scans)
        case said.BranchMerged(branch=branch):
            return any(scan.lineage == branch for scan in scans)
        case (
            said.StationRepointed(station=station)
            | said.ClockRuled(station=station)
            | said.StationGivenUp(station=station)
        ):
            return any(scan.station == station for scan in scans)
        case said.ScanVoided(lineage=of, seq=seq) | said.UnreadDismissed(lineage=of, seq=seq):
            return any((scan.lineage, scan.seq) == (of, seq) for scan in scans)
        case said.WaveStarted(wave=wave) | said.GunMoved(wave=wave):
            return race.office.wave(wave) == race.wave_of(row.entrant, scans)
        case said.StandInEntered(entrant=one, stand_in=other) | said.BibsSwapped(one=one, other=other):
            return key in (one, other)
        case said.DeadHeatRuled(entrants=entrants):
            return key in entrants
        case said.CompaniesMerged(into=company) | said.HeadcountDeclared(company=company):
            return company == row.entrant.company
        case said.BibsHandedOut(entrants=entrants):
            return key in entrants
        case said.BibsPrinted(codes=codes):
            return not set(codes).isdisjoint(race.office.codes.get(key, ()))
        case said.PrizeHandedOut(winner=winner):
            return winner in (key, row.entrant.company, row.entrant.team)
        case said.FactUndone(pos=pos):
            return pos in race.said and _concerns(race.said[pos], "", 0, row, race)
        case (
            said.RaceOpened()
            | said.LogRestored()
            | said.FilmDeleted()
            | said.RulesSet()
            | said.CourseOpened()
            | said.CourseClosed()
            | said.ResultsHidden()
            | said.EditionPublished()
        ):
            return True
        case _:
            return fact.entrant == key


def _scan(scan: Scan, reason: Reason, view: View) -> Iterator[str]:
    seen = f"{wall(scan.first_at, view.zone)}~{wall(scan.last_at, view.zone)}"
    yield f"   {scan.lineage[:8]}#{scan.seq}  {scan_words(scan, view.zone)} → {REASONS[reason]}"
    yield (
        str(
            ngettext(
                "      {n} sighting {seen}, best frame {frame}",
                "      {n} sightings {seen}, best frame {frame}",
                scan.sightings,
                frame=scan.frame,
                seen=seen,
            )
        )
    )
    if scan.crossed_at is None and scan.by_sight:
        yield f"      {_('crossing not measured: the first sight is the time, at a start the last')}"
    if scan.crossed_at is not None:
        yield f"      {CROSSINGS[scan.crossing]}: {iso(scan.crossed_at)}"


def _times(row: Row, view: View) -> Iterator[str]:
    judged = row.judged
    yield f"   {_('Status')}: {STATUSES[row.status]}"
    if judged.gun is not None:
        yield f"   {_('Gun')}: {iso(judged.gun)}"
    yield f"   {_('Start')}: {_passing(judged.start, judged)}"
    for passing in judged.splits:
        yield f"   {_metres(passing)} m: {_passing(passing, judged)}"
    yield f"   {_('Finish')}: {_passing(judged.finish, judged)}"
    rounding = view.standings.rules.rounding
    for label, time in ((HEADINGS["net_time"], row.net_time), (HEADINGS["gun_time"], row.gun_time)):
        if time is not None:
            yield f"   {label}: {milliseconds(time)} ms → {clock_face(time, rounding)}"


def _metres(split: Passing) -> int:
    return split.scan.metres if split.scan else 0


def _passing(passing: Passing | None, judged: Judgement) -> str:
    if passing is None:
        return str(FLAGS[Flag.HELD] if judged.held else _("not yet"))
    scan = f" {passing.scan.station}#{passing.scan.seq}" if passing.scan else ""
    worth = worth_of(passing.scan)
    return f"{iso(passing.at)} ({source_of(passing, judged)}{scan}{f'; {worth}' if worth else ''})"


def _places(row: Row, view: View) -> Iterator[str]:
    rules = view.standings.rules
    yield f"   {BASES[rules.basis]}; {TIES[rules.ties]}"
    finishers = len(view.standings.ranked)
    if row.place is None:
        yield f"   {_('no place yet')}"
        return
    yield f"   {_('Place')}: {row.place} / {finishers}"
    if row.sex_place:
        yield f"   {_('By sex')} {row.entrant.sex}: {row.sex_place}"
    if row.category_place:
        yield f"   {_('Category')} {row.entrant.category}: {row.category_place}"
    for ranking in view.rankings:
        for score in ranking.scores:
            if any(member.entrant.id == row.entrant.id for member in score.counters):
                face = score_face(ranking.rule, score.score, one_language())
                yield str(
                    _(
                        "   {name}: place {place} ({face}), counts this result",
                        name=ranking_title(ranking.rule, "all"),
                        place=score.place,
                        face=face,
                    )
                )
