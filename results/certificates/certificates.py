"""Who gets a certificate of an edition, what stands on it, and why the others get none. Pure."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date as Date
from typing import Final

from results.certificates.claims import Claim
from results.display import pace, sex_label
from results.entitled import Kind, kind_for, why_none
from results.messages import LANGUAGES, message
from results.ranking.rows import Row, Status, fields_of
from results.ranking.standings import Standings
from timing.printed.certificates import Certificate, Figure
from timing.printed.sheets import Words, name_words
from timing.race.events import EditionPublished
from timing.race.instants import Span, clock_face
from timing.race.known_names import Names
from timing.race.rules import Basis

TITLES: Final[dict[Kind, str]] = {"record": "certificate_record", "participation": "certificate_participation"}
SENTENCES: Final[dict[Kind, str]] = {"record": "sentence_record", "participation": "sentence_participation"}
TIMES: Final[dict[Basis, str]] = {"net": "time_net", "gun": "time_gun"}
IN_FIELD: Final = ("place", "place_in_sex", "place_in_category")


@dataclass(frozen=True, slots=True)
class Occasion:
    """What all certificates of an edition share; `sign` makes the text of the QR."""

    race: Words
    edition: EditionPublished
    kind: Kind
    day: Date | None
    organiser: str
    sign: Callable[[Claim], str]


@dataclass(frozen=True, slots=True)
class NoCertificate:
    """Somebody who gets none, and why."""

    bib: int | None
    why: Words


class Certifier:
    """Writes the certificates of one edition."""

    def __init__(self, standings: Standings, names: Names, occasion: Occasion) -> None:
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
            return NoCertificate(bib, _words(reason or "flag_no_bib"))
        return self._certificate(row, bib, kind_for(row, self._occasion.kind))

    def _certificate(self, row: Row, bib: int, kind: Kind) -> Certificate:
        company = self._names.companies.get(row.entrant.company, "")
        record, edition = kind == "record", self._occasion.edition
        return Certificate(
            serial=_words("serial", number=f"{edition.number}-{bib:04}"),
            race=name_words(*self._occasion.race),
            title=_words(TITLES[kind]),
            warning=_words("certificate_provisional") if edition.state == "provisional" else ("", ""),
            bib=bib,
            name=self._names.people[row.entrant.id],
            company=company,
            team=self._names.own_team(row.entrant.team),
            course=self._distance if record else "",
            label=_words(TIMES[self._standings.rules.basis] if record else "course_entered"),
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

    def _sentence(self, kind: Kind) -> Words:
        korean, english = _words(SENTENCES[kind])
        spaced = f"{self._distance} ".lstrip()
        race = self._occasion.race
        return korean.format(race=race[0], course=spaced), english.format(race=race[1], course=spaced)

    def _figures(self, row: Row) -> Iterator[Figure]:
        """The places with how many finished, then the time that does not rank, and the pace."""
        entrant, people = row.entrant, message("people", "ko")
        given = (row.place, row.sex_place, row.category_place)
        fields = fields_of(entrant, self._standings.rules)
        for key, place, field, finishers, whose in zip(
            IN_FIELD, given, fields, self._finishers, ("", entrant.sex, entrant.category), strict=True
        ):
            if place is not None:
                yield Figure(_labelled(key, whose), f"{place:,}", f"/ {finishers[field]:,}{people}")
        by_net = self._standings.rules.basis == "net"
        other, time = ("gun_time", row.gun_time) if by_net else ("net_time", row.net_time)
        if time is not None:
            yield Figure(_words(other), self._face(time))
        if row.net_time is not None and self._standings.course_m:
            yield Figure(_words("pace"), pace(row.net_time, self._standings.course_m), "/km")

    def _notes(self, row: Row, record: bool) -> Iterator[Words]:
        edition = self._occasion.edition
        korean, english = _words(edition.state)
        number = _words("edition_number")
        yield f"{korean} {edition.number}{number[0]}", f"{english}, {number[1]} {edition.number}"
        if record:
            yield _words("uncertified")
        if record and row.start_source == "gun":
            yield _words("from_the_gun_uncounted" if row.judged.uncounted_starts else "from_the_gun")
        yield _words("certificate_qr")

    def _face(self, time: Span | None) -> str:
        return "" if time is None else clock_face(time, self._standings.rules.rounding)


def claim_of(row: Row, edition: int, kind: Kind = "record") -> Claim:
    """What an edition says of a runner, as it is signed; a certificate of participation claims no time."""
    bib = row.entrant.bib or 0
    if kind == "participation" or row.status is not Status.FINISHED:
        return Claim(edition, bib, None, None, None)
    return Claim(edition, bib, row.net_time, row.gun_time, row.place)


def told(found: Sequence[Certificate | NoCertificate]) -> tuple[list[Certificate], list[NoCertificate]]:
    """Those who get one, and those who do not."""
    given = [one for one in found if isinstance(one, Certificate)]
    return given, [one for one in found if isinstance(one, NoCertificate)]


def _labelled(key: str, whose: str) -> Words:
    """`성별순위 · 남자`, `In sex · Men`: the figure, and in which field."""
    korean, english = _words(key)
    if not whose:
        return korean, english
    of = (sex_label(whose, "ko"), sex_label(whose, "en")) if key == "place_in_sex" else (whose, "")
    name = _words("place_in_category_short")[0] if key == "place_in_category" else korean
    return f"{name} · {of[0]}", f"{english} · {of[1]}" if of[1] else english


def _day(day: Date | None) -> Words:
    if day is None:
        return "", ""
    return f"{day.year}년 {day.month}월 {day.day}일", f"{day.day} {MONTHS[day.month - 1]} {day.year}"


MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)


def _words(key: str, **put: object) -> Words:
    korean, english = (
        message(key, language).format(**put) if put else message(key, language) for language in LANGUAGES
    )
    return korean, english
