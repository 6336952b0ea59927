"""What officials may rule about one person by a form: the blanks of each form, the decision it makes, and what the counter may take back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from results.office.people.entry_mending import mended
from results.office.people.newcomers import (
    categories,
    grouped_by_age,
    said_born,
    said_category,
    spare_number,
)
from results.office.people.people_search import firms_like, said_by_part
from results.office.rulings import decisions
from results.office.rulings.ruling_preview import Decision
from results.office.rulings.rulings import Office
from results.office.rulings.substitution import Substitute, substitution
from timing.errors import RaceError, WrongUse
from timing.language import NOTHING, Text, _, warning
from timing.log.narration import RULED
from timing.people.office_seats import Official
from timing.race.events import (
    BibReplaced,
    BibsHandedOut,
    BibsSwapped,
    DeskFact,
    EntrantMoved,
    EntrantRegistered,
    FactUndone,
    StandInEntered,
    StatusRuled,
    WaveAssigned,
)
from timing.race.instants import Span
from timing.race.lookup import firms_called
from timing.race.moments import seconds
from timing.race.spelling import clean, sex_of

Sent = Mapping[str, str]
PersonTask = Literal["counter", "rule"]


@dataclass(frozen=True, slots=True)
class Blank:
    """A field of a form; of `choices` one, by its key."""

    name: str
    label: Text
    required: bool = True
    choices: Sequence[tuple[str, Text]] = ()
    hint: Text = NOTHING
    suggest: Literal["", "firms", "teams", "categories", "waves"] = ""
    tick: bool = False


@dataclass(frozen=True, slots=True)
class PersonForm:
    """A ruling about one person."""

    key: str
    title: Text
    decide: Callable[[Office, str, Sent, str, str], Decision]
    """From the entrant's id, what was sent, who decides and why."""
    blanks: Sequence[Blank] = ()
    usual_why: Text = NOTHING
    task: PersonTask = "rule"


POINTS: Final = (("", _("as its station said")), ("start", _("Start")), ("finish", _("Finish")))
NEW_FIRM: Final = _("The firm was not entered before")
NEW_TEAM: Final = _("The team is new")
SEVERAL_SHOWN: Final = 5
SPARE: Final = _("Spare bib: its number, or the code under its QR")
AT: Final = _("At (14:17:05.2, or +17:05.2 after the gun)")
SECONDS: Final = _("Seconds (+30, -2.5)")


def person_forms(by_age: bool) -> Sequence[PersonForm]:
    """All forms, in the order in which a person's page shows them; `by_age` where a birth or an age tells the category."""
    sexes = (("F", _("female")), ("M", _("male")))
    born = Blank("born", _("Birth or age"), required=False, hint=_("gives the age group, and is not kept"))
    category = Blank("category", _("Category"), required=False, suggest="categories")
    return (
        PersonForm(
            "swap", _("Wears another's bib: the two change"), _swap,
            [Blank("other", _("The other's bib or name"))], _("wore each other's bibs"), "counter",
        ),
        PersonForm(
            "move", _("Runs for another firm or team"), _move,
            [
                Blank("company", _("Firm"), suggest="firms", hint=_("a part of the name or its first consonants will do")),
                Blank("team", _("Team (may be empty)"), required=False, suggest="teams"),
                Blank("new", NEW_FIRM, required=False, tick=True),
                Blank("new_team", NEW_TEAM, required=False, tick=True),
            ], _("runs for another firm"), "counter",
        ),
        PersonForm(
            "stand-in", _("Somebody else runs instead"), _stand_in,
            [
                Blank("name", _("Name")), Blank("sex", _("Sex"), required=False, choices=sexes),
                born if by_age else category,
                Blank("spare", SPARE, required=False, hint=_("only where the stand-in wears another bib")),
            ], _("runs instead"), "counter",
        ),
        PersonForm(
            "mend", _("Sex, birth or category was entered wrongly"), _mend,
            [
                Blank("sex", _("Sex"), required=False, choices=(("", _("as it is")), ("F", _("female")), ("M", _("male")))),
                Blank("group", _("Birth or age, or the category"), required=False, suggest="categories", hint=_("empty: as it is")),
            ], _("entered wrongly"), "counter",
        ),
        PersonForm("withdraw", _("Does not come: withdrawn"), _withdraw, (), _("does not come"), "counter"),
        PersonForm("wave", _("Starts with another wave"), _wave, [Blank("wave", _("Wave"), suggest="waves")], task="counter"),
        PersonForm(
            "status", _("Status: DNF, DSQ, DNS, withdrawn"), _status, [Blank("status", _("Status"), choices=list(RULED.items()))]
        ),
        PersonForm("reinstate", _("Take back every status that was ruled"), _reinstate),
        PersonForm("finish", _("Finish by hand"), _finish, [Blank("at", AT)]),
        PersonForm("start", _("Start by hand"), _start, [Blank("at", AT)]),
        PersonForm("offset", _("Started so long after the gun, or before"), _offset, [Blank("seconds", SECONDS)]),
        PersonForm("adjust", _("Time added, or given back"), _adjust, [Blank("seconds", SECONDS)]),
        PersonForm("name", _("A tap or a scan that was nobody's was this person"), _name, [
            Blank("scan", _("The tap or scan (3f2a9c1b#12)")), Blank("point", _("Where"), required=False, choices=POINTS),
        ]),
        PersonForm("dead-heat", _("Shares the place with others"), _dead_heat, [Blank("others", _("The others' bibs"))]),
        PersonForm("withhold", _("Nobody is told whose result it is"), _withhold),
        PersonForm("replace", _("A bib that was not printed as a spare here"), _replace, [
            Blank("bib", _("Bib")), Blank("code", _("The code under its QR")),
            Blank("anyway", _("even a code that was never printed"), required=False, tick=True),
        ]),
    )  # fmt: skip


