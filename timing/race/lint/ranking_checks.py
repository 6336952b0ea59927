"""Group rankings that cannot be meant so: names, windows, compositions, and keys that do nothing."""

from collections.abc import Iterator
from itertools import pairwise

from timing.language import _
from timing.race.lint.finding import RuleFinding, doubled, error, warning
from timing.race.rules import HEADS, GroupRule, Rules
from timing.race.spelling import field_key

INDIVIDUAL = ("overall", "sex", "category")
"""The rankings of runners, which a prize names by these words."""
WINDOW_MOST_S = (
    60  # above that chance gathers ten of a large firm; in a race without such a prize 120 s did so for 11 of 80
)
TOGETHER_LEAST = 5  # three of a firm cross within 5 s in every fourth firm


def ranking_findings(rules: Rules) -> Iterator[RuleFinding]:
    """What is to be said about the group rankings."""
    for name in doubled([rule.name for rule in rules.ranking]):
        yield error(_where(name), _("two rankings have this name"))
    for rule in rules.ranking:
        where = _where(rule.name)
        if rule.name in INDIVIDUAL:
            yield error(where, _("this is the name of a ranking of runners"))
        for checks in (_together, _heads, _places, _sizes, _mixes, _ties, _idle):
            yield from checks(rule, where)


def _where(name: str) -> str:
    return f"ranking {name!r}"


def _together(rule: GroupRule, where: str) -> Iterator[RuleFinding]:
    if rule.combine != "together":
        return
    if rule.window_s is None:
        yield error(where, _("`together` needs window_s"))
    elif rule.window_s > WINDOW_MOST_S:
        yield warning(
            where,
            _(
                "window_s is over {window_most_s} s: people who came in together by chance win too",
                window_most_s=WINDOW_MOST_S,
            ),
        )
    if rule.group == "company" and rule.pick < TOGETHER_LEAST:
        yield warning(
            where,
            _(
                "{pick} of a firm come in together by chance; let small groups declare themselves as teams",
                pick=rule.pick,
            ),
        )


def _heads(rule: GroupRule, where: str) -> Iterator[RuleFinding]:
    if rule.combine == "donation" and not rule.won_per_km:
        yield error(where, _("`donation` needs won_per_km"))
    if rule.combine == "share" and rule.group == "team":
        yield error(where, _("only companies have a number of employees"))
    if rule.combine == "share" and not rule.min_members:
        yield warning(
            where,
            _("without min_members a firm of one with one runner is on top"),
        )


def _places(rule: GroupRule, where: str) -> Iterator[RuleFinding]:
    least = 1 if rule.combine in HEADS or rule.mix else rule.pick
    if rule.displace and rule.displace < least:
        yield error(where, _("displace is less than pick"))
    if rule.displace and rule.mix:
        yield error(where, _("`displace` and `mix` do not go together"))
    if rule.max_members and rule.max_members < max(rule.min_members, least):
        yield error(where, _("max_members is so small that nobody ranks"))


def _sizes(rule: GroupRule, where: str) -> Iterator[RuleFinding]:
    if any(next_ <= least for least, next_ in pairwise((1, *rule.bands))):
        yield error(where, _("bands must grow, from 2 on"))
    if rule.division == "size" and not rule.bands:
        yield warning(where, _("without bands sizes are not told apart"))


def _mixes(rule: GroupRule, where: str) -> Iterator[RuleFinding]:
    for name in doubled([mix.name for mix in rule.mix]):
        yield error(where, _("two mixes have the name {name!r}", name=name))
    if any(not composition for mix in rule.mix for composition in mix.of):
        yield error(where, _("a composition of nobody"))
    compositions = [[field_key("sex", sex) for sex in composition] for mix in rule.mix for composition in mix.of]
    if any(doubled(composition) for composition in compositions):
        yield error(where, _("a composition names one sex twice"))
    if rule.mix and rule.combine in ("together", *HEADS):
        yield error(where, _("`mix` does not go with `{combine}`", combine=rule.combine))


def _ties(rule: GroupRule, where: str) -> Iterator[RuleFinding]:
    steps = rule.tie_steps
    for step in doubled(list(steps)):
        yield warning(where, _("`{step}` stands twice in tie", step=step))
    if "shared" in steps[:-1]:
        yield warning(where, _("in tie nothing after `shared` is used"))
    if "next" in steps and (rule.combine in ("together", *HEADS) or rule.mix):
        yield warning(where, _("`next` parts nobody here"))


def _idle(rule: GroupRule, where: str) -> Iterator[RuleFinding]:
    """Keys that this way of combining does not look at."""
    heads, together = rule.combine in HEADS, rule.combine == "together"
    idle = {
        "pick": rule.pick != 3 and (heads or bool(rule.mix)),
        "by": rule.by != "net" and (heads or together),
        "window_s": rule.window_s is not None and not together,
        "who": rule.who != "finished" and not heads,
        "won_per_km": bool(rule.won_per_km) and rule.combine != "donation",
        "division": rule.division != "all" and bool(rule.mix),
        "bands": bool(rule.bands) and rule.division != "size",
        "displace": bool(rule.displace) and (rule.by != "place" or heads or together),
        "teams": rule.teams != "one" and heads,
        "incomplete": rule.incomplete != "omit" and (rule.combine in ("count", "donation") or bool(rule.mix)),
    }
    for key in [key for key, is_so in idle.items() if is_so]:
        besides = "mix" if rule.mix and not heads else f"combine = {rule.combine!r}"
        yield warning(where, _("`{key}` is not used with {besides}", key=key, besides=besides))
