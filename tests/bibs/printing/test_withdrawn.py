"""Who withdrew is not printed, and that is told; whoever has a printed spare or stands in needs no second paper."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bibs.printing.manifest import packets
from bibs.printing.print_job import PrintOrder, print_bibs
from tests.bibs.conftest import Entered
from tests.prints import READERS
from tests.rosters import csv_file
from tests.terminal import marathon
from timing.errors import WrongUse
from timing.folder import OpenRace

HEADER = ["소속", "성명", "배번"]


@pytest.fixture
def race(tmp_path: Path, entered: Entered) -> Iterator[OpenRace]:
    rows = ["들판식품", "문보람", "11"], ["들판식품", "유하린", "12"], ["들판식품", "정다온", ""]
    with entered(tmp_path / "대회", HEADER, *rows) as opened:
        yield opened


def withdraw(race: OpenRace, who: str) -> None:
    ruling = ("rule", "status", "withdrawn", who, "--why", "부상", "--yes")
    assert marathon(*ruling, "--race", race.root) == 0


def printed(race: OpenRace) -> list[int]:
    return [bib.number for _, manifest in packets(race.root / "bibs") for bib in manifest.bibs]


def test_who_withdrew_gets_no_number_and_no_bib_and_is_named(
    race: OpenRace, capsys: pytest.CaptureFixture[str]
) -> None:
    withdraw(race, "12")
    withdraw(race, "e00003")
    capsys.readouterr()
    remarks = print_bibs(race, READERS).remarks
    assert any("이미 인쇄한 배번은 따로 빼 두세요: 12 유하린" in one.to("ko") for one in remarks)
    assert printed(race) == [11]
    assert race.fold().entrants["e00003"].bib is None
    with pytest.raises(WrongUse, match="withdrew"):
        print_bibs(race, READERS, PrintOrder(reprint=(12,)))


def test_a_firm_counts_without_who_withdrew(race: OpenRace, capsys: pytest.CaptureFixture[str]) -> None:
    withdraw(race, "12")
    capsys.readouterr()
    assert marathon("firm", "list", "--race", race.root) == 0
    assert "들판식품\t2\t" in capsys.readouterr().out


def test_a_walk_in_with_a_printed_spare_needs_no_new_paper(race: OpenRace) -> None:
    print_bibs(race, READERS, PrintOrder(spares=2))
    spare = min(race.fold().office.spares)
    late = csv_file(race.root / "늦은.csv", HEADER, ["들판식품", "오세찬", str(spare)])
    assert marathon("import", late, "--race", race.root) == 0
    assert print_bibs(race, READERS, PrintOrder(only_new=True)).paths == ()
    assert printed(race).count(spare) == 1


def test_a_list_with_somebody_for_whom_another_runs_says_who(
    race: OpenRace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert marathon("people", "stand-in", 11, "한보라", "--yes", "--race", race.root) == 0
    again = csv_file(race.root / "다시.csv", HEADER, ["들판식품", "문보람", "11"])
    capsys.readouterr()
    assert marathon("import", again, "--race", race.root) == 0
    said = capsys.readouterr().err
    assert "11이 대신 출전합니다" in said and "reinstate" not in said
    print_bibs(race, READERS)
    assert printed(race).count(11) == 1
