"""The linter of rules: what cannot be meant, and what is probably not meant, before a race finds out. Pure.

Read in this order: `finding`, `rankings`, `ages`, `prizes`; then `entered`, which needs to know the race.
"""

from datetime import date

from timing.race.categories import outdated
from timing.race.fold import Race
from timing.race.known_names import Names
from timing.race.lint.age_checks import age_findings
from timing.race.lint.entered_checks import entered_findings
from timing.race.lint.finding import RuleFinding, warning
from timing.race.lint.prize_checks import prize_findings
from timing.race.lint.ranking_checks import ranking_findings
from timing.race.rules import Rules

__all__ = ["RuleFinding", "findings"]


def findings(
    rules: Rules, race: Race | None = None, names: Names | None = None, day: date | None = None
) -> list[RuleFinding]:
    """Everything found, errors first; with the race, and its day, also what only its entries can tell."""
    found = [*ranking_findings(rules), *age_findings(rules), *prize_findings(rules)]
    if race is not None and race.entrants:
        found += entered_findings(rules, race, names or Names())
        found += [warning("age_group", told) for told in outdated(race, rules, day)]
    return sorted(found, key=lambda finding: not finding.grave)