def suggested(office: Office) -> Mapping[str, Sequence[str]]:
    """What the blanks suggest while one types."""
    race, names = office.race, office.names
    return {
        "firms": sorted(name for one, name in names.companies.items() if race.office.company_now(one) == one),
        "teams": sorted({team.name for team in names.own.values()}),
        "categories": categories(race),
        "waves": sorted(set(race.office.waves.values())),
    }


def decided(office: Office, entrant: str, sent: Sent, who: Official, task: PersonTask) -> Decision:
    """The decision that a form of this task makes, or the undo of a ruling.

    Raises:
        WrongUse: no form of ours, no reason, or a blank that cannot be read.
        RaceError: it cannot be.
    """
    why, key = sent.get("why", ""), sent.get("form", "")
    if not why:
        raise WrongUse(_("say why: the reason stands in the log"))
    if key == "undo":
        return _undo(office, sent, who, task, why)
    if key in ("void", "restore"):
        return _scan(office, sent, who, task, why)
    form = next((one for one in person_forms(grouped_by_age(office)) if one.key == key and one.task == task), None)
    if form is None:
        raise WrongUse(_("there is no such form"))
    return form.decide(office, entrant, sent, who.name, why).in_role(who.role)


def may_undo(fact: DeskFact, who: Official) -> bool:
    """Whether an official at the counter may take this back: what they did themselves there."""
    counted = isinstance(
        fact,
        BibsHandedOut | BibReplaced | BibsSwapped | EntrantMoved | EntrantRegistered | StandInEntered | WaveAssigned,
    )
    withdrew = isinstance(fact, StatusRuled) and fact.status == "withdrawn"
    return (counted or withdrew) and (getattr(fact, "by", ""), fact.role) == (who.name, who.role)


def _undo(office: Office, sent: Sent, who: Official, task: PersonTask, why: str) -> Decision:
    made, said = decisions.undo(office, whole(sent, "pos"), who.name, why), office.race.said
    gone = [said[fact.pos] for fact in made.facts if isinstance(fact, FactUndone)]
    if task == "counter" and not all(may_undo(fact, who) for fact in gone):
        raise RaceError(_("the counter takes back what it did itself; anything else is the director's"))
    return made.in_role(who.role)


def _scan(office: Office, sent: Sent, who: Official, task: PersonTask, why: str) -> Decision:
    if task != "rule":
        raise WrongUse(_("there is no such form"))
    decide = decisions.void if sent["form"] == "void" else decisions.restore
    return decide(office, sent.get("scan", ""), who.name, why).in_role(who.role)


def whole(sent: Sent, name: str) -> int:
    """The number in a field.

    Raises:
        WrongUse: there is none.
    """
    text = sent.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise WrongUse(_("{text!r} is no number", text=text))
    return int(text)


def seconds_in(sent: Sent) -> Span:
    """The signed seconds that were typed.

    Raises:
        WrongUse: they are none.
    """
    return seconds(sent.get("seconds", ""))


def _swap(office: Office, entrant: str, sent: Sent, by: str, why: str) -> Decision:
    return decisions.swap(office, entrant, sent.get("other", ""), by, why)


def _move(office: Office, entrant: str, sent: Sent, by: str, why: str) -> Decision:
    """To a firm that is entered, or to a new one; into a team that it has, or a new one. What is new has its own tick."""
    company, team = clean(sent.get("company", "")), clean(sent.get("team", ""))
    if not company:
        raise WrongUse(_("say which firm"))
    if sent.get("new"):
        return _moved_to_new_firm(office, entrant, company, team, by, why)
    firm = _firm_meant(office, company)
    if not sent.get("new_team"):
        try:
            return decisions.move(office, entrant, firm, team, by, why)
        except WrongUse as unknown:  # of a team: the firm is known
            raise WrongUse(
                _("{unknown}. A team that is new has the tick “{tick}”", unknown=unknown.text, tick=NEW_TEAM)
            ) from unknown
    if not team:
        raise WrongUse(_("say what the new team is called"))
    return decisions.move_to_new(office, entrant, firm, "", team, by, why)


