"""The director's desk: finds who and what is meant."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from results.office.rulings.fact_index import FactIndex
from results.ranking.projection import StandingsProjection
from timing.errors import RaceError
from timing.folder import OpenRace
from timing.language import Text, _
from timing.race.codes import Code
from timing.race.events import DeskFact
from timing.race.fold import Race
from timing.race.instants import Instant
from timing.race.known_names import Names
from timing.race.lookup import entrant_of, firm_of, replacement_of, team_of
from timing.race.moments import moment
from timing.race.office_state import Entrant
from timing.race.passings import Scan
from timing.race.spares import free_spare
from timing.race.spelling import name_key
from timing.race.teams import same_teams


@dataclass(frozen=True, slots=True)
class Office:
    """The race as it stands, with its names: what a ruling is made from."""

    opened: OpenRace
    live: StandingsProjection
    names: Names
    notices: list[Text] = field(default_factory=list)
    """What the official should know of those who were looked up."""
    facts: FactIndex = field(default_factory=FactIndex)

    @property
    def race(self) -> Race:
        return self.live.race

    def facts_about(self, who: str) -> Mapping[int, DeskFact]:
        """What the office said about an entrant, a company, a station or a gun, by position, the last first; undone facts too."""
        return self.facts.about(self.race, who)

    def entrant(self, who: str) -> Entrant:
        """The entrant with this bib or id, or the only one of this name.

        Raises:
            RaceError: there is none, or several have the name.
        """
        if who.isdecimal() or who in self.race.entrants:
            replaced = replacement_of(self.race, who)
            if replaced and replaced not in self.notices:
                self.notices.append(replaced)
            return entrant_of(self.race, who)
        key = name_key(who)
        found = [one for one, name in self.names.people.items() if name_key(name) == key and one in self.race.entrants]
        if not found:
            return entrant_of(self.race, who)
        if len(found) > 1:
            raise RaceError(
                _(
                    "several people are called {who}; name one by bib: {label}",
                    who=who,
                    label=", ".join(sorted(map(self.label, found))),
                ),
            )
        return self.race.entrants[found[0]]

    def called(self, key: str, firm: bool = True, bib: bool = True) -> str:
        """What people call an entrant (with or without firm and bib), a company or a team; empty for an id of none of them."""
        if key in self.race.entrants:
            return self.label(key, firm, bib)
        return self.names.companies.get(key) or self.names.teams.get(key) or self.names.people.get(key, "")

    def label(self, entrant: str, firm: bool = True, bib: bool = True) -> str:
        """`bib 417 김하늘 (가산정밀)`, of an entrant's id; without the firm or today's bib where those would mislead or repeat.

        The id itself stands only for somebody without a name.
        """
        one = self.race.entrants[entrant]
        name, company = self.names.people.get(entrant, ""), self.names.companies.get(one.company, "") if firm else ""
        number = str(_("bib {bib}", bib=one.bib)) if one.bib and (bib or not name) else ""
        return (f"{number} {name}".strip() or entrant) + (f" ({company})" if company else "")

    def spare(self, number: int) -> Code:
        """The code of a printed spare that nobody has.

        Raises:
            RaceError: it is no such spare, or somebody has it, who is named.
        """
        code = free_spare(self.race, number)
        if code is None:
            self.refuse_another_s(number)
            raise RaceError(_("no spare bib {number} was printed", number=number))
        return code

    def refuse_another_s(self, bib: int, entrant: str = "") -> None:
        """Refuse a number that somebody but this entrant wears, or a spare that was given to somebody: who, is said.

        Raises:
            RaceError: somebody has it.
        """
        code = self.race.office.spares.get(bib)
        wearer = self.race.by_bib(bib) or (self.race.holder(code) if code else None)
        if wearer and wearer.id != entrant:
            told = f"{self.names.people.get(wearer.id, '')}({wearer.bib or wearer.id})"
            raise RaceError(_("bib {bib} belongs to somebody else: {told}", bib=bib, told=told))

    def company(self, name: str) -> str:
        """The id of the company of this name, in any spelling, or id."""
        return self.race.office.company_now(firm_of(self.names.companies, name))

    def team(self, company: str, name: str) -> str:
        """The id of a team of this company, or of a joint one; empty for no team."""
        return team_of(self.race, self.names, company, name)

    def same_teams(self, company: str, into: str) -> list[tuple[str, str]]:
        """The teams that become one where these companies do."""
        return same_teams(self.names.own, self.race.office, company, into)

    def wave(self, name: str) -> str:
        """A wave as the race writes it."""
        return self.race.office.wave_called(name)

    def scan(self, reference: str) -> Scan:
        """The scan that `marathon explain` calls so: the first letters of its lineage, `#`, its number.

        Raises:
            RaceError: there is none, or more than one.
        """
        lineage, _sharp, number = reference.partition("#")
        race = self.race
        known = set(race.placements) | set(race.unplaced)
        named = [one for one in known if lineage and one.startswith(lineage)] if number.isdecimal() else []
        found = [scan for one in named if (scan := race.crossing(one, int(number)))]
        if len(found) != 1:
            raise RaceError(
                _(
                    "no single scan {reference}; use the name that `marathon explain BIB` shows (3f2a9c1b#12)",
                    reference=reference,
                ),
            )
        return found[0]

    def station(self, name: str) -> str:
        """A station that has ever opened.

        Raises:
            RaceError: there is none of this name.
        """
        known = self.race.station_names()
        if name not in known:
            raise RaceError(
                _(
                    "there is no station {name}; stations: {known}",
                    name=name,
                    known=", ".join(known) or _("none"),
                ),
            )
        return name

    def moment(self, text: str, entrant: Entrant | None = None, wave: str = "1", may_precede: bool = False) -> Instant:
        """An instant as said at the race, by the gun of the entrant's wave; some `may_precede` it.

        Raises:
            WrongUse: it cannot be read, or could be several.
        """
        wave = self.race.wave_of(entrant, self.race.scans_of(entrant)) if entrant else wave
        guns = self.race.guns
        any_gun = None if text.strip().startswith("+") else min(guns.values(), default=None)  # it tells the day
        return moment(text, guns.get(wave, any_gun), self.opened.zone, may_precede)


def at_desk(opened: OpenRace) -> Office:
    """The desk with everything the log says so far."""
    live = StandingsProjection()
    for recorded in opened.log.read():
        live.apply(recorded)
    live.standings()
    return Office(opened, live, opened.names(live.race))
