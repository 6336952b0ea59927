"""The pages of QRPR: the ranking of firms by spectators' scans, and the vote on their designs; and every file that belongs to them."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from results.board.pages import PREFIX, STATIC, pager_of, rendered_page, static_path
from results.board.qrpr.ballots import Poll
from results.board.qrpr.fans import FanTable, fan_pages, fans_csv, fans_of
from results.board.site import ROWS_ON_A_PAGE, Site, page_path
from results.board.twins import as_json
from results.display import View, card_of
from results.messages import LANGUAGES, Language, message
from timing.codes import bib_url, firm_url, new_code

FANS, VOTE = "qrpr", "vote.html"
TAB: Final = "qrpr.html"
Maker = Callable[[], str | bytes]


def promotion_files(site: Site) -> dict[str, Maker]:
    """Every file, by path."""
    files: dict[str, Maker] = {
        f"{FANS}.json": lambda: as_json(FanTable(fans_of(site))),
        f"{FANS}.csv": lambda: fans_csv(fans_of(site)),
    }
    for name in ("qrpr.css", "device.js", "qrpr.js", "landing.js", "fans.js"):
        files[static_path(name)] = (STATIC / name).read_bytes
    for language in LANGUAGES:
        prefix = PREFIX[language]
        for number in range(1, fan_pages(site) + 1):
            files[prefix + page_path(FANS, number)] = partial(fans_page, site, language, number)
        files[prefix + VOTE] = partial(vote_page, site, language)
    for company, code in designs_of(site).items():
        files[design_path(company)] = code.encode
    return files


def design_path(company: str) -> str:
    return f"vote/{company}.svg"


def designs_of(site: Site) -> dict[str, str]:
    """The firms' codes that the page of the vote shows, as `<svg>`; firms without one where nothing can be drawn."""
    view = site.view
    drawn = {one: view.draw(card_of(view, one), _told_by(view, one)) for one in _candidates(view)}
    return {company: code for company, code in drawn.items() if code}


def _candidates(view: View) -> tuple[str, ...]:
    poll = view.promotion.poll
    return poll.candidates if poll else ()


def _told_by(view: View, company: str) -> str:
    return firm_url(view.host, company) or bib_url(
        view.host, new_code(lambda bits: 0)
    )  # where nothing leads to the board


def fans_page(site: Site, language: Language, number: int) -> str:
    """One page of the ranking by scans."""
    begin = (number - 1) * ROWS_ON_A_PAGE
    return rendered_page(
        site, language, page_path(FANS, number), "qrpr.html", TAB,
        title=message("qrpr_title", language), fans=fans_of(site)[begin : begin + ROWS_ON_A_PAGE],
        pages=pager_of(FANS, number, fan_pages(site)), twin=FANS, ways=_ways(site.view, language, TAB),
    )  # fmt: skip


def vote_page(site: Site, language: Language) -> str:
    """The vote as a grid of the firms' codes."""
    view = site.view
    poll = view.promotion.poll
    return rendered_page(
        site, language, VOTE, "vote.html", TAB,
        title=message("vote", language), poll=_poll(site, poll) if poll and poll.candidates else None,
        ways=_ways(view, language, VOTE), elsewhere=_live(view, language, VOTE),
    )  # fmt: skip


def _poll(site: Site, poll: Poll) -> dict[str, Any]:
    votes, names, drawn = poll.votes or {}, site.view.names.companies, designs_of(site)
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
                "picture": design_path(one) if one in drawn else "",
                "votes": votes.get(one, 0),
                "first": most > 0 and not poll.open and votes.get(one, 0) == most,
            }
            for one, company in shown
        ],
    }


def _live(view: View, language: Language, path: str) -> str:
    """The same page on the race's own board, for copies where nobody takes an answer; empty where the race has no address."""
    return f"https://{view.host.lower()}/{PREFIX[language]}{path}" if view.host else ""


def _ways(view: View, language: Language, here: str) -> list[tuple[str, str, bool]]:
    """From one of the pages to the other, if that holds something."""
    held = {TAB: "ranking"} | ({VOTE: "vote"} if _candidates(view) or here == VOTE else {})
    return [(path, message(key, language), path == here) for path, key in held.items()]
