"""What the entries of a race say about its rules: words that fit nobody, head counts that nobody gave."""

from collections import Counter
from collections.abc import Collection, Iterator

from timing.language import _, ngettext
from timing.race.fold import Race
from timing.race.known_names import Names
from timing.race.lint.finding import RuleFinding, warning
from timing.race.office_state import Entrant
from timing.race.rules import GroupRule, Prize, Rules
from timing.race.spelling import field_key

SHOWN = 5


def entered_findings(rules: Rules, race: Race, names: Names) -> Iterator[RuleFinding]:
    """What only the race can tell about the rules; there must be entrants."""
    for rule in rules.ranking:
        where = f"ranking {rule.name!r}"
        for checks in (_sizes, _groups, _fields, _left_out):
            yield from checks(rule, where, race, names)
        yield from _words(rule, where, race)
    for prize in rules.prize:
        yield from _division(prize, rules, race)


def _sizes(rule: GroupRule, where: str, race: Race, names: Names) -> Iterator[RuleFinding]:
    if rule.combine != "share" and rule.division != "size":
        return
    entered = sorted({entrant.company for entrant in race.running()} - {""})
    unknown = [company for company in entered if not race.office.employees.get(company)]
    if unknown:
        called = _listed([names.companies.get(company, company) for company in unknown])
        yield warning(
            where,
            ngettext(
                "{n} firm without a head count is left out (column company_size, or `marathon rule employees`): {called}",
                "{n} firms without a head count are left out (column company_size, or `marathon rule employees`): {called}",
                len(unknown),
                called=called,
            ),
        )


def _groups(rule: GroupRule, where: str, race: Race, names: Names) -> Iterator[RuleFinding]:
    entered = {_group(rule, entrant) for entrant in race.running()} - {""}
    if not entered:
        yield warning(where, _("nobody is entered with a {group}", group=rule.group))
    called = names.companies if rule.group == "company" else names.teams
    known = {field_key(rule.group, called.get(group, group)) for group in entered}
    # A preset ignores the usual words for "no group": only where none of them fits is one misspelt.
    if rule.ignore and not known & {field_key(rule.group, name) for name in rule.ignore}:
        yield warning(
            where,
            _("no name in ignore is entered: {ignore}", ignore=_listed(rule.ignore)),
        )


def _fields(rule: GroupRule, where: str, race: Race, names: Names) -> Iterator[RuleFinding]:
    """A list for each sex or category, of which nobody has any."""
    divided = rule.division in ("sex", "category") and not rule.mix
    if divided and not any(getattr(entrant, rule.division) for entrant in race.running()):
        yield warning(where, _("nobody is entered with a {division}", division=rule.division))


def _left_out(rule: GroupRule, where: str, race: Race, names: Names) -> Iterator[RuleFinding]:
    """Groups that are too large; those that are too small may still grow."""
    if not rule.max_members:
        return
    people = Counter(_group(rule, entrant) for entrant in race.running())
    called = names.companies if rule.group == "company" else names.teams
    large = [called.get(group, group) for group, count in people.items() if group and count > rule.max_members]
    if large:
        yield warning(
            where,
            _(
                "more than {max_members} entered, so left out: {large}",
                max_members=rule.max_members,
                large=_listed(large),
            ),
        )


def _words(rule: GroupRule, where: str, race: Race) -> Iterator[RuleFinding]:
    """Sexes, categories and waves that nobody has."""
    sexes = {sex for mix in rule.mix for composition in mix.of for sex in composition}
    asked = {"only_sex": rule.only_sex, "only_category": rule.only_category, "only_wave": rule.only_wave, "mix": sexes}
    for key, words in asked.items():
        field = "sex" if key == "mix" else key.removeprefix("only_")
        entered = {field_key(field, getattr(entrant, field)) for entrant in race.running()}
        for word in sorted(word for word in set(words) if field_key(field, word) not in entered):
            yield warning(where, _("{key}: nobody is entered as {word!r}", key=key, word=word))


def _division(prize: Prize, rules: Rules, race: Race) -> Iterator[RuleFinding]:
    """A prize for a sex or category that nobody has."""
    field = prize.ranking if prize.ranking in ("sex", "category") else ""
    field = next((rule.division for rule in rules.ranking if rule.name == prize.ranking), field)
    if not prize.division or field not in ("sex", "category"):
        return
    entered = {getattr(entrant, field) for entrant in race.running()}
    if field == "category":
        entered |= {f"{entrant.sex} {entrant.category}" for entrant in race.running()}
    if field_key(field, prize.division) not in {field_key(field, name) for name in entered}:
        yield warning(
            f"prize {prize.name!r}",
            _("nobody is entered as {division!r}", division=prize.division),
        )


def _group(rule: GroupRule, entrant: Entrant) -> str:
    return entrant.company if rule.group == "company" else entrant.team


def _listed(words: Collection[str]) -> str:
    shown = sorted(words)[:SHOWN]
    return ", ".join(shown) + (" ..." if len(words) > SHOWN else "")
