"""The firm's page, and the page that stands before its link leads away."""

from collections import Counter
from typing import Final

from results.board.links import shown_host
from results.board.pages import rendered_page
from results.board.site import Site
from results.ranking.places import grouped
from results.ranking.rows import Row
from results.view.view import ResultLine, card_of, group_name, lines, score_face
from timing.language import LANGUAGES, Language, _
from timing.race.codes import firm_url

Standing = tuple[str, int, str, str]
"""A place of a firm or team: the ranking's title, the place, the score, and the list's address."""
LEAVING: Final = _("The address below is not the race's own.")
TAB: Final = "companies.html"


def firm_page(site: Site, language: Language, company: str) -> str:
    """A firm's page: its card, its places, its teams and its people."""
    view, card = site.view, card_of(site.view, company)
    ranked, others = runners_of(site, company, language)
    url = firm_url(view.host, company)
    firm = site.firm_of[company]
    return rendered_page(
        site, language, f"c/{company}.html", "firm.html", TAB,
        title=firm.name,
        firm=firm, blurb=card.public_blurb, out=f"c/{company}/out.html" if card.public_link else "",
        host=shown_host(card.public_link)[0],
        parts=[one.on_firm(site, language, company) for one in site.sections],
        standing=standing_of(site, "company", company, language),
        teams=teams_of(site, company, language),
        rows=ranked, others=others,
        code=view.draw(card, url) if url else "", url=url.lower(), badge=view.draw(card, ""),
        twin=f"c/{company}",
    )  # fmt: skip


def leaving_page(site: Site, language: Language, company: str) -> str:
    """The page that names the host of a firm's link before it is followed."""
    name, link = site.view.names.company(company), card_of(site.view, company).public_link
    host, ascii_host = shown_host(link)
    return rendered_page(
        site, language, f"c/{company}/out.html", "leaving.html", TAB,
        title=_("You are leaving this board").to(language), leaving=[(one, LEAVING.to(one)) for one in LANGUAGES],
        firm=name, back=f"c/{company}.html", link=link, host=host, ascii_host=ascii_host,
    )  # fmt: skip


def runners_of(site: Site, company: str, language: Language) -> tuple[list[ResultLine], list[ResultLine]]:
    """The firm's people: those with a place, and the others who wear a bib."""
    members = [row for row in site.members[company] if not row.ruled.withheld]
    ranked = [row for row in members if row.place is not None]
    others = [row for row in members if row.place is None and row.entrant.bib is not None]
    return (
        lines(site.view, ranked, [row.place for row in ranked], language),
        lines(site.view, others, [None] * len(others), language),
    )


def standing_of(site: Site, kind: str, group: str, language: Language) -> list[Standing]:
    """The places of a company or team in each ranking; of several teams of one firm each with its name."""
    called = site.view.names.companies if kind == "company" else site.view.names.teams
    found = []
    for one, score in site.scores_of.get((kind, group), ()):
        title = one.title.to(language)
        title = f"{title} · {group_name(called, score)}" if score.team else title
        found.append((title, score.place, score_face(one.ranking.rule, score.score, language), one.address))
    return found


def teams_of(site: Site, company: str, language: Language) -> list[tuple[str, int, list[Standing]]]:
    """The teams that people of this firm run for: name, how many they are, and how each team stands."""
    names = site.view.names
    members = grouped([row for row in site.members[company] if not row.ruled.withheld], _team)
    own = {team: names.own_team(team) for team in members}
    twice = {name for name, count in Counter(own.values()).items() if count > 1}
    teams = [(names.teams.get(team, name) if name in twice else name, team) for team, name in own.items()]
    return [(name, len(members[team]), standing_of(site, "team", team, language)) for name, team in sorted(teams)]


def _team(row: Row) -> str:
    return row.entrant.team
