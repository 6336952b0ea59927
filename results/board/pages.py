"""The pages of the board."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from jinja2 import Environment

from results.board.page_addresses import OVERALL, PARTICIPATION
from results.board.site import ROWS_ON_A_PAGE, GroupList, Site, page_path
from results.ranking.rankings import Ranking
from results.view.view import counts, group_lines, lines, state_words
from results.view.words import BASES, COMBINED, HEADINGS, SUMMED, TIE_STEPS, TIES
from results.web.templating import ENVIRONMENT, PREFIX, policy, rendered, script_path, static_path, style, ways_back
from timing.language import BOTH, NOTHING, Language, Text, _
from timing.race.rules import HEADS

TABS: Final[tuple[tuple[str, Text], ...]] = (
    ("index.html", _("Runners")),
    ("companies.html", _("Firms")),
    ("teams.html", _("Teams")),
    ("participation.html", _("Participation")),
    ("plots.html", _("Charts")),
)


def runners_page(site: Site, language: Language, address: str, number: int) -> str:
    """One page of a list of runners."""
    one = site.runner_lists[address]
    rows = site.rows_of(one)[(number - 1) * ROWS_ON_A_PAGE : number * ROWS_ON_A_PAGE]
    filters = [
        (page_path(each.address), _("All").to(language) if each.field == 0 else each.title.to(language),
         each.address == address)
        for each in site.runner_lists.values()
    ]  # fmt: skip
    return rendered_page(
        site, language, page_path(address, number), "runners.html", "index.html",
        title=one.title.to(language), filters=filters, rows=lines(site.view, rows, [one.place(row) for row in rows], language),
        pages=_pager(site, address, number), twin=address, first=address == OVERALL and number == 1,
        counts=counts(site.view, language), links=[link for one in site.sections for link in one.links(language)],
    )  # fmt: skip


def groups_page(site: Site, language: Language, group: str) -> str:
    """The first places of every ranking of firms, or of teams."""
    path = "companies.html" if group == "company" else "teams.html"
    shown = [one for one in site.group_lists.values() if one.ranking.rule.group == group]
    return rendered_page(
        site, language, path, "groups.html", path,
        title=(_("Firms") if group == "company" else _("Teams")).to(language),
        lists=[_group_list(site, one, language, 1) for one in shown], pages=None, alone=False,
    )  # fmt: skip


def ranking_page(site: Site, language: Language, address: str, number: int) -> str:
    """One page of one ranking."""
    one = site.group_lists[address]
    tab = "companies.html" if one.ranking.rule.group == "company" else "teams.html"
    return rendered_page(
        site, language, page_path(address, number), "groups.html", tab,
        title=one.title.to(language), lists=[_group_list(site, one, language, number)],
        pages=_pager(site, address, number), alone=True,
    )  # fmt: skip


def _group_list(site: Site, one: GroupList, language: Language, number: int) -> dict[str, Any]:
    begin = (number - 1) * ROWS_ON_A_PAGE
    some = Ranking(one.ranking.rule, one.ranking.division, one.ranking.scores[begin : begin + ROWS_ON_A_PAGE])
    rows = group_lines(site.view, some, language)
    return {
        "title": one.title.to(language),
        "address": one.address,
        "group": HEADINGS[one.ranking.rule.group].to(language),
        "basis": rule_words(one.ranking, language),
        "rows": rows,
        "bibs": any(row.counters for row in rows),
        "more": len(one.ranking.scores) > ROWS_ON_A_PAGE,
    }


def rule_words(ranking: Ranking, language: Language) -> str:
    """How a ranking scores and how ties break, in a few words."""
    rule = ranking.rule
    told = [COMBINED[rule.combine].filled(pick=rule.pick).to(language)]
    if rule.combine not in HEADS and rule.combine != "together":
        told.append(SUMMED[rule.by].to(language))
    told.append(TIE_STEPS[rule.tie_steps[0]].to(language))
    return ", ".join(told)


def participation_page(site: Site, language: Language, number: int) -> str:
    """One page of all firms, with how many of their people are in."""
    begin = (number - 1) * ROWS_ON_A_PAGE
    return rendered_page(
        site, language, page_path(PARTICIPATION, number), "participation.html", "participation.html",
        title=_("Participation").to(language), firms=site.firms[begin : begin + ROWS_ON_A_PAGE],
        pages=_pager(site, PARTICIPATION, number), twin=PARTICIPATION,
    )  # fmt: skip


def words_page(site: Site, language: Language, path: str) -> str:
    """A page without results: the form for a missing time, and the one after it."""
    return rendered_page(site, language, path, path, "", title=_("Is a time missing or wrong?").to(language))


def lost_page() -> str:
    """The page for an address without a page, in both languages."""
    return _notice(_("There is no such page"), NOTHING, [("/", _("See all results"))])


def nobody_page() -> str:
    """The page for the QR of a bib that nobody wears, in both languages."""
    ways = [("/#q", _("Search the board")), ("/participation.html", _("All firms"))]
    return _notice(
        _("This QR is not (yet) anybody's"),
        _("It is a spare bib, or another race's. One that was just handed out opens once the desk has entered it."),
        ways,
    )


def _notice(title: Text, why: Text, ways: Sequence[tuple[str, Text]]) -> str:
    """A short page in both languages, with absolute links."""
    return rendered("lost.html", BOTH, style=style(), policy=policy(), lost=title, why=why, ways=ways)


def _pager(site: Site, address: str, number: int) -> dict[str, Any] | None:
    return pager_of(address, number, site.pages_of(address))


def pager_of(address: str, number: int, last: int) -> dict[str, Any] | None:
    """The links from one page of a list to the others; None where there is only one."""
    if last == 1:
        return None
    shown = sorted({1, number - 1, number, number + 1, last} & set(range(1, last + 1)))
    return {
        "here": number,
        "pages": [(one, page_path(address, one)) for one in shown],
        "before": page_path(address, number - 1) if number > 1 else "",
        "after": page_path(address, number + 1) if number < last else "",
    }


def rendered_page(
    site: Site,
    language: Language,
    path: str,
    template: str,
    tab: str,
    templates: Environment = ENVIRONMENT,
    **content: Any,
) -> str:
    """A page of the board, in its frame: `path` is its address without the language, `tab` the tab that is lit."""
    view = site.view
    other: Language = "en" if language == "ko" else "ko"
    home, root = ways_back(language, path)
    around: Mapping[str, Any] = {
        "language": language,
        "race_name": view.race_name[language],
        "course": _("Course {km:g} km", km=view.course_m / 1000).to(language) if view.course_m else "",
        "version": view.version,
        "stamp": view.stamp,
        "state": view.state,
        "state_words": state_words(view).to(language),
        "ranked_by": BASES[view.standings.rules.basis],
        "ties": TIES[view.standings.rules.ties],
        "style": style(),
        "policy": policy(),
        "script": script_path(),
        "static": static_path,
        "takes_messages": view.takes_messages,
        "path": path,
        "root": root,
        "home": home,
        "tabs": [(link, called, link == tab) for link, called in (*TABS, *(one.tab for one in site.sections))],
        "other_language": other,
        "other_page": root + PREFIX[other] + path,
    }
    return rendered(template, language, templates, **around, **content)
