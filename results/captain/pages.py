"""The captain's page and the preview of a move, in the board's frame."""

from collections.abc import Mapping
from typing import Any, Final

from results.board.pages import rendered_page
from results.captain.captain_service import CaptainService, Planned
from results.captain.captain_view import WHYS, group_changes, people_of
from results.web.templating import PREFIX
from timing.language import NOTHING, Language, Text, _
from timing.race.firms import BLURB_MOST, LINK_MOST, FirmCard

CHANGES_SHOWN: Final = 40


def captain_page(
    desk: CaptainService,
    token: str,
    company: str,
    language: Language,
    notice: Text = NOTHING,
    wrong: str = "",
    sent: Mapping[str, str] = {},
) -> str:
    """The captain's page; `sent` is what was typed where it was refused, `wrong` why."""
    site, closed = desk.site, desk.closed()
    people = people_of(site, company, language)
    return _page(
        desk, token, company, language,
        template="captain.html",
        people=people,
        packets=sorted(desk.packets(company)), outdated=desk.outdated_packets(company),
        **_card(desk.card(company), sent),
        closed=closed,
        movable=[] if closed else people,
        teams=[] if closed else _teams(desk, company), whys=_whys(language),
        notice=notice.to(language), wrong=wrong,
    )  # fmt: skip


def move_page(desk: CaptainService, token: str, company: str, language: Language, planned: Planned, again: bool) -> str:
    """What a move would change, and the form that records it; `again` where it changed since the last preview."""
    site = desk.site
    own = next(one for one in people_of(site, company, language) if one.entrant == planned.row.entrant.id)
    hidden = site.view.state == "hidden"
    changes = [] if hidden else group_changes(planned.changes, site.view.names, desk.titles(language), language)
    return _page(
        desk, token, company, language,
        template="captain-move.html",
        own=own, team=site.view.names.own_team(planned.team), planned=planned,
        why=WHYS[planned.why].to(language),
        changes=changes[:CHANGES_SHOWN], more=max(0, len(changes) - CHANGES_SHOWN), again=again,
    )  # fmt: skip


def _page(desk: CaptainService, token: str, company: str, language: Language, template: str, **content: Any) -> str:
    return rendered_page(
        desk.site, language, f"captain/{token}", template, "",
        title=_("Captain's page").to(language),
        firm=desk.site.view.names.company(company),
        here=f"/{PREFIX[language]}captain/{token}", company=company,
        **content,
    )  # fmt: skip


def _card(card: FirmCard, sent: Mapping[str, str]) -> dict[str, Any]:
    waiting = "" if not (card.link or card.blurb) else "approved" if card.approved else "waiting"
    return {
        "link": sent.get("link", card.link),
        "blurb": sent.get("blurb", card.blurb),
        "card_state": waiting,
        "link_most": LINK_MOST,
        "blurb_most": BLURB_MOST,
    }


def _teams(desk: CaptainService, company: str) -> list[tuple[str, str]]:
    names = desk.site.view.names
    return [(team, names.own_team(team)) for team in desk.teams(company)]


def _whys(language: Language) -> list[tuple[str, str]]:
    return [(key, told.to(language)) for key, told in WHYS.items()]
