"""What the rules ask for and files of a race timed elsewhere cannot tell: never ranked in silence. Pure."""

from collections.abc import Iterator

from results.score.facts import TimedElsewhere
from timing.rules import GroupRule
from timing.rules.lint import Finding
from timing.rules.lint.finding import error
from timing.spelling import field_key


def out_of_reach(timed: TimedElsewhere) -> Iterator[Finding]:
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
            "참가자 파일에 생년월일이 없습니다. [[age_group]]을 지우고 나이 부문은 category 열에 적으세요",
            "the entries tell no birth; take [[age_group]] out and write the age group into the column category",
        )
    for prize in timed.rules.prize:
        yield error(
            f"prize {prize.name!r}",
            "score는 상을 정하지 않습니다. [[prize]]를 지우거나 대회 폴더에서 `marathon results --prizes`를 쓰세요",
            "`score` awards no prizes; take [[prize]] out, or use `marathon results --prizes` in a race folder",
        )


def _waves(rule: GroupRule, where: str) -> Iterator[Finding]:
    if rule.only_wave:
        yield error(
            where,
            "only_wave: 참가자 파일에 조(wave)가 없습니다. only_wave를 지우거나 그 조의 사람만 든 파일로 계산하세요",
            "only_wave: the entries tell no waves; take it out, or score files of that wave alone",
        )


def _course(rule: GroupRule, where: str) -> Iterator[Finding]:
    if rule.combine == "donation":
        yield error(
            where,
            'donation: 코스 길이를 알 수 없습니다. 사람 수를 세는 combine = "count"를 쓰세요',
            'donation: no file tells the course\'s length; count people with combine = "count"',
        )


def _sizes(rule: GroupRule, where: str, timed: TimedElsewhere) -> Iterator[Finding]:
    key = "share" if rule.combine == "share" else 'division = "size"' if rule.division == "size" else ""
    if key and timed.entries and not timed.sizes():
        yield error(
            where,
            f"{key}: 임직원 수가 없습니다. 참가자 파일에 company_size 열을 채우세요",
            f"{key}: no company has a number of employees; fill the column company_size of the entries",
        )


def _sexes(rule: GroupRule, where: str, timed: TimedElsewhere) -> Iterator[Finding]:
    """A composition with a sex that nobody has can never be complete."""
    if not timed.entries:
        return
    for mix in rule.mix:
        asked = {sex for composition in mix.of for sex in composition}
        for sex in sorted(sex for sex in asked if field_key("sex", sex) not in timed.spelled["sex"]):
            there = ", ".join(sorted(timed.spelled["sex"].values())) or "-"
            yield error(
                where,
                f"mix {mix.name!r}: 성별이 {sex!r}인 참가자가 없습니다. sex 열에 있는 것: {there}",
                f"mix {mix.name!r}: nobody is entered as {sex!r}; the column sex has: {there}",
            )
