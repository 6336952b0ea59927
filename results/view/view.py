"""Turns standings into the words and figures that a page shows, with masked names. Pure."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from operator import attrgetter
from typing import Literal
from zoneinfo import ZoneInfo

from results.ranking.places import grouped
from results.ranking.rankings import GroupScore, Ranking, rankings
from results.ranking.rows import Row, Status
from results.ranking.standings import Standings
from results.view.editions import State
from results.view.eligibility import CertificateKind
from results.view.names import public_name
from results.view.words import COUNTED, SEXES, STATES, STATUSES, people
from timing.language import LANGUAGES, Language, Text, _, listed, pair, verbatim
from timing.race.events import EditionPublished
from timing.race.firms import FirmCard
from timing.race.instants import Instant, Span, clock_face
from timing.race.known_names import Names
from timing.race.rules import HEADS, GroupRule

OUT = (Status.STARTED, Status.FINISHED, Status.DNF, Status.DSQ)
"""Who has started."""


Shown = State | Literal["hidden"]
Drawing = Callable[[FirmCard, str], str]
"""Draws a text as a QR in a firm's design, or of the empty text the firm's badge, its colour and logo: an `<svg>` to stand in a
page, empty where nothing can be drawn."""


def undrawn(card: FirmCard, text: str) -> str:
    """No codes: whoever shows this view has no printer."""
    return ""


InEdition = Callable[[int], Row | None]


def in_no_edition(bib: int) -> Row | None:
    """No edition was given out, or nobody can make it again here."""
    return None


@dataclass(frozen=True)
class View:
    """Everything the public pages are made of, at one position of the log."""

    version: int
    race_name: dict[Language, str]
    course_m: int
    standings: Standings
    names: Names
    zone: ZoneInfo
    state: Shown = "provisional"
    edition: EditionPublished | None = None
    """The last one given out."""
    takes_messages: bool = False
    """Whether somebody behind the board reads what is typed into "my time is missing"."""
    guns: tuple[Instant, ...] = ()
    """When each wave was let go, the first one first."""
    hidden: bool = False
    """Whether the public sees no results for now; what it sees instead is made by `hidden`."""
    counted: Mapping[str, int] | None = None
    """How many are entered, started and so on, where the standings must not tell."""
    cards: Mapping[str, FirmCard] = field(default_factory=dict)
    """Firms' cards, by company id."""
    host: str = ""
    """The race's own address in its QR codes."""
    draw: Drawing = undrawn
    revision: int = 0
    """The revision of what is shown besides the log; see `results.board.board_directory`."""
    certificate: CertificateKind = "record"
    """What finishers get."""
    in_edition: InEdition = in_no_edition
    """What the last edition says of whoever wore a bib."""
    note: Callable[[], str] = str
    """The last signed checkpoint of the log, as of now."""
    merged: Mapping[str, str] = field(default_factory=dict)
    """Firms that became part of another one, to that one."""
    lists: Callable[[Standings, Names], Sequence[Ranking]] = rankings

    @cached_property
    def rankings(self) -> Sequence[Ranking]:
        """The group rankings, made when first used: most versions are replaced before."""
        return self.lists(self.standings, self.names)

    @property
    def stamp(self) -> str:
        """`<version>-<revision>`: two views of one stamp show the same, except counts."""
        return f"{self.version}-{self.revision}"


@dataclass(frozen=True, slots=True)
class ResultLine:
    """One entrant as a public page shows them; `exact` is set where times look equal and are not."""

    place: int | None
    bib: int | None
    name: str
    company_id: str
    company: str
    team: str
    category: str
    gun: str
    pace: str
    time: str
    exact: str
    status: str


@dataclass(frozen=True, slots=True)
class GroupLine:
    """One group in a ranking."""

    place: int
    name: str
    link: str
    counters: str
    score: str


@dataclass(frozen=True, slots=True)
class FirmLine:
    """One firm and how many of its people are entered, have started and have finished."""

    company_id: str
    name: str
    registered: int
    started: int | None
    finished: int | None
    """None while results are hidden."""

    @property
    def link(self) -> str:
        """The path of its page on the board."""
        return f"c/{self.company_id}.html"

    @property
    def share(self) -> str:
        """How many of those entered are in, in whole percent."""
        return f"{self.finished * 100 // self.registered}%" if self.registered and self.finished is not None else ""


def lines(view: View, rows: Sequence[Row], places: Sequence[int | None], language: Language) -> list[ResultLine]:
    """Rows for a table, with the places that count in it."""
    places_at: dict[str, set[int | None]] = {}
    for row, place in zip(rows, places, strict=True):
        places_at.setdefault(_face(view, row.time), set()).add(place)
    return [
        _line(view, row, place, language, exact=len(places_at[_face(view, row.time)]) > 1)
        for row, place in zip(rows, places, strict=True)
    ]


def _line(view: View, row: Row, place: int | None, language: Language, exact: bool) -> ResultLine:
    entrant = row.entrant
    if row.ruled.withheld:
        return _withheld(view, row, place, language)
    company = view.names.company(entrant.company)
    return ResultLine(
        place,
        entrant.bib,
        public_name(view.names, entrant.id),
        entrant.company,
        company,
        view.names.own_team(entrant.team),
        " ".join(filter(None, (sex_label(entrant.sex, language), entrant.category))),
        _face(view, row.gun_time),
        pace(row.net_time, view.course_m),
        _face(view, row.time),
        clock_face(row.time, "none") if exact and row.time is not None else "",
        (STATES["hidden"] if view.state == "hidden" else STATUSES[row.status]).to(language),
    )


