"""The pages of QRPR: the ranking of firms by spectators' scans, the votes, the quiz; and every file that belongs to them."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

from results.board.asset import Asset
from results.board.pages import PREFIX, STATIC, pager_of, rendered_page, static_path
from results.board.qrpr.fans import FanTable, fan_pages, fans_csv, fans_of
from results.board.qrpr.pictures_shown import picture
from results.board.qrpr.promotion import Poll
from results.board.qrpr.quiz import Question
from results.board.site import ROWS_ON_A_PAGE, Site, page_path
from results.board.twins import as_json
from results.display import View
from results.messages import LANGUAGES, Language, message

FANS, VOTE, QUIZ = "qrpr", "vote.html", "quiz.html"
TAB: Final = "qrpr.html"
Maker = Callable[[], str | bytes]


def promotion_files(site: Site) -> dict[str, Maker]:
    """Every file but the pictures, by path."""
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
        files[prefix + QUIZ] = partial(quiz_page, site, language)
    return files


def picture_paths(view: View) -> list[str]:
    """The pictures that the page of votes shows."""
    shown = (name for poll in view.promotion.polls for one in poll.candidates for name in (one.picture, one.small))
    return [f"photos/{name}" for name in shown]


def shown_picture(view: View, path: str) -> Asset | None:
    """A picture, if it is one of those that are shown; None for anything else, whatever lies in the folder."""
    folder = view.promotion.folder
    if not path.startswith("photos/") or folder is None or path not in picture_paths(view):
        return None
    return picture(path, Path(folder))


def fans_page(site: Site, language: Language, number: int) -> str:
    """One page of the ranking by scans."""
    begin = (number - 1) * ROWS_ON_A_PAGE
    return rendered_page(
        site, language, page_path(FANS, number), "qrpr.html", TAB,
        title=message("qrpr_title", language), fans=fans_of(site)[begin : begin + ROWS_ON_A_PAGE],
        pages=pager_of(FANS, number, fan_pages(site)), twin=FANS, ways=_ways(site.view, language, TAB),
    )  # fmt: skip


def vote_page(site: Site, language: Language) -> str:
    """The votes, each as a grid of pictures."""
    view = site.view
    polls = [_poll(site, poll, language) for poll in view.promotion.polls if poll.candidates]
    return rendered_page(
        site, language, VOTE, "vote.html", TAB,
        title=message("vote", language), polls=polls, ways=_ways(view, language, VOTE), elsewhere=_live(view, language, VOTE),
    )  # fmt: skip


def _poll(site: Site, poll: Poll, language: Language) -> dict[str, Any]:
    votes, names = poll.votes or {}, site.view.names.companies
    shown = [(one, site.company_now(one.company)) for one in poll.candidates]
    if not poll.open:
        shown.sort(key=lambda one: -votes.get(one[0].number, 0))
    most = max(votes.values(), default=0)
    return {
        "name": poll.name,
        "open": poll.open,
        "title": message(f"ballot_{poll.name}", language),
        "counted": poll.votes is not None,
        "total": sum(votes.values()),
        "candidates": [
            {
                "number": one.number,
                "firm": names.get(company) or company,
                "caption": one.caption,
                "picture": f"photos/{one.picture}",
                "small": f"photos/{one.small}",
                "width": one.width,
                "height": one.height,
                "votes": votes.get(one.number, 0),
                "first": most > 0 and not poll.open and votes.get(one.number, 0) == most,
            }
            for one, company in shown
        ],
    }


def quiz_page(site: Site, language: Language) -> str:
    """The quiz: questions and choices, and nothing of the answers."""
    view = site.view
    questions = [
        {"id": one.id, "text": one.asks(language), "choices": one.offers(language), "firm": _firm_of(site, one)}
        for one in view.promotion.quiz
    ]  # fmt: skip
    return rendered_page(
        site, language, QUIZ, "quiz.html", TAB,
        title=message("quiz", language), questions=questions, ways=_ways(view, language, QUIZ),
        elsewhere=_live(view, language, QUIZ),
    )  # fmt: skip


def _firm_of(site: Site, question: Question) -> tuple[str, str] | None:
    """Id and name of the firm that a question is about."""
    names = site.view.names.companies
    for company, name in names.items():
        if question.firm and question.firm in (company, name):
            now = site.company_now(company)
            return now, names.get(now) or now
    return None


def _live(view: View, language: Language, path: str) -> str:
    """The same page on the race's own board, for copies where nobody takes an answer; empty where the race has no address."""
    return f"https://{view.host.lower()}/{PREFIX[language]}{path}" if view.host else ""


def _ways(view: View, language: Language, here: str) -> list[tuple[str, str, bool]]:
    """From one of the pages to the others, those that hold something."""
    promotion = view.promotion
    there = {TAB: "ranking", VOTE: "vote", QUIZ: "quiz"}
    held = {TAB: True, VOTE: any(poll.candidates for poll in promotion.polls), QUIZ: bool(promotion.quiz)}
    return [(path, message(key, language), path == here) for path, key in there.items() if held[path] or path == here]
