"""One spelling for each sex, category and wave: what the race or its rules knew first, else the file's first. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from bibs.roster.entries.entry import Entry, Fault
from timing.language import Text, _
from timing.race.fold import Race
from timing.race.known_names import Names
from timing.race.office_state import Entrant
from timing.race.rules import Rules
from timing.race.spelling import company_key, group_key, look_alike

Grouping = Literal["sex", "category", "wave"]
GROUPINGS: tuple[Grouping, ...] = ("sex", "category", "wave")


class Spellings:
    """Remembers how each group was first spelled."""

    def __init__(self, race: Race) -> None:
        self._known: dict[Grouping, dict[str, str]] = {grouping: {} for grouping in GROUPINGS}
        for entrant in race.entrants.values():
            for grouping in GROUPINGS:
                self.settle(grouping, getattr(entrant, grouping))
        for wave in race.office.waves.values():
            self.settle("wave", wave)
        for category in _named_categories(race.rules):
            self.settle("category", category)

    def settle(self, grouping: Grouping, text: str | None) -> str | None:
        """The stored spelling of a text; empty stays empty."""
        return self._known[grouping].setdefault(group_key(text), text) if text else text


def _named_categories(rules: Rules) -> Iterator[str]:
    yield from (group.name for group in rules.age_group)
    for rule in rules.ranking:
        yield from rule.only_category


def alike(
    entries: Iterable[Entry], entered: Iterable[Entrant], names: Mapping[str, str], all_names: Names
) -> list[Fault]:
    """Groups of these rows and known groups with similar names; `entered` is everybody, these rows' people included.

    `names` are the firms of the race that the rows name, by id.
    """
    people, rows = list(entered), list(entries)
    found = [*_alike_firms(people, names, all_names)]
    used = {"category": {row.category for row in rows}, "wave": {row.wave for row in rows}}
    for grouping, told in (("category", _("category")), ("wave", _("wave"))):
        counts = Counter(getattr(one, grouping) for one in people)
        keys = {group_key(text) for text in used[grouping] if text}
        found += _asked(told, look_alike(filter(None, counts)), counts, keys)
    runners = Counter(one.team for one in people)
    by_firm: dict[str, Counter[str]] = {firm: Counter() for firm in (*names, "")}
    for key, team in all_names.own.items():
        if team.company in by_firm and runners[key]:
            by_firm[team.company][team.name] += runners[key]
    keys = {group_key(text) for row in rows for text in (row.team, row.joint_team) if text}
    for firm, counts in by_firm.items():
        found += _asked(_("team") if firm else _("joint team"), look_alike(counts), counts, keys, names.get(firm, ""))
    return found


def _alike_firms(people: Iterable[Entrant], used: Mapping[str, str], names: Names) -> Iterator[Fault]:
    runners = Counter(one.company for one in people)
    by_key = {company_key(names.companies.get(firm, "")): firm for firm in runners}
    for keys in look_alike(by_key):
        firms = [by_key[key] for key in keys if key in by_key]
        if used.keys().isdisjoint(firms):
            continue
        told = ", ".join(f"{names.companies[firm]}({runners[firm]})" for firm in firms)
        one, other = (names.companies[firm] for firm in sorted(firms, key=lambda firm: runners[firm])[:2])
        yield Fault(
            f"{_('firm')} {told}",
            _(
                "look alike; if they are one firm: marathon rule merge '{one}' '{other}' --why 'one firm'",
                one=one,
                other=other,
            ),
        )


def _asked(
    what: Text, groups: Iterable[tuple[str, ...]], counts: Mapping[str, int], used: set[str], firm: str = ""
) -> Iterator[Fault]:
    for texts in groups:
        if used.isdisjoint(map(group_key, texts)):
            continue
        told = ", ".join(f"{text!r}({counts.get(text, 0)})" for text in texts)
        yield Fault(
            f"{what} {firm + ': ' if firm else ''}{told}",
            _("look alike; if they are one, write one of them in the roster and import it again"),
        )
