"""What officials may decide, each made into the facts that say so; nothing is recorded here.

Each decision is made from the race as it stands, and raises RaceError or WrongUse where it cannot be.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from itertools import count
from typing import TYPE_CHECKING, Literal

from results.office.rulings.fact_index import named
from results.office.rulings.ruling_preview import Decision
from results.office.rulings.rulings import Office
from results.office.rulings.telling import told
from results.view.suggestions import read_about_then
from timing.errors import RaceError, WrongUse
from timing.language import Text, _, ngettext, verbatim, warning
from timing.race import events as said
from timing.race.admission import is_desk
from timing.race.codes import Code, typed_code
from timing.race.events import DeskFact, RuledStatus
from timing.race.instants import MILLISECOND, Span, wall
from timing.race.known_names import Names
from timing.race.lookup import firms_called
from timing.race.office_state import Entrant
from timing.race.passings import Scan
from timing.race.rules import draft_of, rules_of
from timing.race.spelling import group_key
from timing.race.teams import Team, teams_of

if TYPE_CHECKING:
    from timing.race.lint import RuleFinding


def void(office: Office, scan: str, by: str, why: str) -> Decision:
    """A scan counts for nothing."""
    found = office.scan(scan)
    return Decision([said.ScanVoided(found.lineage, found.seq, by, why)])


def name_scan(
    office: Office, scan: str, bib: str, at_point: Literal["start", "finish"] | None, by: str, why: str
) -> Decision:
    """An unassigned tap or scan was this person's.

    Raises:
        WrongUse: where it was is not said, or the station said so already.
        RaceError: it is somebody's, was dismissed before, or is named so already.
    """
    found = office.scan(scan)
    if (found.lineage, found.seq) in office.race.office.voided:
        raise RaceError(_("this one is settled: {state}; take that back first", state=_("dismissed")))
    owner = office.race.owner(found)
    if (
        owner
        and found.station
        and found.source not in ("tap", "unread")
        and (found.lineage, found.seq) not in office.race.office.named
    ):
        raise RaceError(
            _(
                "{scan} is a scan of {id}; `rule swap` exchanges bibs, `rule void` voids a scan",
                scan=scan,
                id=office.label(owner.id),
            ),
        )
    if bool(found.station) == bool(at_point):
        raise WrongUse(
            _("{scan}: say where it was with --point", scan=scan)
            if not found.station
            else _(
                "{scan}: {station} said that it stood at {point}", scan=scan, station=found.station, point=found.point
            )
        )
    entrant = office.entrant(bib)
    named = said.ScanNamed(found.lineage, found.seq, entrant.id, at_point or "", by, why)
    return Decision([named], naming_remarks(office, found, entrant))


def naming_remarks(office: Office, scan: Scan, entrant: Entrant) -> list[Text]:
    """Whose a passing was until now, and that whoever is named for it was read within seconds of it.

    Raises:
        RaceError: it is theirs already.
    """
    owner = office.race.owner(scan)
    if owner and owner.id == entrant.id and scan.station:
        raise RaceError(_("this one is named {who} already", who=office.label(owner.id)))
    until_now = [warning(_("named {who} until now", who=office.label(owner.id)))] if owner and owner != entrant else []
    return [*until_now, *_counted_already(office, scan, entrant)]


def _counted_already(office: Office, scan: Scan, entrant: Entrant) -> Iterator[Text]:
    """That whoever is named for a passing was read within seconds of it."""
    read = read_about_then(office.race, scan, entrant)
    if read.msgid:
        text = _(
            "{who}: {read}. That is most likely this passing: then it is counted already",
            who=office.label(entrant.id),
            read=read,
        )
        yield warning(text)


def restore(office: Office, scan: str, by: str, why: str) -> Decision:
    """A voided scan counts again."""
    found = office.scan(scan)
    return undo_all(
        office,
        lambda fact: isinstance(fact, said.ScanVoided) and (fact.lineage, fact.seq) == (found.lineage, found.seq),
        by,
        why,
    )


def finish(office: Office, bib: str, at: str, by: str, why: str) -> Decision:
    """Enter a finish by hand: a time of day, +time after the gun, or an ISO instant."""
    return _passing(office, bib, "finish", at, by, why)


def start(office: Office, bib: str, at: str, by: str, why: str) -> Decision:
    """Enter a start by hand: a time of day, +time after the gun, or an ISO instant."""
    return _passing(office, bib, "start", at, by, why)


def start_offset(office: Office, bib: str, offset: Span, by: str, why: str) -> Decision:
    """Started so many seconds after the gun (negative: before)."""
    return Decision([said.StartOffsetGiven(office.entrant(bib).id, offset, by, why)])


def adjust(office: Office, bib: str, amount: Span, by: str, why: str) -> Decision:
    """Add seconds to a time (a penalty), or give some back."""
    return Decision([said.TimeAdjusted(office.entrant(bib).id, amount, by, why)])


def move_gun(office: Office, at: str, wave: str, by: str, why: str) -> Decision:
    """Move a gun that was recorded; all times of its wave follow."""
    wave = office.wave(wave)
    if wave not in office.race.guns:
        raise RaceError(
            _("wave {wave} has no gun yet; record it with `marathon gun`", wave=wave),
        )
    return Decision([said.GunMoved(wave, office.moment(at, wave=wave, may_precede=True), by, why)])


def assign_wave(office: Office, bib: str, wave: str, by: str, why: str) -> Decision:
    """The wave an entrant starts with."""
    wave, known = office.wave(wave), sorted(set(office.race.office.waves.values()))
    new = _(
        "wave {wave} is new, and without a gun nobody in it has a time; waves: {known}",
        wave=wave,
        known=", ".join(known),
    )
    remarks = [] if wave in known else [warning(new)]
    return Decision([said.WaveAssigned(office.entrant(bib).id, wave, by, why)], remarks)


def swap(office: Office, bib: str, other: str, by: str, why: str) -> Decision:
    """Two people wore each other's bibs; all scans change hands."""
    one, two = office.entrant(bib), office.entrant(other)
    if one == two:
        raise WrongUse(_("two different bibs are needed"))
    return Decision([said.BibsSwapped(one.id, two.id, by, why)], list(_swapped_before(office, {one.id, two.id})))


