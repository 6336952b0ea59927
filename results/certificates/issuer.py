"""Who gets a certificate of an edition, what stands on it, and why the others get none. Pure."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date as Date
from typing import Final

from results.certificates.signed_result import SignedResult
from results.ranking.rows import Flag, Row, Status, fields_of
from results.ranking.standings import Standings
from results.view.eligibility import TITLES, CertificateKind, kind_for, why_none
from results.view.view import pace
from results.view.words import FLAGS, HEADINGS, SEXES, STATES, people
from timing.language import NOTHING, Text, _, listed, pair, verbatim
from timing.printed.certificates import Certificate, Figure
from timing.race.events import EditionPublished
from timing.race.instants import Span, clock_face
from timing.race.known_names import Names
from timing.race.rules import Basis

SENTENCES: Final[dict[CertificateKind, Text]] = {
    "record": _("The runner named above has finished the {course}course of the {race}."),
    "participation": _("The runner named above has taken part in the {course}course of the {race}."),
}
TIMES: Final[dict[Basis, Text]] = {"net": _("Time · net"), "gun": _("Time · gun")}
FROM_THE_GUN: Final = _("Timed from the gun: the start was not seen")
FROM_THE_GUN_UNCOUNTED: Final = _("Timed from the gun: the start seen does not count")
IN_FIELD: Final = ("place", "place_in_sex", "place_in_category")


@dataclass(frozen=True, slots=True)
class CertificateHeader:
    """What all certificates of an edition share; `sign` makes the text of the QR."""

    race: Text
    edition: EditionPublished
    kind: CertificateKind
    day: Date | None
    organiser: str
    sign: Callable[[SignedResult], str]


@dataclass(frozen=True, slots=True)
class NoCertificate:
    """Somebody who gets none, and why."""

    bib: int | None
    why: Text


class CertificateIssuer:
    """Writes the certificates of one edition."""

    def __init__(self, standings: Standings, names: Names, occasion: CertificateHeader) -> None:
        self._standings, self._names, self._occasion = standings, names, occasion
        fields = zip(*(fields_of(row.entrant, standings.rules) for row in standings.ranked), strict=True)
        self._finishers = [Counter(field) for field in fields] or [Counter[str]()] * 3

    def everybody(self) -> list[Certificate | NoCertificate]:
        """The whole field, firm by firm, so that a captain can take a stack home; in each by bib."""
        firm = self._names.companies
        rows = sorted(self._standings.rows, key=lambda row: (firm.get(row.entrant.company, ""), row.entrant.bib or 0))
        return [self.of(row) for row in rows]

    def of(self, row: Row) -> Certificate | NoCertificate:
        """One runner's certificate, or why there is none."""
        bib, reason = row.entrant.bib, why_none(row, self._names)
        if reason or bib is None:
            return NoCertificate(bib, reason or FLAGS[Flag.NO_BIB])
        return self._certificate(row, bib, kind_for(row, self._occasion.kind))

    def _certificate(self, row: Row, bib: int, kind: CertificateKind) -> Certificate:
        company = self._names.companies.get(row.entrant.company, "")
        record, edition = kind == "record", self._occasion.edition
        return Certificate(
            serial=_("No. {number}", number=f"{edition.number}-{bib:04}"),
            race=self._occasion.race,
            title=TITLES[kind],
            warning=_("Provisional: not yet official") if edition.state == "provisional" else NOTHING,
            bib=bib,
            name=self._names.people[row.entrant.id],
            company=company,
            team=self._names.own_team(row.entrant.team),
            course=self._distance if record else "",
            label=TIMES[self._standings.rules.basis] if record else _("Course entered"),
            headline=self._face(row.time) if record else self._distance,
            figures=tuple(self._figures(row)) if record else (),
            sentence=self._sentence(kind),
            date=_day(self._occasion.day),
            organiser=self._occasion.organiser,
            notes=tuple(self._notes(row, record)),
            signed=self._occasion.sign(claim_of(row, edition.number, kind)),
        )

    @property
    def _distance(self) -> str:
        return f"{self._standings.course_m / 1000:g} km" if self._standings.course_m else ""

    def _sentence(self, kind: CertificateKind) -> Text:
        spaced = f"{self._distance} ".lstrip()
        return SENTENCES[kind].filled(race=self._occasion.race, course=spaced)

    def _figures(self, row: Row) -> Iterator[Figure]:
        """The places with how many finished, then the time that does not rank, and the pace."""
        entrant = row.entrant
        given = (row.place, row.sex_place, row.category_place)
        fields = fields_of(entrant, self._standings.rules)
        for key, place, field, finishers, whose in zip(
            IN_FIELD, given, fields, self._finishers, ("", entrant.sex, entrant.category), strict=True
        ):
            if place is not None:
                yield Figure(_labelled(key, whose), f"{place:,}", f"/ {people(f'{finishers[field]:,}').to('ko')}")
        by_net = self._standings.rules.basis == "net"
        other, time = ("gun_time", row.gun_time) if by_net else ("net_time", row.net_time)
        if time is not None:
            yield Figure(HEADINGS[other], self._face(time))
        if row.net_time is not None and self._standings.course_m:
            yield Figure(_("Pace"), pace(row.net_time, self._standings.course_m), "/km")

    def _notes(self, row: Row, record: bool) -> Iterator[Text]:
        edition = self._occasion.edition
        yield _("{state}, edition {number}", state=STATES[edition.state], number=edition.number)
        if record:
            yield _("uncertified course and times")
        if record and row.start_source == "gun":
            yield FROM_THE_GUN_UNCOUNTED if row.judged.uncounted_starts else FROM_THE_GUN
        yield _("The QR holds the signed result")

    def _face(self, time: Span | None) -> str:
        return "" if time is None else clock_face(time, self._standings.rules.rounding)


def claim_of(row: Row, edition: int, kind: CertificateKind = "record") -> SignedResult:
    """A runner's result in an edition, as it is signed; one of participation has no time and no place."""
    bib = row.entrant.bib or 0
    if kind == "participation" or row.status is not Status.FINISHED:
        return SignedResult(edition, bib, None, None, None)
    return SignedResult(edition, bib, row.net_time, row.gun_time, row.place)


def told(found: Sequence[Certificate | NoCertificate]) -> tuple[list[Certificate], list[NoCertificate]]:
    """Certificates and reasons for none, apart."""
    given = [one for one in found if isinstance(one, Certificate)]
    return given, [one for one in found if isinstance(one, NoCertificate)]


def _labelled(key: str, whose: str) -> Text:
    """`성별순위 · 남자`, `In sex · Men`: the figure, and in which field."""
    if not whose:
        return HEADINGS[key]
    name = _("In category") if key == "place_in_category" else HEADINGS[key]
    of = SEXES.get(whose, verbatim(whose)) if key == "place_in_sex" else pair(whose, "")
    return listed([name, of], " · ")


def _day(day: Date | None) -> Text:
    if day is None:
        return NOTHING
    return pair(f"{day.year}년 {day.month}월 {day.day}일", f"{day.day} {MONTHS[day.month - 1]} {day.year}")


MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
