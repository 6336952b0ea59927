"""Rules that the files of a race timed elsewhere cannot answer: errors, never a ranking that ignores them. Pure."""

from collections.abc import Iterator

from results.score.facts import TimedElsewhere
from timing.language import _
from timing.race.lint import RuleFinding
from timing.race.lint.finding import error
from timing.race.rules import GroupRule
from timing.race.spelling import field_key


def out_of_reach(timed: TimedElsewhere) -> Iterator[RuleFinding]:
    """The rules that cannot be applied to these files, and what to do instead."""
    for rule in timed.rules.ranking:
        where = f"ranking {rule.name!r}"
        yield from _waves(rule, where)
        yield from _course(rule, where)
        yield from _sizes(rule, where, timed)
        yield from _sexes(rule, where, timed)
    for group in timed.rules.age_group:
        yield error(
            f"age_group {group.name!r}",
            _("the entries tell no birth; take [[age_group]] out and write the age group into the column category"),
        )
    for prize in timed.rules.prize:
        yield error(
            f"prize {prize.name!r}",
            _("`score` awards no prizes; take [[prize]] out, or use `marathon results --prizes` in a race folder"),
        )


def _waves(rule: GroupRule, where: str) -> Iterator[RuleFinding]:
    if rule.only_wave:
        yield error(
            where,
            _("only_wave: the entries tell no waves; take it out, or score files of that wave alone"),
        )


def _course(rule: GroupRule, where: str) -> Iterator[RuleFinding]:
    if rule.combine == "donation":
        yield error(
            where,
            _('donation: no file tells the course\'s length; count people with combine = "count"'),
        )


def _sizes(rule: GroupRule, where: str, timed: TimedElsewhere) -> Iterator[RuleFinding]:
    key = "share" if rule.combine == "share" else 'division = "size"' if rule.division == "size" else ""
    if key and timed.entries and not timed.sizes():
        yield error(
            where,
            _("{key}: no company has a number of employees; fill the column company_size of the entries", key=key),
        )


def _sexes(rule: GroupRule, where: str, timed: TimedElsewhere) -> Iterator[RuleFinding]:
    """A composition with a sex that nobody has can never be complete."""
    if not timed.entries:
        return
    for mix in rule.mix:
        asked = {sex for composition in mix.of for sex in composition}
        for sex in sorted(sex for sex in asked if field_key("sex", sex) not in timed.spelled["sex"]):
            there = ", ".join(sorted(timed.spelled["sex"].values())) or "-"
            yield error(
                where,
                _(
                    "mix {name!r}: nobody is entered as {sex!r}; the column sex has: {there}",
                    name=mix.name,
                    sex=sex,
                    there=there,
                ),
            )