def _swapped_before(office: Office, pair: set[str]) -> Iterator[Text]:
    """That the same two were swapped already, by whom: another swap gives both their own bibs back."""
    for pos, fact in office.facts_about(min(pair)).items():
        if isinstance(fact, said.BibsSwapped) and {fact.one, fact.other} == pair and office.race.holds(pos):
            at = wall(office.race.said_at[pos], office.opened.zone)[:5]
            text = _(
                "these two were swapped already at {at}: {fact}. Once more gives each their first bib back",
                at=at,
                fact=told(office, fact),
            )
            yield warning(text)
            return


def replace(office: Office, bib: str, spare: int, code: str | None, anyway: bool, by: str, why: str) -> Decision:
    """A spare bib for a lost one."""
    entrant = office.entrant(bib)
    office.refuse_another_s(spare, entrant.id)
    return Decision(
        [said.BibReplaced(entrant.id, spare, _spare_code(office, entrant.id, spare, code, anyway), by, why)]
    )


def point(
    office: Office,
    station: str,
    at_point: Literal["start", "finish"],
    since: str | None,
    until: str | None,
    by: str,
    why: str,
) -> Decision:
    """A station stood at another point than it said."""
    begins, ends = (None if text is None else office.moment(text, may_precede=True) for text in (since, until))
    return Decision([said.StationRepointed(office.station(station), at_point, begins, ends, by, why)])


