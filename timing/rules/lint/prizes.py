"""Prizes: whether their rankings, lists and forerunners exist."""

from collections.abc import Iterator, Sequence

from timing.rules import GroupRule, Prize, Rules
from timing.rules.lint.finding import Finding, doubled, error, warning
from timing.rules.lint.rankings import INDIVIDUAL


def prize_findings(rules: Rules) -> Iterator[Finding]:
    """What is to be said about the prizes."""
    for name in doubled([prize.name for prize in rules.prize]):
        yield error(f"prize {name!r}", "같은 이름의 상이 둘입니다", "two prizes have this name")
    for at, prize in enumerate(rules.prize):
        yield from _ranking(prize, rules)
        yield from _unless(prize, rules.prize[:at], rules)


def _ranking(prize: Prize, rules: Rules) -> Iterator[Finding]:
    where = f"prize {prize.name!r}"
    rule = next((rule for rule in rules.ranking if rule.name == prize.ranking), None)
    if rule is None and prize.ranking not in INDIVIDUAL:
        known = ", ".join([*INDIVIDUAL, *(rule.name for rule in rules.ranking)])
        yield error(
            where,
            f"{prize.ranking!r} 순위가 없습니다. 있는 것: {known}",
            f"there is no ranking {prize.ranking!r}; there are: {known}",
        )
        return
    lists = _lists(rule, prize.ranking)
    if prize.division and lists is not None and prize.division not in lists:
        korean = f"{prize.ranking!r}에는 {prize.division!r} 목록이 없습니다: {', '.join(lists) or '하나뿐'}"
        yield error(
            where,
            korean,
            f"{prize.ranking!r} has no list {prize.division!r}: {', '.join(lists) or 'there is only one'}",
        )


def _lists(rule: GroupRule | None, ranking: str) -> list[str] | None:
    """The lists that a ranking can have; None where only the entries tell."""
    if rule is None:
        return [] if ranking == "overall" else None
    if rule.mix:
        return [mix.name for mix in rule.mix]
    if rule.division == "size":
        return rule.size_bands
    return [] if rule.division == "all" else None


def _unless(prize: Prize, earlier: Sequence[Prize], rules: Rules) -> Iterator[Finding]:
    where, before = f"prize {prize.name!r}", {one.name: one for one in earlier}
    everyone = {one.name for one in rules.prize}
    for name in prize.unless:
        if name not in everyone:
            yield error(where, f"unless: {name!r} 상이 없습니다", f"unless: there is no prize {name!r}")
        elif name not in before:
            yield error(
                where,
                f"unless: {name!r}은(는) 이 상보다 앞에 있어야 합니다",
                f"unless: {name!r} must stand above this prize",
            )
        elif _honours(before[name], rules) != _honours(prize, rules):
            yield warning(
                where,
                f"unless: {name!r}은(는) 다른 대상(개인, 소속, 팀)의 상이라 아무도 겹치지 않습니다",
                f"unless: {name!r} honours others (runners, firms, teams), so nobody can win both",
            )


def _honours(prize: Prize, rules: Rules) -> str:
    """Whom a prize honours: runners, companies or teams."""
    return next((rule.group for rule in rules.ranking if rule.name == prize.ranking), "runner")
