"""Group rankings that cannot be meant so: names, windows, compositions, and keys that do nothing."""

from collections.abc import Iterator
from itertools import pairwise

from timing.rules import HEADS, GroupRule, Rules
from timing.rules.lint.finding import Finding, doubled, error, warning
from timing.spelling import field_key

INDIVIDUAL = ("overall", "sex", "category")
"""The rankings of runners, which a prize names by these words."""
WINDOW_MOST_S = (
    60  # above that chance gathers ten of a large firm; in a race without such a prize 120 s did so for 11 of 80
)
TOGETHER_LEAST = 5  # three of a firm cross within 5 s in every fourth firm


def ranking_findings(rules: Rules) -> Iterator[Finding]:
    """What is to be said about the group rankings."""
    for name in doubled([rule.name for rule in rules.ranking]):
        yield error(_where(name), "같은 이름의 순위가 둘입니다", "two rankings have this name")
    for rule in rules.ranking:
        where = _where(rule.name)
        if rule.name in INDIVIDUAL:
            yield error(where, "개인 순위의 이름입니다", "this is the name of a ranking of runners")
        for checks in (_together, _heads, _places, _sizes, _mixes, _ties, _idle):
            yield from checks(rule, where)


def _where(name: str) -> str:
    return f"ranking {name!r}"


def _together(rule: GroupRule, where: str) -> Iterator[Finding]:
    if rule.combine != "together":
        return
    if rule.window_s is None:
        yield error(where, "together에는 window_s가 있어야 합니다", "`together` needs window_s")
    elif rule.window_s > WINDOW_MOST_S:
        yield warning(
            where,
            f"window_s가 {WINDOW_MOST_S}초보다 깁니다. 우연히 함께 들어온 사람들도 상을 받습니다",
            f"window_s is over {WINDOW_MOST_S} s: people who came in together by chance win too",
        )
    if rule.group == "company" and rule.pick < TOGETHER_LEAST:
        yield warning(
            where,
            f"{rule.pick}명은 우연히도 함께 들어옵니다. 작은 단체는 미리 신청한 팀(group = team)으로 하세요",
            f"{rule.pick} of a firm come in together by chance; let small groups declare themselves as teams",
        )


def _heads(rule: GroupRule, where: str) -> Iterator[Finding]:
    if rule.combine == "donation" and not rule.won_per_km:
        yield error(where, "donation에는 won_per_km가 있어야 합니다", "`donation` needs won_per_km")
    if rule.combine == "share" and rule.group == "team":
        yield error(where, "임직원 수는 소속에만 있습니다", "only companies have a number of employees")
    if rule.combine == "share" and not rule.min_members:
        yield warning(
            where,
            "min_members가 없으면 1명 가운데 1명인 소속이 맨 위에 옵니다",
            "without min_members a firm of one with one runner is on top",
        )


def _places(rule: GroupRule, where: str) -> Iterator[Finding]:
    least = 1 if rule.combine in HEADS or rule.mix else rule.pick
    if rule.displace and rule.displace < least:
        yield error(where, "displace가 pick보다 작습니다", "displace is less than pick")
    if rule.displace and rule.mix:
        yield error(where, "displace와 mix는 함께 쓸 수 없습니다", "`displace` and `mix` do not go together")
    if rule.max_members and rule.max_members < max(rule.min_members, least):
        yield error(
            where, "max_members가 너무 작아 아무도 오를 수 없습니다", "max_members is so small that nobody ranks"
        )


def _sizes(rule: GroupRule, where: str) -> Iterator[Finding]:
    if any(next_ <= least for least, next_ in pairwise((1, *rule.bands))):
        yield error(where, "bands는 2 이상에서 점점 커져야 합니다", "bands must grow, from 2 on")
    if rule.division == "size" and not rule.bands:
        yield warning(where, "bands가 없어 규모를 나누지 않습니다", "without bands sizes are not told apart")


def _mixes(rule: GroupRule, where: str) -> Iterator[Finding]:
    for name in doubled([mix.name for mix in rule.mix]):
        yield error(where, f"같은 이름의 mix {name!r}가 둘입니다", f"two mixes have the name {name!r}")
    if any(not composition for mix in rule.mix for composition in mix.of):
        yield error(where, "아무도 없는 구성이 있습니다", "a composition of nobody")
    compositions = [[field_key("sex", sex) for sex in composition] for mix in rule.mix for composition in mix.of]
    if any(doubled(composition) for composition in compositions):
        yield error(where, "한 구성에 같은 성별이 두 번 있습니다", "a composition names one sex twice")
    if rule.mix and rule.combine in ("together", *HEADS):
        yield error(
            where, f"mix는 {rule.combine}와(과) 함께 쓸 수 없습니다", f"`mix` does not go with `{rule.combine}`"
        )


def _ties(rule: GroupRule, where: str) -> Iterator[Finding]:
    steps = rule.tie_steps
    for step in doubled(list(steps)):
        yield warning(where, f"tie에 {step}이(가) 두 번 있습니다", f"`{step}` stands twice in tie")
    if "shared" in steps[:-1]:
        yield warning(where, "tie에서 shared 뒤는 쓰이지 않습니다", "in tie nothing after `shared` is used")
    if "next" in steps and (rule.combine in ("together", *HEADS) or rule.mix):
        yield warning(where, "tie의 next는 여기서 아무것도 가르지 않습니다", "`next` parts nobody here")


def _idle(rule: GroupRule, where: str) -> Iterator[Finding]:
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
        yield warning(where, f"{key}은(는) {besides}에서 쓰이지 않습니다", f"`{key}` is not used with {besides}")
