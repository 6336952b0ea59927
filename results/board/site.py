"""A view's rows by bib, by firm and by list; which lists the board has, and their addresses. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log
from typing import Protocol

from results.board.page_addresses import CATEGORY, OVERALL, PARTICIPATION, RANKING, SEX
from results.board.plots import PlotFigures, figures_of
from results.ranking.places import grouped
from results.ranking.rankings import GroupScore, Ranking, sex_order
from results.ranking.rows import Row, category_field
from results.view.view import FirmLine, View, counted, firm_lines, ranking_title
from results.view.words import SEXES
from timing.language import Language, Text, _, listed, verbatim

ROWS_ON_A_PAGE = 100
ABOUT = 1.1
PLACES = ("place", "sex_place", "category_place")


Maker = Callable[[], str | bytes]


@dataclass(frozen=True, slots=True)
class Part:
    """What a feature puts into a page, as HTML: into its head, above its title, and below it."""

    head: str = ""
    top: str = ""
    body: str = ""


class Section(Protocol):
    """What a feature shows on the board at one moment; see `results.board.plugs`. Sections that show the same are equal."""

    @property
    def tab(self) -> tuple[str, Text]:
        """Its page, and what that is called."""
        ...

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders that hold nothing but files of its own."""
        ...

    @property
    def shown(self) -> object:
        """All that its pages show except counts: the revision is made of it."""
        ...

    def files(self, site: "Site") -> Mapping[str, Maker]:
        """Its files, by path; none of them is kept by version."""
        ...

    def links(self, language: Language) -> list[tuple[str, str]]:
        """Links for the front page: path and text."""
        ...

    def on_firm(self, site: "Site", language: Language, company: str) -> Part:
        """What it puts into a firm's page."""
        ...


@dataclass(frozen=True, slots=True)
class RunnerList:
    """A list of finishers: its address without ending, its title, and which of a runner's places counts in it."""

    address: str
    title: Text
    field: int
    name: str

    def place(self, row: Row) -> int | None:
        place: int | None = getattr(row, PLACES[self.field])
        return place


@dataclass(frozen=True, slots=True)
class GroupList:
    """A list of firms or teams: its address without ending, its title, and the ranking."""

    address: str
    title: Text
    ranking: Ranking


