"""Describes a fact in one line, for people who read the log."""

from collections.abc import Mapping
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from timing.language import Text, _, ngettext
from timing.race import events as said
from timing.race.instants import MILLISECOND, SECOND, Instant, Span, clock_face, day_of, wall

COMMAND_LINE: Final = "director"
"""The role of the command line's user, which is not mentioned."""
ROLE_NAMES: Final[Mapping[said.Role, Text]] = {
    "director": _("director"),
    "counter": _("counter"),
    "entry": _("entry of times"),
    "medical": _("medical"),
    "viewer": _("viewer"),
}
RULED: Final[Mapping[said.RuledStatus, Text]] = {
    "dnf": _("Did not finish"),
    "dsq": _("Disqualified"),
    "dns": _("Did not start"),
    "withdrawn": _("Withdrawn"),
}
POINTS: Final[Mapping[str, Text]] = {"start": _("Start"), "finish": _("Finish")}


def describe(fact: said.Event, zone: ZoneInfo) -> str:
    """The fact as a sentence in the language spoken; times of day are in the race's zone."""
    return attributed(fact, sentence_of(fact, zone))


def attributed(fact: said.Event, sentence: str, every_role: bool = False) -> str:
    """The sentence, with who said so and why where the fact holds that; the command line's role only with `every_role`."""
    if not isinstance(fact, said.Attributed):
        return sentence
    by, why = getattr(fact, "by", ""), getattr(fact, "why", "")
    role: said.Role = "" if fact.role == COMMAND_LINE and not (every_role and by) else fact.role
    who = said_by(role, by)
    return f"{sentence} ({': '.join(filter(None, (who, why)))})" if who else sentence


def said_by(role: said.Role, by: str) -> str:
    """An official by role and name; one of them where the other is not known."""
    return " ".join(filter(None, (str(ROLE_NAMES[role]) if role else "", by)))


def sentence_of(fact: said.Event, zone: ZoneInfo) -> str:
    """The fact alone, without who said so and why."""
    if isinstance(fact, said.StationFact):
        return _station(fact, zone)
    match fact:
        case said.ServerClockRead(at=at, wall=on_the_wall):
            apart = _seconds(Span(on_the_wall - at))
            return str(_("the server's clock read at {at}, its wall clock {apart}", apart=apart, at=wall(at, zone)))
        case said.RaceOpened(race=race, course_m=metres):
            return str(_("race {race} opened, course {metres} m", metres=metres, race=race))
        case said.BibAssigned() | said.MarkDrawn() | said.SpareDrawn():
            return _bib(fact)
        case said.FilmDeleted() | said.LogRestored():
            return _holdings(fact, zone)
        case said.BranchMerged(lineage=lineage, branch=branch, first=first):
            return str(
                _(
                    "forked branch from {lineage}#{first} on merged as {branch}",
                    lineage=lineage[:8],
                    first=first,
                    branch=branch[:8],
                )
            )
        case said.EditionPublished(number=number, state=state, facts=facts):
            return str(
                _(
                    "edition {number}, {state}, up to position {facts}",
                    number=number,
                    state=_("official") if state == "official" else _("provisional"),
                    facts=facts,
                )
            )
        case _:
            return _correction(fact, zone)


def _bib(fact: said.BibAssigned | said.MarkDrawn | said.SpareDrawn) -> str:
    match fact:
        case said.BibAssigned(bib=bib, entrant=entrant, code=code):
            return str(_("bib {bib} → {entrant}, code {code}", bib=bib, entrant=entrant, code=code))
        case said.MarkDrawn(code=code, mark=mark):
            return str(_("mark {mark} on the bib with code {code}", code=code, mark=mark))
        case said.SpareDrawn(bib=bib, code=code):
            return str(_("spare bib {bib}, code {code}", bib=bib, code=code))
        case never:
            assert_never(never)


def _station(fact: said.StationFact, zone: ZoneInfo) -> str:
    match fact:
        case said.Scanned():
            return _scanned(fact, zone)
        case said.TapNamed(tap=tap, code=code):
            return str(_("tap {tap} named as {code}", tap=tap, code=code))
        case said.Unread(first_at=first, last_at=last):
            when = f"{wall(first, zone)}~{wall(last, zone)}"
            return str(_("somebody crossed and was not read, {when}", when=when))
        case said.ClockSampled() | said.QrClockSeen():
            return _clock(fact)
        case said.FilmJumped(at=at, shift=by, frame=frame):
            return str(
                _(
                    "the pictures' clock jumped by {by:+.3f} s at frame {frame} ({at})",
                    frame=frame,
                    at=wall(at, zone),
                    by=by / SECOND,
                )
            )
        case said.OutboxMended(of=of):
            return str(_("a damaged item of the outbox {of}, which goes on here", of=of[:8]))
        case said.GunHeard(at=at):
            return str(_("the gun, as the station noticed it, at {at}", at=wall(at, zone)))
        case said.StationOpened():
            return _opened(fact)
        case said.StationClosed(at=at):
            return str(_("station closed at {at}", at=wall(at, zone)))
        case never:
            assert_never(never)


