"""Prizes: whether their rankings, lists and forerunners exist."""

from collections.abc import Iterator, Sequence

from timing.language import _
from timing.race.lint.finding import RuleFinding, doubled, error, warning
from timing.race.lint.ranking_checks import INDIVIDUAL
from timing.race.rules import GroupRule, Prize, Rules


def prize_findings(rules: Rules) -> Iterator[RuleFinding]:
    """What is to be said about the prizes."""
    for name in doubled([prize.name for prize in rules.prize]):
        yield error(f"prize {name!r}", _("two prizes have this name"))
    for at, prize in enumerate(rules.prize):
        yield from _ranking(prize, rules)
        yield from _unless(prize, rules.prize[:at], rules)


def _ranking(prize: Prize, rules: Rules) -> Iterator[RuleFinding]:
    where = f"prize {prize.name!r}"
    rule = next((rule for rule in rules.ranking if rule.name == prize.ranking), None)
    if rule is None and prize.ranking not in INDIVIDUAL:
        known = ", ".join([*INDIVIDUAL, *(rule.name for rule in rules.ranking)])
        yield error(
            where,
            _("there is no ranking {ranking!r}; there are: {known}", ranking=prize.ranking, known=known),
        )
        return
    lists = _lists(rule, prize.ranking)
    if prize.division and lists is not None and prize.division not in lists:
        yield error(
            where,
            _(
                "{ranking!r} has no list {division!r}: {lists}",
                ranking=prize.ranking,
                division=prize.division,
                lists=", ".join(lists) or _("there is only one"),
            ),
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


def _unless(prize: Prize, earlier: Sequence[Prize], rules: Rules) -> Iterator[RuleFinding]:
    where, before = f"prize {prize.name!r}", {one.name: one for one in earlier}
    everyone = {one.name for one in rules.prize}
    for name in prize.unless:
        if name not in everyone:
            yield error(where, _("unless: there is no prize {name!r}", name=name))
        elif name not in before:
            yield error(
                where,
                _("unless: {name!r} must stand above this prize", name=name),
            )
        elif _honours(before[name], rules) != _honours(prize, rules):
            yield warning(
                where,
                _("unless: {name!r} honours others (runners, firms, teams), so nobody can win both", name=name),
            )


def _honours(prize: Prize, rules: Rules) -> str:
    """Whom a prize honours: runners, companies or teams."""
    return next((rule.group for rule in rules.ranking if rule.name == prize.ranking), "runner")