class Site:
    """What the files of one version are made from; each part is computed when first used."""

    def __init__(self, view: View, sections: Sequence[Section] = ()) -> None:
        self.view, self.sections = view, sections

    @cached_property
    def shown(self) -> dict[int, Row]:
        """Those who have a page of their own, by bib."""
        rows = self.view.standings.rows
        return {row.entrant.bib: row for row in rows if row.entrant.bib is not None and not row.ruled.withheld}

    @cached_property
    def members(self) -> dict[str, list[Row]]:
        """Everybody by firm, in the order of the standings."""
        return grouped(self.view.standings.rows, lambda row: row.entrant.company)

    @cached_property
    def figures(self) -> PlotFigures:
        """What the plots are drawn from."""
        return figures_of(self.view.standings.ranked)

    @cached_property
    def field_size(self) -> int:
        """A number that changes with the size of the field by about a tenth while people are still out: runners' pages are written again by it."""
        number = len(self.view.standings.ranked)
        return round(log(number, ABOUT)) if number and counted(self.view)["on_course"] else -number

    @cached_property
    def runner_lists(self) -> dict[str, RunnerList]:
        """The lists of runners by address. Numbered among all who are entered: an address stays while people come in."""
        rules, kinds = self.view.standings.rules, self.view.standings.status_counts
        sexes = {sex for _, sex, _ in kinds}
        fields = {
            category_field(sex, category, rules): (category, sex) for _, sex, category in sorted(kinds) if category
        }
        found = [RunnerList(OVERALL, _("Runners"), 0, "all")]
        for number, sex in enumerate(sorted(sexes - {""}, key=sex_order), 1):
            found.append(RunnerList(SEX.format(number=number), _sex(sex), 1, sex))
        within = {field: whose if rules.category_within == "sex" else "" for field, (_, whose) in fields.items()}
        categories = sorted(fields.items(), key=lambda one: (sex_order(within[one[0]]), one[1][0]))
        for number, (field, (category, *__)) in enumerate((one for one in categories if one[0]), 1):
            title = listed([_sex(within[field]), verbatim(category)], " ")
            found.append(RunnerList(CATEGORY.format(number=number), title, 2, field))
        return {one.address: one for one in found}

    def rows_of(self, one: RunnerList) -> Sequence[Row]:
        """The finishers of a list, in order."""
        standings = self.view.standings
        return standings.ranked if one.address == OVERALL else standings.fields.get((one.field, one.name), ())

    @cached_property
    def group_lists(self) -> dict[str, GroupList]:
        """The lists of groups by address: the number of the rule, and of its list where it has several."""
        rules = list(self.view.standings.rules.ranking)
        found: dict[str, GroupList] = {}
        for ranking in self.view.rankings:
            number = rules.index(ranking.rule) + 1
            divided = "" if ranking.division == "all" else f"-{self._division(ranking)}"
            address = RANKING.format(ranking=f"{number}{divided}")
            found[address] = GroupList(address, ranking_title(ranking.rule, ranking.division), ranking)
        return found

    def _division(self, ranking: Ranking) -> int:
        """The number of a list among those that its rule can have, whether they have anybody yet or not."""
        rule, kinds = ranking.rule, self.view.standings.status_counts
        if rule.mix:
            return [mix.name for mix in rule.mix].index(ranking.division) + 1
        if rule.division == "size":
            return rule.size_bands.index(ranking.division) + 1
        if rule.division == "sex":
            return sorted({sex for _, sex, _ in kinds} - {""}, key=sex_order).index(ranking.division) + 1
        return sorted({category for _, _, category in kinds} - {""}).index(ranking.division) + 1

    @cached_property
    def scores_of(self) -> dict[tuple[str, str], list[tuple[GroupList, GroupScore]]]:
        """Where each company or team stands, list by list; by what it is and its id."""
        found: dict[tuple[str, str], list[tuple[GroupList, GroupScore]]] = {}
        for one in self.group_lists.values():
            for score in one.ranking.scores:
                found.setdefault((one.ranking.rule.group, score.group), []).append((one, score))
        return found

    @cached_property
    def firms(self) -> list[FirmLine]:
        """Every firm, those with the most finishers first."""
        return sorted(firm_lines(self.view), key=lambda firm: (-(firm.finished or 0), -firm.registered, firm.name))

    @cached_property
    def firm_of(self) -> dict[str, FirmLine]:
        """The same by id."""
        return {firm.company_id: firm for firm in self.firms}

    def company_now(self, company: str) -> str:
        """The firm into which this one was merged; itself if it was not."""
        return self.view.merged.get(company, company)

    def pages_of(self, address: str) -> int:
        """How many pages a list fills; at least one."""
        return max(1, -(-self._length(address) // ROWS_ON_A_PAGE))

    def _length(self, address: str) -> int:
        if address == PARTICIPATION:
            return len(self.firms)
        if address in self.runner_lists:
            return len(self.rows_of(self.runner_lists[address]))
        return len(self.group_lists[address].ranking.scores)

    def addresses(self) -> Iterator[str]:
        """Every list."""
        yield from self.runner_lists
        yield from self.group_lists
        yield PARTICIPATION


def page_path(address: str, number: int = 1) -> str:
    """The path of a list's page.

    >>> page_path("overall"), page_path("overall", 2), page_path("sex/1"), page_path("sex/1", 3)
    ('index.html', 'overall/2.html', 'sex/1.html', 'sex/1/3.html')
    """
    if number > 1:
        return f"{address}/{number}.html"
    return "index.html" if address == OVERALL else f"{address}.html"


def withdrawn(before: Site, now: Site) -> bool:
    """Whether an older version shows what the public may not see any more.

    So it is where results were hidden since, somebody left the board, or a name, a consent or a firm's card is another.
    """
    old, new = before.view, now.view
    hidden = new.state == "hidden" != old.state
    return hidden or old.revision != new.revision or not _ids(before) <= _ids(now)


def _ids(site: Site) -> set[str]:
    return {row.entrant.id for row in site.shown.values()}


def _sex(sex: str) -> Text:
    return SEXES.get(sex) or verbatim(sex)