def _scanned(fact: said.Scanned, zone: ZoneInfo) -> str:
    code, first, last, seen = fact.code, wall(fact.first_at, zone), wall(fact.last_at, zone), fact.sightings
    match fact.source:
        case "qr":
            text = ngettext(
                "scan {code} {first}~{last}, {n} sighting",
                "scan {code} {first}~{last}, {n} sightings",
                seen,
                code=code,
                first=first,
                last=last,
            )
        case "mark":
            text = ngettext(
                "mark {code} {first}~{last}, {n} sighting",
                "mark {code} {first}~{last}, {n} sightings",
                seen,
                code=code,
                first=first,
                last=last,
            )
        case "typed":
            text = _("bib {code} typed at {at}", code=code, at=first)
        case "tap":
            text = _("tap at {at}", at=first)
        case never:
            assert_never(never)
    return str(text)


def _opened(fact: said.StationOpened) -> str:
    match fact.point:
        case "pen":
            return str(_("station {station} → pen of wave {wave}", wave=fact.wave, station=fact.station))
        case "split":
            return str(_("station {station} → {metres} m along the course", metres=fact.metres, station=fact.station))
        case point:
            return str(_("station {station} → {point}", station=fact.station, point=POINTS[point]))


def _clock(fact: said.ClockSampled | said.QrClockSeen) -> str:
    if isinstance(fact, said.QrClockSeen):
        apart = _ms(Span(fact.other_at - fact.seen_at))
        return str(_("code of clock {other} seen, {apart} apart", other=fact.other, apart=apart))
    return str(_("server time requested, answered in {received}", received=_ms(Span(fact.received - fact.sent))))


def _correction(fact: said.Correction, zone: ZoneInfo) -> str:  # noqa: C901  (a table: a sentence for each fact)
    match fact:
        case (
            said.PassingEntered()
            | said.StartOffsetGiven()
            | said.TimeAdjusted()
            | said.TimeConfirmed()
            | said.StatusRuled()
        ):
            return _ruling(fact, zone)
        case said.EntrantRegistered(entrant=entrant, company=company, team=team):
            return str(
                _(
                    "entrant {entrant} registered ({company}{value})",
                    entrant=entrant,
                    company=company,
                    value=", " + team if team else "",
                )
            )
        case said.WaveStarted(wave=wave, at=at):
            return str(_("gun of wave {wave} at {at}", wave=wave, at=wall(at, zone)))
        case said.GunMoved(wave=wave, at=at):
            return str(_("gun of wave {wave} moved to {at}", wave=wave, at=wall(at, zone)))
        case said.RulesSet(rules=rules):
            return str(ngettext("rules set, {n} group ranking", "rules set, {n} group rankings", len(rules.ranking)))
        case said.CourseOpened():
            return _course(fact)
        case said.WaveAssigned(entrant=entrant, wave=wave):
            return str(_("{entrant} assigned to wave {wave}", wave=wave, entrant=entrant))
        case said.EntrantMoved(entrant=entrant, company=company, team=team):
            return str(
                _(
                    "{entrant} moved to {company}{value}",
                    entrant=entrant,
                    company=company,
                    value=", " + team if team else "",
                )
            )
        case said.CompaniesMerged(company=company, into=into):
            return str(_("company {company} merged into {into}", company=company, into=into))
        case said.HeadcountDeclared(company=company, employees=employees):
            return str(ngettext("{company}: {n} employee", "{company}: {n} employees", employees, company=company))
        case said.BibReplaced(entrant=entrant, bib=bib, code=code):
            return str(_("bib of {entrant} replaced by {bib} (code {code})", entrant=entrant, bib=bib, code=code))
        case said.StandInEntered(entrant=entrant, stand_in=stand_in):
            return str(_("{stand_in} runs instead of {entrant}", stand_in=stand_in, entrant=entrant))
        case said.BibsSwapped(one=one, other=other):
            return str(_("bibs of {one} and {other} swapped", one=one, other=other))
        case said.ScanVoided(lineage=lineage, seq=seq):
            return str(_("scan {lineage}#{seq} voided", lineage=lineage[:8], seq=seq))
        case said.ScanNamed(lineage=lineage, seq=seq, entrant=entrant):
            return str(_("{lineage}#{seq} named as {entrant}", lineage=lineage[:8], seq=seq, entrant=entrant))
        case said.UnreadNamed(lineage=lineage, seq=seq, entrant=entrant):
            return str(_("unread {lineage}#{seq} named as {entrant}", lineage=lineage[:8], seq=seq, entrant=entrant))
        case said.UnreadDismissed(lineage=lineage, seq=seq):
            return str(_("unread {lineage}#{seq} dismissed", lineage=lineage[:8], seq=seq))
        case said.ResultWithheld(entrant=entrant):
            return str(_("result of {entrant} withheld", entrant=entrant))
        case said.DeadHeatRuled(entrants=entrants):
            return str(_("dead heat: {entrants}", entrants=", ".join(entrants)))
        case said.StationRepointed(station=station, point=point, since=since, until=until):
            return str(
                _(
                    "station {station} stood at {point}{since}",
                    point=POINTS.get(point, point),
                    station=station,
                    since=_while(since, until, zone),
                )
            )
        case said.StationGivenUp(station=station):
            return str(_("station {station} is not waited for any more", station=station))
        case said.ClockRuled(station=station, ahead=ahead, uncertainty=uncertainty):
            return str(
                _(
                    "clock of {station} was {ahead} ahead (±{uncertainty})",
                    station=station,
                    ahead=_ms(ahead),
                    uncertainty=_ms(Span(uncertainty)),
                )
            )
        case said.ClockJumpRuled(lineage=lineage, seq=seq, whose=whose):
            of = _("the server") if whose == "server" else _("the station")
            return str(
                _("{lineage}#{seq}: the clock that jumped was that of {of}", lineage=lineage[:8], seq=seq, of=of)
            )
        case said.BibsHandedOut(entrants=entrants, to=to, at=at):
            who = entrants[0] if len(entrants) == 1 else ngettext("{n} person", "{n} people", len(entrants))
            taker = _("the captain") if to == "captain" else _("the runner")
            return str(_("bibs of {who} handed out to {taker} at {at}", who=who, taker=taker, at=wall(at, zone)))
        case said.BibsPrinted(codes=codes):
            return str(ngettext("{n} bib printed", "{n} bibs printed", len(codes)))
        case said.PrizeHandedOut(prize=prize, division=division, place=place, winner=winner, at=at):
            which = " ".join(filter(None, (prize, "" if division == "all" else division)))
            return str(
                _(
                    "{which}, place {place}, handed to {winner} at {at}",
                    which=which,
                    place=place,
                    winner=winner,
                    at=wall(at, zone),
                )
            )
        case said.CourseClosed(at=at):
            return str(_("course closed at {at}", at=wall(at, zone)))
        case said.ResultsHidden(hidden=hidden):
            return str(_("results hidden")) if hidden else str(_("results shown again"))
        case said.FactUndone(pos=pos):
            return str(_("fact {pos} undone", pos=pos))
        case never:
            assert_never(never)


