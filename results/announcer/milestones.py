"""Milestones at the finish: the first woman and man, round numbers, a complete team, the last on the course. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Final

from results.ranking.rankings import GroupScore, Ranking
from results.ranking.rows import Row, Status
from results.view.view import View, group_name, ranking_name, score_face
from timing.language import LANGUAGES, Text, _, pair
from timing.race.instants import MILLISECOND, Instant
from timing.race.rules import HEADS

MILESTONES_MOST: Final = 8
FIRST_ROUND: Final = 100
EVERY: Final = 500
LAST_FEW: Final = 3
"""The last people on the course are named when so few are left."""
FIRST_OF: Final = {"M": _("First man in: {who}"), "F": _("First woman in: {who}")}


@dataclass(frozen=True, slots=True)
class Milestone:
    """A sentence in both languages, and its moment in milliseconds since 1970."""

    ko: str
    en: str
    at_ms: int


def milestones(view: View, arrivals: Sequence[Row]) -> list[Milestone]:
    """The newest first; `arrivals` are those who have finished, in the order in which they crossed."""
    found = [*_firsts(view, arrivals), *_rounds(view, arrivals), *_teams(view), *_last(view, arrivals)]
    return sorted(found, key=attrgetter("at_ms"), reverse=True)[:MILESTONES_MOST]


def _firsts(view: View, arrivals: Sequence[Row]) -> Iterator[Milestone]:
    """The first of each sex to cross the line, who need not be the fastest by net time."""
    for sex, told in FIRST_OF.items():
        first = next((row for row in arrivals if row.entrant.sex == sex), None)
        if first:
            yield _said(told.filled(who=_who(view, first)), first.finished_at)


def _rounds(view: View, arrivals: Sequence[Row]) -> Iterator[Milestone]:
    for number in (FIRST_ROUND, *range(EVERY, len(arrivals) + 1, EVERY)):
        if number <= len(arrivals):
            row = arrivals[number - 1]
            yield _said(_("Finisher no. {number}: {who}", number=f"{number:,}", who=_who(view, row)), row.finished_at)


def _teams(view: View) -> Iterator[Milestone]:
    """Groups that have all who count, with the place they hold now."""
    for ranking in view.rankings:
        if ranking.rule.combine not in HEADS and ranking.rule.who == "finished":
            yield from _complete(view, ranking)


def _complete(view: View, ranking: Ranking) -> Iterator[Milestone]:
    """The complete groups of a ranking; the moment is that of the last finisher who counts."""
    company = ranking.rule.group == "company"
    called = view.names.companies if company else view.names.teams
    for score in ranking.scores:
        if score.score is not None and score.counters:
            yield _team(view, ranking, score, group_name(called, score))


def _team(view: View, ranking: Ranking, score: GroupScore, name: str) -> Milestone:
    rule = ranking.rule
    at = max(row.finished_at for row in score.counters)
    title = pair(*(ranking_name(rule, language) for language in LANGUAGES))
    score_text = pair(*(score_face(rule, score.score, language) for language in LANGUAGES))
    told = _(
        "{name}: all {people} in, now {place} in {ranking} ({score})",
        name=name, people=len(score.counters), place=score.place, ranking=title, score=score_text,
    )  # fmt: skip
    return _said(told, Instant(at))


def _last(view: View, arrivals: Sequence[Row]) -> Iterator[Milestone]:
    """Who is still out when only a few are, and when everybody is in."""
    out = [row for row in view.standings.rows if row.status is Status.STARTED]
    if arrivals and len(out) <= LAST_FEW:
        at = arrivals[-1].finished_at
        who = ", ".join(_who(view, row) for row in out)
        yield _said(
            _("{number} still out: {who}", number=len(out), who=who) if out else _("Everybody who started is in"), at
        )


def _who(view: View, row: Row) -> str:
    """A bib, a name and a firm, as far as they may be said."""
    if row.ruled.withheld:
        return _("Withheld").to("ko")
    company = view.names.company(row.entrant.company)
    name = view.names.people.get(row.entrant.id, "")
    return " ".join(filter(None, (str(row.entrant.bib or ""), name, f"({company})" if company else "")))


def _said(told: Text, at: Instant) -> Milestone:
    return Milestone(told.to("ko"), told.to("en"), at // MILLISECOND)
