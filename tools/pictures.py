"""Makes the pictures of the docs anew from the made-up race, in a real browser: `python -m tools.pictures [NAME...]`."""

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from os import environ
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Literal, NamedTuple

import cv2
from PIL import Image
from playwright.sync_api import Browser, Error, Page, expect

from bibs.drawing.layout import DEFAULT_LAYOUT
from bibs.drawing.pdf_pages import render_pages
from bibs.printing.print_job import PrintOrder, print_bibs
from demo.demonstration import clear, demonstrate_once
from demo.film import FilmCamera, line_px
from results.office.jobs.firm_looks import NewLook
from results.office.jobs.publication import publish_provisional
from results.spectators.ballots import Ballots
from results.web.http_server import bind, serving
from server.office_firms import firm_looks
from server.printer import readers
from server.race_server import race_app
from tests.browsers import chromium_running, visiting
from tests.spectators import PHONE as TELEPHONE
from timing.folder import OpenRace, open_race
from timing.people.inbox import Inbox
from timing.people.office_seats import OfficeSeats, Official
from timing.race.chain import ROOT, Batch
from timing.race.chance import new_lineage, system_bits
from timing.race.encoding import encode
from timing.race.events import CourseClosed, FactUndone, Role, Scanned, StationFact, StationOpened
from timing.race.firms import FirmCard
from timing.race.instants import SECOND, Span, iso, later

IMAGES: Final = Path(__file__).parents[1] / "docs" / "images"
PHONE: Final = 390, 1080
HALF: Final = 630, 1180
GAP: Final = 40
COLOURS: Final = 128
"""Of a PNG: our pages have few."""
LOGO: Final = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 80" width="80" height="80">'
    b'<rect x="2" y="2" width="76" height="76" fill="none" stroke="#154A7D" stroke-width="8"/>'
    b'<rect x="20" y="18" width="10" height="44" fill="#154A7D"/><rect x="50" y="18" width="10" height="44" fill="#154A7D"/>'
    b'<rect x="26" y="35" width="28" height="10" fill="#154A7D"/></svg>'
)
Tongue = Literal["ko", "en"]
SUFFIX: Final[Mapping[Tongue, str]] = {"ko": "", "en": "-en"}


class Scene(NamedTuple):
    """The made-up race, served, and a browser before it."""

    opened: OpenRace
    at: str
    browser: Browser
    port: int

    @contextmanager
    def page(
        self, size: tuple[int, int], tongue: Tongue = "ko", role: Role = "", agent: str | None = None
    ) -> Iterator[Page]:
        """A browser of its own; let into the office where a role is given."""
        with visiting(self.browser, size, own_policy=False, agent=agent) as somebody:
            page = somebody.page
            if role:
                names: Mapping[Role, str] = {"director": "박총괄", "counter": "이접수"}
                seats = OfficeSeats(self.opened.engine, self.opened.settings.id)
                page.goto(f"{self.at}office/enter/{seats.give(Official(names[role], role), self.opened.clock.now())}")
                page.locator("main button").click()
                if tongue == "en":
                    page.get_by_role("button", name="English").click()
            yield page


@contextmanager
def scene() -> Iterator[Scene]:
    """The race as it is in the middle of the day."""
    with TemporaryDirectory() as folder:
        root = Path(folder) / "race"
        clear(root)
        demonstrate_once(root, seed=1, people=60)
        with open_race(root) as opened, open_race(root) as stations:
            _go_on(opened)
            listening = bind("127.0.0.1", 0)
            port = int(listening.getsockname()[1])
            with race_app(opened, stations) as app, serving(app, listening), chromium_running(Path(folder)) as browser:
                yield Scene(opened, f"http://127.0.0.1:{port}/", browser, port)


def _go_on(opened: OpenRace) -> None:
    """The finish is open again; there are spares, firms' looks and links, a provisional edition, and something to do."""
    log, director = opened.log, Official("박총괄", "director")
    closed = max(one.pos for one in log.read() if isinstance(one.event, CourseClosed))
    log.record([FactUndone(closed, "demo", "")])
    looks, companies = firm_looks(opened), list(opened.directory.names().companies)
    looks.change(opened, companies[0], NewLook("#154A7D", ("logo.svg", LOGO)), lambda _connection: None)
    looks.change(opened, companies[4], NewLook("#0A6B3D"), lambda _connection: None)
    print_bibs(opened, readers(), PrintOrder(only_new=True, firms=("spare",), spares=6))
    cards = opened.directory.cards()
    shown = cards[companies[0]].changed(
        "https://hanbit.example/", "소프트웨어로 달리는 사람들, 함께할 동료를 찾습니다."
    )
    opened.directory.keep_card(replace(shown, approved=True))
    opened.directory.keep_card(FirmCard(companies[1]).changed("https://garam.example/", "가람전자, 함께 달립니다."))
    Ballots(opened.engine, opened.settings.id).open([companies[0], companies[4]], live=True)
    publish_provisional(opened, 30, director, "")
    _something_to_do(opened)


