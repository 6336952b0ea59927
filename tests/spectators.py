"""Short words for spectators: phones that scan bibs and vote, on a board with its doors."""

import asyncio
import json
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import httpx2
from starlette.types import ASGIApp

from results.spectators.plug import SpectatorPlug
from tests.boards import ask
from tests.builders import code_of
from tests.terminal import marathon
from timing.folder import OpenRace
from timing.race.firms import Design, FirmCard
from timing.store.low_priority_writer import LowPriorityWriter

PHONE: Final = (
    "Mozilla/5.0 (Linux; Android 15; SM-S931N) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36"
)
ROBOTS: Final = [
    "",
    "curl/8.5.0",
    "python-requests/2.32",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; Yeti/1.1; +https://naver.me/spd)",
    "facebookexternalhit/1.1;kakaotalk-scrap/1.0; +https://devtalk.kakao.com/t/scrap/33984",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0.0.0 Safari/537.36",
    "Mozilla/5.0 (compatible; Daumoa/4.0; +http://cs.daum.net/)",
]
PEOPLE: Final = [
    PHONE,
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 KAKAOTALK 25.8.2",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 Safari/605.1 NAVER(inapp; search; 2000; 12.12.3)",
    "Mozilla/5.0 (Android 15; Mobile; rv:142.0) Gecko/142.0 Firefox/142.0",
    "Mozilla/5.0 (Linux; Android 13; CUBOT X70) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36",
]


def device(number: int) -> str:
    return f"{number:032x}"


def scanned(app: ASGIApp, bib: int, method: str = "GET", agent: str = PHONE, **headers: str) -> dict[str, str]:
    """What the address says to which a scanned bib leads."""
    answer = ask(app, f"/B/{code_of(bib)}", method, user_agent=agent, **headers)
    assert answer.status_code == 302
    return {key: one for key, (one,) in parse_qs(urlsplit(answer.headers["location"]).query).items()}


def posted(
    app: ASGIApp, path: str, told: object, agent: str = PHONE, sender: str = "192.0.2.1", **headers: str
) -> tuple[int, Any]:
    """Send something as a page does; gives the status and what came back."""
    body = told if isinstance(told, bytes) else json.dumps(told).encode()

    async def sent() -> httpx2.Response:
        transport = httpx2.ASGITransport(app=app, client=(sender, 1))
        async with httpx2.AsyncClient(transport=transport, base_url="http://gv.test") as client:
            heads = {"content-type": "application/json"} | {
                name.replace("_", "-"): one for name, one in headers.items()
            }
            return await client.post(path, content=body, headers={"user-agent": agent, **heads})

    answer = asyncio.run(sent())
    return answer.status_code, answer.json() if answer.headers["content-type"] == "application/json" else {}


def counts(app: ASGIApp, ticket: str, number: int, **about: str) -> bool:
    """Show a ticket; whether it was counted."""
    status, told = posted(app, "/v1/spectator", {"ticket": ticket, "device": device(number)}, **about)
    assert status in (200, 403)
    return status == 200 and bool(told["counted"])


def visits(app: ASGIApp, bib: int, number: int, sender: str = "192.0.2.1") -> bool:
    """A phone scans a bib and opens the page; whether that was counted."""
    return counts(app, scanned(app, bib)["scan"], number, sender=sender)


def plugged(opened: OpenRace, low_priority_writer: LowPriorityWriter | None = None) -> list[SpectatorPlug]:
    """What the front door plugs into a board for spectators."""
    return [SpectatorPlug(opened, low_priority_writer)]


def promoted(opened: OpenRace) -> None:
    """Give the firms of a race designs to vote on."""
    for firm in ("c0001", "c0002", "c0003"):
        opened.directory.keep_card(FirmCard(firm, design=Design(colour="#0B4F8A", shape="rounded")))
    assert marathon("vote", "open", "--race", opened.root) == 0


def drawing(card: FirmCard, text: str) -> str:
    """A printer that draws no more than a firm's colour."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path fill="{card.design.colour}" d="M0 0h1v1z"/></svg>'