def _holdings(fact: said.FilmDeleted | said.LogRestored, zone: ZoneInfo) -> str:
    """Facts about the log or the film as a whole."""
    match fact:
        case said.FilmDeleted(before=before):
            return str(_("film before {at} deleted", at=f"{day_of(before, zone)} {wall(before, zone)}"))
        case said.LogRestored(facts=facts):
            return str(ngettext("log restored from a copy of {n} fact", "log restored from a copy of {n} facts", facts))


def _course(fact: said.CourseOpened) -> str:
    if fact.course:
        return str(_("course {course}: {metres} m", course=fact.course, metres=fact.course_m))
    return str(_("course length {metres} m", metres=fact.course_m))


def _ruling(
    fact: said.PassingEntered | said.StartOffsetGiven | said.TimeAdjusted | said.TimeConfirmed | said.StatusRuled,
    zone: ZoneInfo,
) -> str:
    match fact:
        case said.PassingEntered(entrant=entrant, point=point, at=at):
            where = POINTS[point]
            return str(
                _("{entrant}: {point} at {at}, entered by hand", entrant=entrant, point=where, at=wall(at, zone))
            )
        case said.StartOffsetGiven(entrant=entrant, offset=offset):
            return str(_("{entrant} started {offset} after the gun", offset=_seconds(offset), entrant=entrant))
        case said.TimeAdjusted(entrant=entrant, amount=amount):
            return str(_("time of {entrant} adjusted by {amount}", entrant=entrant, amount=_seconds(amount)))
        case said.TimeConfirmed(entrant=entrant, time=time):
            return str(_("time of {entrant} stands: {face}", entrant=entrant, face=clock_face(time, "none")))
        case said.StatusRuled(entrant=entrant, status=status):
            return str(_("{entrant} ruled: {status}", status=RULED[status], entrant=entrant))
        case never:
            assert_never(never)


def _while(since: Instant | None, until: Instant | None, zone: ZoneInfo) -> str:
    if since is None and until is None:
        return ""
    return f", {'' if since is None else wall(since, zone)}~{'' if until is None else wall(until, zone)}"


def _ms(time: Span) -> str:
    return f"{time / MILLISECOND:,.3f}".rstrip("0").rstrip(".") + " ms"


def _seconds(time: Span) -> str:
    return f"{time / SECOND:+,.6f}".rstrip("0").rstrip(".") + " s"