def _withheld(view: View, row: Row, place: int | None, language: Language) -> ResultLine:
    """The place and the time, and nothing that tells whose they are."""
    nobody = _("Withheld").to(language)
    gun, time = _face(view, row.gun_time), _face(view, row.time)
    return ResultLine(place, None, nobody, "", "", "", "", gun, pace(row.net_time, view.course_m), time, "", nobody)


def _face(view: View, time: Span | None) -> str:
    return "" if time is None else clock_face(time, view.standings.rules.rounding)


def pace(time: Span | None, course_m: int) -> str:
    """Minutes and seconds per kilometre, rounded down from the exact time."""
    if time is None or not course_m:
        return ""
    return clock_face(Span(time * 1_000 // course_m), "down")


def sex_label(sex: str, language: Language) -> str:
    return SEXES[sex].to(language) if sex in SEXES else sex


def group_lines(view: View, ranking: Ranking, language: Language) -> list[GroupLine]:
    company = ranking.rule.group == "company"
    called = view.names.companies if company else view.names.teams
    return [
        GroupLine(
            score.place,
            group_name(called, score),
            f"c/{score.group}.html" if company else "",
            _counters(ranking.rule, score),
            score_face(ranking.rule, score.score, language),
        )
        for score in ranking.scores
    ]


def group_name(called: Mapping[str, str], score: GroupScore) -> str:
    """A group's name, and which of its teams where it has several: 가산정밀, 가산정밀 2."""
    name = called.get(score.group) or score.group
    return f"{name} {score.team + 1}" if score.team else name


def _counters(rule: GroupRule, score: GroupScore) -> str:
    """The bibs of those who count; where heads are counted, nobody wants to read them all."""
    if rule.combine in HEADS:
        return ""
    return " ".join("–" if row.ruled.withheld else str(row.entrant.bib) for row in score.counters)


def card_of(view: View, company: str) -> FirmCard:
    """What a firm shows of itself; an empty card where it gave nothing."""
    return view.cards.get(company) or FirmCard(company)


def firm_lines(view: View) -> list[FirmLine]:
    """Every firm with its people, in the order of its name: also those who have no finisher yet."""
    members = grouped(view.standings.rows, lambda row: row.entrant.company)
    firms = [
        FirmLine(
            key,
            view.names.company(key),
            sum(row.status is not Status.WITHDRAWN for row in rows),
            None if view.state == "hidden" else sum(row.status in OUT for row in rows),
            None if view.state == "hidden" else sum(row.status is Status.FINISHED for row in rows),
        )
        for key, rows in members.items()
    ]
    return sorted(firms, key=attrgetter("name"))


def ranking_name(rule: GroupRule, language: Language) -> str:
    """What a ranking is called in this language."""
    return rule.name_en if language == "en" and rule.name_en else rule.name


def ranking_title(rule: GroupRule, division: str) -> Text:
    """A ranking's name, and which of its lists where there are several."""
    name = pair(*(ranking_name(rule, language) for language in LANGUAGES))
    return name if division == "all" else listed([name, SEXES.get(division) or verbatim(division)], " · ")


def score_face(rule: GroupRule, score: Fraction | None, language: Language) -> str:
    """A group's score as people read it: people, a share, won, places, or a time to the tenth of a second."""
    if score is None:
        return "–"
    if rule.combine == "count":
        return people(score.numerator).to(language)
    if rule.combine == "share":
        permille = score.numerator * 1_000 // score.denominator
        return f"{permille // 10}.{permille % 10}%"
    if rule.combine == "donation":
        return _("KRW {amount}", amount=f"{score.numerator:,}").to(language)
    if rule.by == "place" and rule.combine != "together":
        return f"{float(score):.2f}".rstrip("0").rstrip(".")
    exact = clock_face(Span(round(score)), "none")
    return exact[:-2]


def state_words(view: View) -> Text:
    """Official with the edition's number; else provisional, and since which official edition results have changed.

    Live results are no edition, so a provisional one lends them no number.
    """
    edition = view.edition
    if edition is None or edition.state != "official" or view.state == "hidden":
        return STATES[view.state]
    if view.state == "official":
        return _("Official results, edition {number}", number=edition.number)
    return _("Provisional: changed since official edition {number}", number=edition.number)


def counts(view: View, language: Language) -> list[tuple[str, int]]:
    """How many are entered, started, on the course and in."""
    return [(COUNTED[key].to(language), number) for key, number in counted(view).items()]


def counted(view: View) -> Mapping[str, int]:
    """The same by key, also while results are hidden."""
    return tally(view.standings) if view.counted is None else view.counted


def tally(standings: Standings) -> dict[str, int]:
    """How many of these standings are entered, started, on the course and in."""
    found = Counter[Status]()
    for (status, *__), number in standings.status_counts.items():
        found[status] += number
    return {
        "registered": found.total() - found[Status.WITHDRAWN],
        "started": sum(found[status] for status in OUT),
        "on_course": found[Status.STARTED],
        "finished": found[Status.FINISHED],
    }