def give_up(office: Office, station: str, by: str, why: str) -> Decision:
    """Nobody waits any more for what a station that has not closed may still hold; if it comes, it counts."""
    name, race = office.station(station), office.race
    done = race.given_up() | race.office.not_waited_for
    open_ = [
        lineage
        for lineage, placed in sorted(race.placements.items())
        if placed and placed[-1].station == name and not placed[-1].closed and lineage not in done
    ]
    if not open_:
        raise RaceError(_("{station} is not waited for: it has closed", station=name))
    return Decision([said.StationGivenUp(name, tuple(open_), by, why)])


def clock(office: Office, station: str, ahead: Span, uncertainty_ms: int, by: str, why: str) -> Decision:
    """A station's clock was so many seconds ahead (negative: behind)."""
    return Decision([said.ClockRuled(office.station(station), ahead, uncertainty_ms * MILLISECOND, by, why)])


def jump(office: Office, which: str, whose: Literal["server", "station"], by: str, why: str) -> Decision:
    """Whose clock it was that jumped."""
    found = [
        one
        for one in office.race.open_jumps()
        if which in ("all", one.station)
        or (f"{one.lineage}#{one.jump.seq}".startswith(which.partition("#")[0]) and which.endswith(f"#{one.jump.seq}"))
    ]
    if not found:
        raise RaceError(
            _("no jump of a clock is open at {which}; see `marathon rule review`", which=which),
        )
    return Decision([said.ClockJumpRuled(one.lineage, one.jump.seq, whose, by, why) for one in found])


def dead_heat(office: Office, bibs: Sequence[str], by: str, why: str) -> Decision:
    """They share a place, at the best of their times."""
    entrants = [office.entrant(bib) for bib in bibs]
    rows = [office.live.standings().by_id[entrant.id] for entrant in entrants]
    if len({entrant.id for entrant in entrants}) < 2 or any(row.time is None for row in rows):
        raise WrongUse(_("two or more people with a time are needed"))
    ids = tuple(dict.fromkeys(entrant.id for entrant in entrants))
    return Decision([said.DeadHeatRuled(ids, office.live.standings().rules.basis, None, by, why)])


def confirm_time(office: Office, bib: str, time: Span, by: str, why: str) -> Decision:
    """A time that seemed odd stands as it was seen.

    Raises:
        RaceError: it is another by now.
    """
    entrant = office.entrant(bib)
    if office.live.row(entrant.id).time != time:
        raise RaceError(_("the time of {who} is another by now; look again", who=office.label(entrant.id)))
    return Decision([said.TimeConfirmed(entrant.id, time, by, why)])


def status(office: Office, status: RuledStatus, bibs: Sequence[str], by: str, why: str) -> Decision:
    """Disqualify, or rule DNF, DNS, withdrawn."""
    return Decision([said.StatusRuled(office.entrant(bib).id, status, by, why) for bib in bibs])


def reinstate(office: Office, bib: str, by: str, why: str) -> Decision:
    """Take back every status that was ruled."""
    entrant = office.entrant(bib).id
    return undo_all(office, lambda fact: isinstance(fact, said.StatusRuled) and fact.entrant == entrant, by, why)


def withhold(office: Office, bib: str, by: str, why: str) -> Decision:
    """Keep the result and its place; nobody is told whose it is."""
    return Decision([said.ResultWithheld(office.entrant(bib).id, by, why)])


def move(office: Office, bib: str, company: str, team: str, by: str, why: str) -> Decision:
    """An entrant runs for another company or team."""
    firm, entrant = office.company(company), office.entrant(bib)
    new = office.team(firm, team)
    remarks = [*_bib_left(office, entrant, firm), *([] if new else _team_left(office, entrant))]
    return Decision([said.EntrantMoved(entrant.id, firm, new, by, why)], remarks)


