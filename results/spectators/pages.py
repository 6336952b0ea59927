"""The pages for spectators: the ranking of firms by their scans, and the vote on designs; and every file that belongs to them."""

from functools import cache, partial
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment

from results.board.api_models import as_json
from results.board.pages import pager_of, rendered_page
from results.board.site import ROWS_ON_A_PAGE, Maker, Part, Site, page_path
from results.spectators.ballots import Poll
from results.spectators.promotion import Promotion
from results.spectators.qr_scans import FirmScanTable, fan_pages, fans_csv, fans_of, scans_of
from results.view.view import View, card_of
from results.web.templating import PREFIX, rendered, static_path, ways_back, with_templates
from timing.language import LANGUAGES, Language, _
from timing.race.codes import bib_url, firm_url, new_code

HERE: Final = Path(__file__).parent
FANS, VOTE = "qrpr", "vote.html"
TAB: Final = "qrpr.html"
NOTHING_DRAWN: Final = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'


@cache
def _templates() -> Environment:
    return with_templates(HERE / "templates")


def _own(name: str) -> str:
    """The path of a style sheet or script of the spectators' pages."""
    return static_path(name, HERE / "static")


def spectator_files(site: Site, shown: Promotion) -> dict[str, Maker]:
    """The makers of all files, by path."""
    files: dict[str, Maker] = {
        f"{FANS}.json": lambda: as_json(FirmScanTable(fans_of(site, shown))),
        f"{FANS}.csv": lambda: fans_csv(fans_of(site, shown)),
    }
    for name in ("qrpr.css", "device.js", "qrpr.js", "landing.js", "fans.js"):
        files[_own(name)] = (HERE / "static" / name).read_bytes
    for language in LANGUAGES:
        prefix = PREFIX[language]
        for number in range(1, fan_pages(site, shown) + 1):
            files[prefix + page_path(FANS, number)] = partial(fans_page, site, shown, language, number)
        files[prefix + VOTE] = partial(vote_page, site, shown, language)
    for company in shown.candidates:
        files[design_path(company)] = partial(_design, site.view, company)
    return files


def design_path(company: str) -> str:
    return f"vote/{company}.svg"


def _design(view: View, company: str) -> str:
    """A firm's QR as `<svg>`, of its page or, where the race has no host, of a sample code; an empty picture without a printer."""
    told = firm_url(view.host, company) or bib_url(view.host, new_code(lambda bits: 0))
    return view.draw(card_of(view, company), told) or NOTHING_DRAWN


def firm_part(site: Site, shown: Promotion, language: Language, company: str) -> Part:
    """The part of a firm's page: the script that counts a phone, the link to the vote, and the number of scans."""
    home, root = ways_back(language, f"c/{company}.html")
    around: dict[str, Any] = {"home": home, "root": root, "own": _own}
    told = {"scans": scans_of(site, shown).get(company, 0), "votes_open": shown.open_now}
    return Part(
        rendered("landing-head.html", language, _templates(), takes_messages=site.view.takes_messages, **around),
        rendered("landing-line.html", language, _templates(), **around),
        rendered("fans.html", language, _templates(), **told, **around),
    )


def fans_page(site: Site, shown: Promotion, language: Language, number: int) -> str:
    """One page of the ranking by scans."""
    begin = (number - 1) * ROWS_ON_A_PAGE
    return rendered_page(
        site, language, page_path(FANS, number), "qrpr.html", TAB,
        title=_("Firms whose QR was scanned most").to(language), fans=fans_of(site, shown)[begin : begin + ROWS_ON_A_PAGE],
        pages=pager_of(FANS, number, fan_pages(site, shown)), twin=FANS, ways=_ways(shown, language, TAB), templates=_templates(), own=_own,
    )  # fmt: skip


def vote_page(site: Site, shown: Promotion, language: Language) -> str:
    """The vote as a grid of the firms' codes."""
    poll = shown.poll
    return rendered_page(
        site, language, VOTE, "vote.html", TAB,
        title=_("Votes").to(language), poll=_poll(site, poll) if poll and poll.candidates else None,
        ways=_ways(shown, language, VOTE), elsewhere=_live(site.view, language, VOTE), templates=_templates(), own=_own,
    )  # fmt: skip


def _poll(site: Site, poll: Poll) -> dict[str, Any]:
    votes, names = poll.votes or {}, site.view.names.companies
    shown = [(one, site.company_now(one)) for one in poll.candidates]
    if not poll.open:
        shown.sort(key=lambda one: -votes.get(one[0], 0))
    most = max(votes.values(), default=0)
    return {
        "open": poll.open,
        "counted": poll.votes is not None,
        "total": sum(votes.values()),
        "candidates": [
            {
                "company": one,
                "firm": names.get(company) or company,
                "page": f"c/{company}.html",
                "picture": design_path(one),
                "votes": votes.get(one, 0),
                "first": most > 0 and not poll.open and votes.get(one, 0) == most,
            }
            for one, company in shown
        ],
    }


def _live(view: View, language: Language, path: str) -> str:
    """The same page on the race's own board, for copies that take no votes; empty where the race has no host."""
    return f"https://{view.host.lower()}/{PREFIX[language]}{path}" if view.host else ""


def _ways(shown: Promotion, language: Language, here: str) -> list[tuple[str, str, bool]]:
    """The links between the two pages; the vote's only where there is one."""
    held = {TAB: _("Ranking")} | ({VOTE: _("Votes")} if shown.candidates or here == VOTE else {})
    return [(path, called.to(language), path == here) for path, called in held.items()]
