"""`marathon certificates` and `marathon verify`, as the organiser types them; and the page that a phone opens."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import msgspec
import pytest
from starlette.responses import PlainTextResponse

from results.board.board_app import Board
from results.certificates.edition_certificates import occasion_of
from results.certificates.verdict_page import verdict_pages
from scanners.cameras.stills import read_image
from scanners.reading.decoder import every_text
from tests.boards import Run, ask, followed, net, race_folder
from tests.builders import after_gun
from tests.terminal import Typist, marathon
from timing.folder import OpenRace
from timing.log.checkpoint_store import CheckpointStore
from timing.race.events import EditionPublished
from timing.race.known_names import Names

FIELD = [
    net(1, 1000, name="김하늘"),
    net(2, 1010, name="이솔"),
    net(3, 1020, company="c0002", name="박바다"),
    Run(4, "0:10", name="최가온"),
    Run(5, name="정다온"),
]
Typed = Callable[..., tuple[int, str]]


@pytest.fixture
def gvalley(tmp_path: Path) -> Iterator[OpenRace]:
    with race_folder(tmp_path / "gvalley", FIELD) as opened:
        yield opened


@pytest.fixture
def typed(gvalley: OpenRace, capsys: pytest.CaptureFixture[str]) -> Typed:
    return Typist(gvalley, capsys).ends


def official(typed: Typed) -> None:
    """The director gives out provisional results and makes them official."""
    typed("edition", "provisional", "--protest-minutes", 0)
    again(typed)


def again(typed: Typed) -> None:
    code, told = typed(
        "edition", "official", "--early", "--yes", "--despite", "start-1", "--despite", "finish-1", "--why", "정정"
    )
    assert code == 0, told


def texts(gvalley: OpenRace, bib: int) -> list[str]:
    """The QR in somebody's picture."""
    return every_text(read_image(gvalley.root / "certificates" / f"기록증-{bib:04}.png"))