def move_to_new(office: Office, bib: str, company: str, name: str, team: str, by: str, why: str) -> Decision:
    """An entrant runs for the firm of this `name`, of which nobody is entered yet, or (empty) for a new team of the firm `company`.

    Raises:
        RaceError: there is a firm of this name, or the firm has such a team.
    """
    names, entrant = office.names, office.entrant(bib)
    if name and firms_called(names.companies, name):
        raise RaceError(_("there is a firm {name} already", name=name))
    firm = _fresh("c", names.companies) if name else office.company(company)
    if team and group_key(team) in teams_of(names.own, office.race.office, firm):
        raise RaceError(_("{firm} has a team {team} already", firm=office.names.company(firm), team=team))
    new = _fresh("t", {**names.own, **names.teams}) if team else ""
    fresh = Names(companies={firm: name} if name else {}, own={new: Team(team, firm)} if team else {})
    remarks = [*_bib_left(office, entrant, firm), *([] if team else _team_left(office, entrant))]
    return Decision([said.EntrantMoved(entrant.id, firm, new, by, why)], remarks, fresh)


def _fresh(kind: str, known: Container[str]) -> str:
    """An id of this kind that nobody has."""
    return next(key for number in count(1) if (key := f"{kind}{number:04}") not in known)


def _bib_left(office: Office, entrant: Entrant, firm: str) -> list[Text]:
    """That a printed bib still shows the firm that somebody leaves, and where it lies."""
    state = office.race.office
    if entrant.bib is None or entrant.code is None or not state.on_paper(entrant.code) or firm == entrant.company:
        return []
    shown, lies = office.names.company(entrant.company), office.names.company(state.packet_of(entrant))
    if entrant.id in state.handed_out:
        return [_("the printed bib {bib} still shows {firm}", bib=entrant.bib, firm=shown)]
    return [
        warning(
            _(
                "the printed bib {bib} still shows {firm} and lies in the packet of {packet}: take it out there, or print it anew",
                bib=entrant.bib,
                firm=shown,
                packet=lies,
            )
        )
    ]


def _team_left(office: Office, entrant: Entrant) -> list[Text]:
    """That somebody leaves a team and no other was given."""
    if not entrant.team:
        return []
    return [warning(_("leaves the team {team}, and no other was given", team=office.called(entrant.team)))]


def merge(office: Office, company: str, into: str, by: str, why: str) -> Decision:
    """Two companies are one: everybody of the first runs for the second."""
    gone, kept = office.company(company), office.company(into)
    if gone == kept:
        raise WrongUse(_("they are one company already"))
    teams = tuple(office.same_teams(gone, kept))
    called = [office.names.own_team(one) for one, _other in teams]
    remarks = [_("the teams of this name become one too: {team}", team=team) for team in called]
    return Decision([said.CompaniesMerged(gone, kept, by, why, teams)], remarks)


def employees(office: Office, company: str, count: int, by: str, why: str) -> Decision:
    """How many employees a company has."""
    return Decision([said.HeadcountDeclared(office.company(company), count, by, why)])


def course(office: Office, km: float, by: str, why: str) -> Decision:
    """The course's length; pace and donations follow."""
    return Decision([said.CourseOpened(round(km * 1_000), by, why)])


def close(office: Office, at: str, by: str, why: str) -> Decision:
    """Close the finish: who is out is DNF, who never came DNS."""
    return Decision([said.CourseClosed(office.moment(at), by, why)])


class FaultyRules(WrongUse):
    """Rules with errors are not put in force; the details are what the linter found."""

    def __init__(self, where: str, found: Sequence[RuleFinding]) -> None:
        super().__init__(
            ngettext(
                "{where}: {n} error keeps these rules from being put in force; nothing was recorded",
                "{where}: {n} errors keep these rules from being put in force; nothing was recorded",
                sum(finding.grave for finding in found),
                where=where,
            ),
            found,
        )


def rules_set(office: Office, where: str, toml: str, by: str, why: str) -> Decision:
    """Put the rules of this TOML in force; `where` names it, the linter's warnings are remarks.

    Raises:
        FaultyRules: the linter finds errors.
    """
    from timing.race.lint import findings  # only this ruling needs it

    found = findings(draft_of(toml, where), office.race, office.names, office.opened.settings.date)
    if any(finding.grave for finding in found):
        raise FaultyRules(where, found)
    return Decision([said.RulesSet(rules_of(toml, where), by, why)], [verbatim(finding) for finding in found])


