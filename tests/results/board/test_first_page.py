"""The page that a phone on a slow network waits for: small, and painted without a second request."""

from random import Random

import pytest

from results.board.snapshot import Snapshot
from results.web.templating import static_path
from tests.boards import net, view_of_runs
from timing.race.known_names import Names

MOST_BYTES = 6_000
CHANCE = Random(1)
FAMILIES, GIVEN = "김이박최정강조윤장임한오", "하늘서준도윤민솔예온다라"
PEOPLE = {f"e{bib:05}": CHANCE.choice(FAMILIES) + "".join(CHANCE.choices(GIVEN, k=2)) for bib in range(1, 2_501)}
FIRMS = {
    f"c{firm:04}": "".join(CHANCE.choices(GIVEN, k=3)) + CHANCE.choice(("테크", "정밀", "소프트")) for firm in range(60)
}
RUNS = [
    net(
        bib,
        CHANCE.gauss(1_800, 250),
        company=CHANCE.choice(list(FIRMS)),
        sex=CHANCE.choice("FM"),
        category=CHANCE.choice(("20대", "30대", "40대", "50대")),
    )
    for bib in CHANCE.sample(range(1, 2_501), 300)
]


@pytest.fixture(scope="module")
def board() -> Snapshot:
    return Snapshot(view_of_runs(RUNS, names=Names(PEOPLE, FIRMS)))


@pytest.mark.parametrize("path", ["index.html", "en/index.html"])
def test_a_hundred_runners_come_in_few_bytes(board: Snapshot, path: str) -> None:
    page = board.get(path)
    assert page is not None
    assert page.plain.count(b"<tr>") == 101
    assert len(page.body("br")) <= MOST_BYTES


@pytest.mark.parametrize("path", ["index.html", "overall/2.html", "sex/1.html", "en/category/2.html"])
def test_a_list_is_painted_before_the_second_sheet_comes(board: Snapshot, path: str) -> None:
    text = html(board, path)
    assert text.index("</table>") < text.index(static_path("more.css"))


@pytest.mark.parametrize("path", ["companies.html", "missing.html", "en/participation.html"])
def test_other_pages_wait_for_it(board: Snapshot, path: str) -> None:
    text = html(board, path)
    assert text.index(static_path("more.css")) < text.index("<body")


def html(board: Snapshot, path: str) -> str:
    found = board.get(path)
    assert found is not None
    return found.plain.decode()