def files(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


def test_without_an_official_edition_there_are_none(gvalley: OpenRace, typed: Typed) -> None:
    code, told = typed("certificates", "--all")
    assert code == 1 and "--provisional" in told
    typed("edition", "provisional", "--protest-minutes", 0)
    assert typed("certificates", "--all")[0] == 1
    assert typed("certificates", 1, "--provisional")[0] == 0
    assert files(gvalley.root / "certificates") == {"기록증-0001.pdf"}


def test_named_runners_get_a_file_each_and_a_picture_if_wanted(gvalley: OpenRace, typed: Typed) -> None:
    official(typed)
    assert typed("certificates", 1, 3, "--png")[0] == 0
    bibs = ("0001", "0003")
    assert files(gvalley.root / "certificates") == {f"기록증-{bib}.{kind}" for bib in bibs for kind in ("pdf", "png")}


def test_everybody_stands_in_one_file_and_the_others_are_told(gvalley: OpenRace, typed: Typed, tmp_path: Path) -> None:
    official(typed)
    code, told = typed("certificates", "--all", "--out", tmp_path / "기록증")
    assert code == 0 and "4명" in told and "보이지 않음 1명 (5)" in told
    assert files(tmp_path / "기록증") == {"기록증.pdf"}
    assert typed("certificates", "--all", "--each", "--out", tmp_path / "each")[0] == 0
    assert len(files(tmp_path / "each")) == 4


def test_whoever_is_named_and_gets_none_is_told_why(typed: Typed) -> None:
    official(typed)
    code, told = typed("certificates", 1, 5, 77)
    assert code == 1 and "보이지 않음" in told and "77" in told


def test_bibs_or_all_but_not_both_and_not_neither(typed: Typed) -> None:
    assert typed("certificates")[0] == 2
    assert typed("certificates", 1, "--all")[0] == 2


def test_a_name_that_no_font_draws_is_refused_by_name(gvalley: OpenRace, typed: Typed) -> None:
    official(typed)
    gvalley.directory.keep(Names({"e00002": "이🏃솔"}))
    code, told = typed("certificates", "--all")
    assert code == 1 and "이🏃솔" in told and "3명" in told


def test_a_certificate_is_valid_until_a_newer_edition_stands_above_it(gvalley: OpenRace, typed: Typed) -> None:
    official(typed)
    typed("certificates", 1, 2, 4, "--png")
    (first,) = texts(gvalley, 1)
    code, told = typed("verify", first)
    assert code == 0 and "valid" in told and "1위" in told and "김하늘" not in told
    typed("rule", "finish", 3, "+16:00", "--why", "늦게 온 영상", "--yes")
    assert typed("verify", first)[0] == 0  # a ruling alone is not published yet
    code, told = typed("certificates", 1)
    assert code == 0 and "edition 2" in told
    again(typed)
    code, told = typed("verify", first)
    assert code == 1 and "superseded" in told and "1위" in told and "2위" in told
    code, told = typed("verify", *texts(gvalley, 4))
    assert code == 1 and "this result is the same" in told


def test_a_disqualified_runner_s_certificate_is_superseded(gvalley: OpenRace, typed: Typed) -> None:
    official(typed)
    typed("certificates", 1, "--png")
    typed("rule", "status", "dsq", 1, "--why", "대리 참가", "--yes")
    again(typed)
    assert "superseded" in typed("verify", *texts(gvalley, 1))[1]
    assert "실격" in typed("certificates", 1)[1]


def test_pdf_picture_and_text_file_are_read(gvalley: OpenRace, typed: Typed, tmp_path: Path) -> None:
    official(typed)
    typed("certificates", 2, "--png")
    made = gvalley.root / "certificates"
    note = tmp_path / "글.txt"
    note.write_text("\n".join(texts(gvalley, 2)), encoding="utf-8")
    code, told = typed("verify", made / "기록증-0002.pdf", made / "기록증-0002.png", note)
    assert code == 0 and told.count("valid") == 3
    empty = tmp_path / "빈.txt"
    empty.write_text("", encoding="utf-8")
    assert typed("verify", empty)[0] == 2


def test_an_altered_text_and_another_race_s_are_wrong(gvalley: OpenRace, typed: Typed, tmp_path: Path) -> None:
    official(typed)
    typed("certificates", 2, "--png")
    (text,) = texts(gvalley, 2)
    code, told = typed("verify", text.replace("/2/2/", "/2/1/"))
    assert code == 1 and "wrong" in told
    with race_folder(tmp_path / "other", FIELD) as other:
        assert marathon("verify", text, "--race", other.root) == 1


def test_what_the_key_signed_and_no_edition_says_is_wrong(gvalley: OpenRace, typed: Typed) -> None:
    from results.certificates.signed_result import SignedResult, claim_url
    from timing.race.instants import Span

    official(typed)
    signer = CheckpointStore(gvalley.root, gvalley.settings.id).signer
    for claim in (
        SignedResult(2, 1, Span(1), Span(2), 1),
        SignedResult(9, 1, None, None, None),
        SignedResult(2, 77, None, None, None),
    ):
        code, told = typed("verify", claim_url("GV.TEST", claim, signer))
        assert code == 1 and "no published edition" in told


def test_without_the_race_the_public_key_tells_whether_it_was_signed(
    gvalley: OpenRace, typed: Typed, capsys: pytest.CaptureFixture[str]
) -> None:
    official(typed)
    typed("certificates", 2, "--png")
    (text,) = texts(gvalley, 2)
    key = CheckpointStore(gvalley.root, gvalley.settings.id).verifier
    assert marathon("verify", text, "--key", key) == 0
    assert "only the race can tell" in capsys.readouterr().out
    assert marathon("verify", text.replace("/2/2/", "/2/1/"), "--key", key) == 1


def test_settings_say_who_gives_them_and_of_which_kind(gvalley: OpenRace, typed: Typed) -> None:
    official(typed)
    settings = gvalley.root / "race.toml"
    settings.write_text('certificate = "participation"\norganiser = "조직위"\n' + settings.read_text(encoding="utf-8"))
    assert typed("certificates", 1, "--png")[0] == 0
    assert "/2/1/-/-/-/" in texts(gvalley, 1)[0]


def test_a_phone_that_scans_a_certificate_sees_how_it_stands(gvalley: OpenRace, typed: Typed) -> None:
    official(typed)
    typed("certificates", 1, "--png")
    path = texts(gvalley, 1)[0].removeprefix("HTTPS://GV.TEST")
    follower = followed(gvalley, print)
    board = Board(
        lambda: follower.snapshot,
        follower.firm_of,
        PlainTextResponse("behind", 404),
        verdict_pages(gvalley, follower),
    )
    answer = ask(board, path)
    assert answer.status_code == 200 and "유효" in answer.text and "1위" in answer.text
    assert "김" not in answer.text and answer.headers["cache-control"] == "no-store"
    assert ask(board, path.replace("/2/1/", "/2/2/")).status_code == 404


def test_while_results_are_hidden_a_certificate_does_not_tell_the_new_one(gvalley: OpenRace, typed: Typed) -> None:
    official(typed)
    typed("certificates", 1, "--png")
    path = texts(gvalley, 1)[0].removeprefix("HTTPS://GV.TEST")
    assert typed("rule", "adjust", 1, "+60", "--why", "벌칙", "--yes")[0] == 0
    again(typed)
    follower = followed(gvalley, print)
    judge = verdict_pages(gvalley, follower)
    assert "17:40" in judge(path.lstrip("/"))[1]
    typed("edition", "hide", "--why", "재심")
    follower.refresh()
    known, page = judge(path.lstrip("/"))
    assert known and "17:40" not in page and "16:40" in page


def test_a_certificate_bears_the_day_of_the_gun_whatever_the_settings_say(gvalley: OpenRace) -> None:
    edition, seoul_midnight = EditionPublished(1, "official", 1, "0" * 64, None, (), "desk", ""), after_gun("10:00:00")
    dated = replace(gvalley, settings=msgspec.structs.replace(gvalley.settings, date=date(2026, 1, 2)))
    assert occasion_of(dated, [seoul_midnight, after_gun("0:00")], edition).day == date(2026, 9, 3)
    assert occasion_of(dated, [seoul_midnight], edition).day == date(2026, 9, 4)
    assert occasion_of(dated, [], edition).day == date(2026, 1, 2)
