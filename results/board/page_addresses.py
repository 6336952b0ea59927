"""The addresses of the board's files, for making and for describing them. Pure."""

import re
from typing import Final

HEAD: Final = "head"
INDEX: Final = "index"
OVERALL: Final = "overall"
PARTICIPATION: Final = "participation"
SEX: Final = "sex/{number}"
CATEGORY: Final = "category/{number}"
RANKING: Final = "rankings/{ranking}"
RUNNER: Final = "r/{bib}"
FIRM: Final = "c/{company}"
LEAVING: Final = "c/{company}/out"
LISTS: Final = (OVERALL, PARTICIPATION, SEX, CATEGORY, RANKING)
VARIABLES: Final = {
    "bib": r"[1-9][0-9]{0,6}",
    "company": r"[^/]+",
    "number": r"[0-9]+",
    "ranking": r"[0-9]+(-[0-9]+)?",
    "stamp": r"[0-9]+-[0-9]+",
}
"""The patterns of what stands in braces, without named groups, so that they hold in JavaScript too."""


def variables_of(template: str) -> list[str]:
    """The names in a template's braces.

    >>> variables_of("c/{company}")
    ['company']
    """
    return re.findall(r"\{(\w+)\}", template)


def files_at(*templates: str, paged: bool = False) -> re.Pattern[str]:
    """The files at these addresses: groups `address`, each variable where there is one template, `page` where `paged`, `ending`.

    >>> files_at("r/{bib}").fullmatch("r/417.json").groupdict()
    {'address': 'r/417', 'bib': '417', 'ending': 'json'}
    >>> files_at("sex/{number}", "overall", paged=True).fullmatch("sex/1/3.html")["page"]
    '3'
    """
    named = len(templates) == 1
    addresses = "|".join(_pattern(template, named) for template in templates)
    page = r"(?:/(?P<page>[0-9]{1,6}))?" if paged else ""
    return re.compile(rf"(?P<address>{addresses}){page}\.(?P<ending>html|json|csv)")


def _pattern(template: str, named: bool) -> str:
    def group(found: re.Match[str]) -> str:
        return rf"({f'?P<{found[1]}>' if named else '?:'}{VARIABLES[found[1]]})"

    return re.sub(r"\{(\w+)\}", group, template)