def _something_to_do(opened: OpenRace) -> None:
    """A tap has no bib, and a runner reports; whoever the demonstration's stations could not read is there already."""
    lineage, now = new_lineage(system_bits), opened.clock.now()
    passed = later(now, Span(-240 * SECOND))
    facts: Sequence[StationFact] = [
        StationOpened("finish-2", "finish", later(now, Span(-600 * SECOND))),
        Scanned("tap", "", later(passed, Span(30 * SECOND)), later(passed, Span(30 * SECOND))),
    ]
    opened.directory.enrol("finish-2", "0" * 64)
    opened.log.receive(Batch(lineage, 1, ROOT, [encode(fact) for fact in facts]))
    bib = next(one.bib for one in opened.fold().running() if one.bib)
    Inbox(opened.engine, opened.settings.id).put(bib, str(bib), "결승선을 지났는데 기록이 없습니다", now)


def _frame(root: Path, at_s: float) -> "cv2.typing.MatLike":
    """What the camera at the finish saw, 800 pixels wide."""
    film = cv2.VideoCapture(str(root / "films" / "finish.mp4"))
    film.set(cv2.CAP_PROP_POS_MSEC, at_s * 1_000)
    seen, frame = film.read()
    assert seen
    return cv2.resize(frame, (800, 450), interpolation=cv2.INTER_AREA)


def _kept(name: str, *shots: bytes, gap: int = GAP) -> None:
    """Pictures side by side, as one PNG of few colours."""
    pictures = [Image.open(BytesIO(one)).convert("RGB") for one in shots]
    width = sum(one.width for one in pictures) + gap * (len(pictures) - 1)
    whole = Image.new("RGB", (width, max(one.height for one in pictures)), "white")
    x = 0
    for one in pictures:
        whole.paste(one, (x, 0))
        x += one.width + gap
    whole.quantize(COLOURS, dither=Image.Dither.NONE).save(IMAGES / name, optimize=True)


def bib(scene: Scene) -> None:
    """A firm's bib with its colour and logo."""
    number = next(one.bib for one in scene.opened.fold().running() if one.bib)
    (file,) = print_bibs(scene.opened, readers(), PrintOrder(reprint=(number,))).paths
    (picture,) = render_pages(file, 711 / DEFAULT_LAYOUT.width)
    encoded, data = cv2.imencode(".png", picture)
    assert encoded
    _kept("bib.png", data.tobytes())


def board(scene: Scene) -> None:
    """The board on a desk, the big screen, and four pages of a phone."""
    with scene.page((1280, 800)) as page:
        page.goto(scene.at)
        expect(page.locator("table").first).to_be_visible()
        _kept("board.png", page.screenshot())
    with visiting(scene.browser, (1280, 720), "dark", own_policy=False) as somebody:
        page = somebody.page
        page.goto(f"{scene.at}screen.html")
        page.wait_for_timeout(1_500)
        _kept("screen.png", page.screenshot())
    race = scene.opened.fold()
    first = next(one for one in race.running() if one.bib)
    with scene.page((390, 844), agent=TELEPHONE) as page:
        shots = []
        for path in (f"B/{first.code}", f"r/{first.bib}.html", "qrpr.html", "vote.html"):
            if path.startswith("B/"):
                with page.expect_response("**/v1/spectator"):
                    page.goto(scene.at + path)
                page.wait_for_timeout(5_000)  # until the board counts it
            page.goto(scene.at + path)
            page.wait_for_timeout(500)
            shots.append(page.screenshot())
        _kept("board-phone.png", *shots, gap=24)