def undo(office: Office, position: int, by: str, why: str) -> Decision:
    """Take back a ruling, or an undo, by its position in the log; of an entry all that amended it, so that nobody is entered.

    Raises:
        RaceError: nothing in force stands there.
    """
    if not office.race.holds(position):
        raise RaceError(
            _("position {position} is no ruling in force; see `marathon rule list`", position=position),
        )
    gone = [position, *_amendments(office, position)]
    later = [
        _("said later about the same: {fact} (position {pos})", fact=told(office, fact), pos=pos)
        for pos, fact in _later(office, position)
        if pos not in gone and not isinstance(fact, said.BibAssigned)
    ]
    return Decision([said.FactUndone(one, by, why) for one in gone], later)


def _amendments(office: Office, position: int) -> list[int]:
    """Where an entry was amended, if it is the first one of somebody that stands at this position."""
    entry = office.race.said[position]
    if not isinstance(entry, said.EntrantRegistered):
        return []
    entries = [
        pos
        for pos, fact in office.race.said.items()
        if isinstance(fact, said.EntrantRegistered) and fact.entrant == entry.entrant and office.race.holds(pos)
    ]
    return entries[1:] if entries[0] == position else []


def set_aside(office: Office, position: int, by: str, why: str) -> Decision:
    """Settle an item that counts for nothing: it has been looked at."""
    found = office.race.aside.get(position)
    if found is None:
        raise RaceError(_("position {position} is no item that was set aside", position=position))
    if is_desk(found.lineage):
        return Decision([said.FactUndone(position, by, why)])
    return Decision([said.ScanVoided(found.lineage, found.seq, by, why)])


def _passing(office: Office, bib: str, point: Literal["start", "finish"], at: str, by: str, why: str) -> Decision:
    entrant = office.entrant(bib)
    return Decision(
        [said.PassingEntered(entrant.id, point, office.moment(at, entrant, may_precede=point == "start"), by, why)]
    )


def _spare_code(office: Office, entrant: str, spare: int, typed: str | None, anyway: bool) -> Code:
    """The code of the bib that is given out.

    Raises:
        WrongUse: what was typed is no code, or none was typed and no such spare was printed.
        RaceError: the code is somebody else's, or none that was printed with this number.
    """
    printed, read = office.race.office.spares.get(spare), typed_code(typed) if typed else None
    if typed and read is None:
        raise WrongUse(_("{typed} is no bib's code; type the code printed under the QR", typed=typed))
    code = read or printed
    if code is None:
        raise WrongUse(
            _("no spare bib {spare} was printed; type also the code under its QR", spare=spare),
        )
    if office.race.holders.get(code, entrant) != entrant:
        raise RaceError(_("the code {code} belongs to somebody else", code=code))
    if code not in (printed, *office.race.office.codes.get(entrant, ())) and not anyway:
        raise RaceError(
            _(
                "no bib {spare} with the code {code} was ever printed; --anyway gives it all the same",
                spare=spare,
                code=code,
            ),
        )
    return code


def undo_all(office: Office, meant: Callable[[DeskFact], bool], by: str, why: str) -> Decision:
    """Take back every ruling in force that is meant.

    Raises:
        RaceError: there is none.
    """
    found = [pos for pos, fact in office.race.said.items() if meant(fact) and office.race.holds(pos)]
    if not found:
        raise RaceError(_("there is no such ruling in force"))
    return Decision([said.FactUndone(pos, by, why) for pos in found])


def _later(office: Office, position: int) -> list[tuple[int, DeskFact]]:
    """Rulings in force that came later and name somebody whom this one names: they may rest on it."""
    about = named(office.race.said[position], office.race)
    later = [(pos, fact) for pos, fact in office.race.said.items() if pos > position and office.race.holds(pos)]
    return [(pos, fact) for pos, fact in later if about & named(fact, office.race)]
