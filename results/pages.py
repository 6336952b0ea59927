"""The pages of the board: which there are, and how each is rendered. Jinja is used here alone."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from results.display import View, counts, firm_lines, group_lines, lines, ranking_name, score_face, sex_label
from results.evidence import evidence_lines, result_facts
from results.messages import LANGUAGES, Language, message
from results.rankings import sex_order
from results.standings import Row
from timing.rules import GroupRule

HERE = Path(__file__).parent
ROWS_ON_A_PAGE = 100
PREFIX: dict[Language, str] = {"ko": "", "en": "en/"}

_environment = Environment(
    loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)
Render = Callable[[], str]


def pages(view: View) -> dict[str, Render]:
    """Every page by its path; nothing is rendered until somebody asks."""
    return {PREFIX[language] + path: render for language in LANGUAGES for path, render in _pages(view, language)}


def _pages(view: View, language: Language) -> Iterator[tuple[str, Render]]:
    yield "index.html", partial(_runners, view, language, "index.html", "")
    for sex, path in sex_pages(view):
        yield path, partial(_runners, view, language, path, sex)
    yield "companies.html", partial(_groups, view, language, "company")
    yield "teams.html", partial(_groups, view, language, "team")
    for company in sorted({row.entrant.company for row in view.standings.rows} - {""}):
        yield f"c/{company}.html", partial(_firm, view, language, company)
    for row in view.standings.rows:
        if row.entrant.bib is not None and not row.ruled.withheld:
            yield f"r/{row.entrant.bib}.html", partial(_runner, view, language, row)


def sex_pages(view: View) -> list[tuple[str, str]]:
    """The sexes among the finishers and the path of each one's list."""
    found = sorted({row.entrant.sex for row in view.standings.finishers if row.entrant.sex}, key=sex_order)
    return [(sex, f"sex/{number}.html") for number, sex in enumerate(found, 1)]


def _runners(view: View, language: Language, path: str, sex: str) -> str:
    rows = [row for row in view.standings.finishers if sex in ("", row.entrant.sex)]
    places = [row.sex_place if sex else row.place for row in rows]
    shown = lines(view, rows[:ROWS_ON_A_PAGE], places[:ROWS_ON_A_PAGE], language)
    everybody = ("index.html", message("everybody", language), not sex)
    filters = [everybody, *((link, sex_label(one, language), one == sex) for one, link in sex_pages(view))]
    heading = sex_label(sex, language) if sex else message("individuals", language)
    return _render(
        view, language, path, "runners.html", "index.html",
        heading=heading, filters=filters, rows=shown, more=len(rows) > ROWS_ON_A_PAGE,
    )  # fmt: skip


def _groups(view: View, language: Language, group: str) -> str:
    path = "companies.html" if group == "company" else "teams.html"
    rankings = [
        {"title": _title(ranking.rule, ranking.division, language), "rows": group_lines(view, ranking, language)}
        for ranking in view.rankings
        if ranking.rule.group == group
    ]
    heading = message("companies" if group == "company" else "teams", language)
    return _render(
        view, language, path, "groups.html", path,
        heading=heading, group_label=message(group, language), rankings=rankings,
        firms=firm_lines(view) if group == "company" else [],
    )  # fmt: skip


def _title(rule: GroupRule, division: str, language: Language) -> str:
    name = ranking_name(rule, language)
    return name if division == "all" else f"{name} · {sex_label(division, language)}"


def _firm(view: View, language: Language, company: str) -> str:
    members = [row for row in view.standings.rows if row.entrant.company == company and not row.ruled.withheld]
    ranked = [row for row in members if row.place is not None]
    others = [row for row in members if row.place is None and row.entrant.bib is not None]
    standing = [
        (_title(ranking.rule, ranking.division, language), score.place, score_face(ranking.rule, score.score, language))
        for ranking in view.rankings
        for score in ranking.scores
        if ranking.rule.group == "company" and score.group == company
    ]
    return _render(
        view, language, f"c/{company}.html", "firm.html", "companies.html",
        company=view.names.companies.get(company) or company,
        standing=standing,
        rows=lines(view, ranked, [row.place for row in ranked], language),
        others=lines(view, others, [None] * len(others), language),
    )  # fmt: skip


def _runner(view: View, language: Language, row: Row) -> str:
    (line,) = lines(view, [row], [row.place], language)
    return _render(
        view, language, f"r/{row.entrant.bib}.html", "runner.html", "index.html",
        row=line, facts=result_facts(view, row, language), evidence=evidence_lines(view, row, language),
    )  # fmt: skip


def _render(view: View, language: Language, path: str, template: str, tab: str, **content: Any) -> str:
    other: Language = "en" if language == "ko" else "ko"
    home = "../" * path.count("/")
    root = home + "../" * PREFIX[language].count("/")
    tabs = (("index.html", "individuals"), ("companies.html", "companies"), ("teams.html", "teams"))
    around: Mapping[str, Any] = {
        "language": language,
        "t": partial(message, language=language),
        "race_name": view.race_name[language],
        "course": f"{message('course', language)} {view.course_m / 1000:g} km",
        "version": view.version,
        "state": view.state,
        "edition": view.edition,
        "rules": view.standings.rules,
        "counts": counts(view.standings, language),
        "root": root,
        "home": home,
        "tabs": [(link, message(key, language), link == tab) for link, key in tabs],
        "other_language": other,
        "other_page": root + PREFIX[other] + path,
    }
    return rendered(template, **around, **content)


def rendered(template: str, **content: Any) -> str:
    """A template of this room with what it shows."""
    return _environment.get_template(template).render(**content)