def office(scene: Scene) -> None:
    """The office in both languages: what is to do, the counter, lists, files, bibs, a firm."""
    for tongue, suffix in SUFFIX.items():
        with scene.page((1000, 900), tongue, "director") as page:
            page.goto(f"{scene.at}office/")
            _kept(f"office-todo{suffix}.png", page.screenshot())
        with scene.page(HALF, tongue, "director") as page:
            _kept(f"office-director{suffix}.png", _roster(scene, page), _shot(scene, page, "office/files"))
            company = next(iter(scene.opened.directory.names().companies))
            page.goto(f"{scene.at}office/bibs")
            page.locator("main input[type=checkbox]").nth(1).check()
            _kept(f"office-bibs{suffix}.png", page.screenshot(), _shot(scene, page, f"office/firms/{company}"))
        with scene.page(PHONE, tongue, "counter") as page:
            _kept(f"office-counter{suffix}.png", *_walk_in(scene, page, "봄하늘" if tongue == "ko" else "Anna Lee"))


def _shot(scene: Scene, page: Page, path: str) -> bytes:
    page.goto(scene.at + path)
    return page.screenshot()


def _roster(scene: Scene, page: Page) -> bytes:
    """A list looked at before it is taken in."""
    page.goto(f"{scene.at}office/rosters")
    roster = "회사,참가자 성함,성별,연령대\n가람전자,한새로,여,30대\n가람전자,박나루,남,20대\n가람전자,오단비,여,40대\n새솔정밀,김새봄,여,30대\n"
    page.set_input_files("#file", {"name": "가람전자.csv", "mimeType": "text/csv", "buffer": roster.encode()})
    page.locator("main form button").click()
    expect(page.locator("#answers")).to_be_visible()
    return page.screenshot()


def _walk_in(scene: Scene, page: Page, name: str) -> Iterator[bytes]:
    """The form for a new person, and the page that comes."""
    page.goto(f"{scene.at}office/new")
    page.locator("#name").fill(name)
    page.locator("#company").fill("가람전자")
    page.locator("input[name=sex]").first.check()
    page.locator("#category").select_option("30대")
    spare = min(
        number for number, code in scene.opened.fold().office.spares.items() if not scene.opened.fold().holder(code)
    )
    page.locator("#spare").fill(str(spare))
    yield page.screenshot()
    page.locator("#spare").press("Enter")
    page.wait_for_url("**/office/people/*")
    yield page.screenshot()


def line(scene: Scene) -> None:
    """What the camera at the line sees."""
    cv2.imwrite(str(IMAGES / "line.jpg"), _frame(scene.opened.root, 9.0), [cv2.IMWRITE_JPEG_QUALITY, 85])


def operator(scene: Scene) -> None:
    """The operator's page, in each language."""
    listening = bind("127.0.0.1", 0)
    port = int(listening.getsockname()[1])
    listening.close()
    width_px = line_px(FilmCamera(), DEFAULT_LAYOUT.code.width / 1000)
    root, begins = scene.opened.root, iso(later(scene.opened.clock.now(), Span(-60 * SECOND)))
    for tongue, suffix in SUFFIX.items():
        arguments = [
            str(root / "films" / "finish.mp4"),
            "--station",
            f"finish-{8 if tongue == 'ko' else 9}",
            "--point",
            "finish",
        ]
        arguments += [
            "--at",
            begins,
            "--race",
            str(root),
            "--line-px",
            f"{width_px:.2f}",
            "--realtime",
            "--watch",
            str(port),
        ]
        station = subprocess.Popen(
            [sys.executable, "-m", "marathon", "scan", *arguments], stdout=subprocess.DEVNULL, env={**environ}
        )
        try:
            with visiting(scene.browser, (1280, 800), own_policy=False) as somebody:
                page = somebody.page
                _reached(page, f"http://127.0.0.1:{port}/")
                if tongue == "en":
                    page.get_by_role("button", name="English").or_(page.get_by_role("link", name="English")).click()
                page.wait_for_timeout(20_000)
                page.keyboard.press("Space")
                page.wait_for_timeout(4_000)
                page.keyboard.press("Escape")
                page.keyboard.press("Space")
                page.wait_for_timeout(500)
                page.screenshot(path=IMAGES / f"operator{suffix}.jpg", type="jpeg", quality=85)
                somebody.complaints.clear()
        finally:
            station.terminate()
            station.wait()


def _reached(page: Page, address: str) -> None:
    for _try in range(100):
        try:
            page.goto(address)
            return
        except Error:
            page.wait_for_timeout(300)
    raise TimeoutError(address)


PICTURES: Final[Mapping[str, Callable[[Scene], None]]] = {
    "board": board, "office": office, "bib": bib, "line": line, "operator": operator
}  # fmt: skip

if __name__ == "__main__":
    wanted = sys.argv[1:] or [*PICTURES]
    with scene() as made_up:
        for one in wanted:
            PICTURES[one](made_up)