def _moved_to_new_firm(office: Office, entrant: str, name: str, team: str, by: str, why: str) -> Decision:
    """To a firm of which nobody is entered; firms that are called like it are told before it is recorded."""
    if firms_called(office.names.companies, name):
        raise WrongUse(_("{firm} is entered already: take the tick “{tick}” away", firm=name, tick=NEW_FIRM))
    made = decisions.move_to_new(office, entrant, "", name, team, by, why)
    if not (near := _firms_like(office, name)):
        return made
    asked = warning(_("{firm} becomes a new firm. There are firms called like it: {near}", firm=name, near=near))
    return Decision(made.facts, [asked, *made.remarks], made.names)


def _firm_meant(office: Office, text: str) -> str:
    """The id of the firm that is called so, by a part of the name that no other has, or by its first consonants.

    Raises:
        WrongUse: there is none, or several.
    """
    known = _present_firms(office)
    if text in known or firms_called(known, text):
        return office.company(text)
    found = [one for one, name in known.items() if said_by_part(name, text)]
    if len(found) == 1:
        return found[0]
    if found:
        several = ", ".join(known[one] for one in found[:SEVERAL_SHOWN])
        raise WrongUse(_("several firms may be meant: {several}", several=several))
    near = _firms_like(office, text) or str(_("none"))
    raise WrongUse(
        _(
            "no firm {firm} is entered (like it: {near}); where it is new, tick “{tick}”",
            firm=text,
            near=near,
            tick=NEW_FIRM,
        )
    )


def _firms_like(office: Office, text: str) -> str:
    known = _present_firms(office)
    return ", ".join(known[one] for one in firms_like(known, text, SEVERAL_SHOWN))


def _present_firms(office: Office) -> Mapping[str, str]:
    """The firms by id, without those that were merged into others."""
    return {one: name for one, name in office.names.companies.items() if office.race.office.company_now(one) == one}


def _stand_in(office: Office, entrant: str, sent: Sent, by: str, why: str) -> Decision:
    spare, sex = spare_number(office, sent.get("spare", "")), sex_of(clean(sent.get("sex", "")))
    born = said_born(office, sent.get("born", ""), sex)
    category = said_category(office, sent["category"]) if sent.get("category") else ""
    person = Substitute(clean(sent.get("name", "")), sex, category, born, None, int(spare) if spare else None)
    return substitution(office, entrant, person, by, why)


def _mend(office: Office, entrant: str, sent: Sent, by: str, why: str) -> Decision:
    return mended(office, entrant, sent.get("sex", ""), sent.get("group", ""), by)


def _withdraw(office: Office, entrant: str, sent: Sent, by: str, why: str) -> Decision:
    return decisions.status(office, "withdrawn", [entrant], by, why)


def _wave(office: Office, entrant: str, sent: Sent, by: str, why: str) -> Decision:
    return decisions.assign_wave(office, entrant, sent.get("wave", ""), by, why)


def _status(office: Office, entrant: str, sent: Sent, by: str, why: str) -> Decision:
    status = next((one for one in RULED if one == sent.get("status")), None)
    if status is None:
        raise WrongUse(_("there is no such status"))
    return decisions.status(office, status, [entrant], by, why)


def _reinstate(office: Office, entrant: str, sent: Sent, by: str, why: str) -> Decision:
    return decisions.reinstate(office, entrant, by, why)


def _finish(office: Office, entrant: str, sent: Sent, by: str, why: str) -> Decision:
    return decisions.finish(office, entrant, sent.get("at", ""), by, why)


def _start(office: Office, entrant: str, sent: Sent, by: str, why: str) -> Decision:
    return decisions.start(office, entrant, sent.get("at", ""), by, why)


def _offset(office: Office, entrant: str, sent: Sent, by: str, why: str) -> Decision:
    return decisions.start_offset(office, entrant, seconds_in(sent), by, why)


def _adjust(office: Office, entrant: str, sent: Sent, by: str, why: str) -> Decision:
    return decisions.adjust(office, entrant, seconds_in(sent), by, why)


def _name(office: Office, entrant: str, sent: Sent, by: str, why: str) -> Decision:
    stood: Literal["start", "finish"] | None = None
    if sent.get("point") == "start":
        stood = "start"
    elif sent.get("point") == "finish":
        stood = "finish"
    return decisions.name_scan(office, sent.get("scan", ""), entrant, stood, by, why)


def _dead_heat(office: Office, entrant: str, sent: Sent, by: str, why: str) -> Decision:
    others = sent.get("others", "").replace(",", " ").split()
    return decisions.dead_heat(office, [entrant, *others], by, why)


def _withhold(office: Office, entrant: str, sent: Sent, by: str, why: str) -> Decision:
    return decisions.withhold(office, entrant, by, why)


def _replace(office: Office, entrant: str, sent: Sent, by: str, why: str) -> Decision:
    bib = whole(sent, "bib")
    if not 1 <= bib <= 999_999:
        raise WrongUse(_("{text!r} is no number", text=str(bib)))
    return decisions.replace(office, entrant, bib, sent.get("code") or None, bool(sent.get("anyway")), by, why)
