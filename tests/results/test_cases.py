"""Finished races with official results, where somebody has put them beside the project: ours must be theirs, to the place."""

import os
from pathlib import Path
from random import Random

import pytest

from tests.faults.soak import SOAK
from tests.scoring import READ, Rows, outcome, rows_of, table
from tests.terminal import marathon

CASES = Path(os.environ.get("MARATHON_CASES", Path(__file__).parents[3] / "shared" / "cases"))
FOUND = sorted(file.parent for file in CASES.glob("*/expected.csv"))
SKIPPED = pytest.param(None, marks=pytest.mark.skip(reason=f"there are no official races in {CASES}"))
FILES = {"entries": "entries.csv", "reads": "reads.csv", "rulings": "rulings.csv", "rules": "rules.toml"}


def each(cases: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases or [SKIPPED], ids=lambda case: case.name if case else "none")


each_case = each(FOUND)
with_groups = each([case for case in FOUND if (case / "expected_rankings.csv").exists()])


def score(case: Path, out: Path, reads: Path | None = None) -> None:
    arguments = [part for name, file in FILES.items() if name != "reads" for part in (f"--{name}", case / file)]
    assert marathon("score", *arguments, "--reads", reads or case / FILES["reads"], "--out", out) == 0


def official(row: dict[str, str]) -> dict[str, str]:
    """Our row in the columns of an official list; seconds are whole ones there."""
    seconds = {f"{key}_s": str(int(float(row[f"{key}_ms"]) // 1000)) for key in ("gun", "net") if row[f"{key}_ms"]}
    return row | seconds


@each_case
def test_the_places_and_times_are_the_official_ones(case: Path, tmp_path: Path) -> None:
    score(case, tmp_path)
    ours = {row["bib"]: official(row) for row in outcome(tmp_path).results}
    expected = rows_of(case / "expected.csv")
    assert expected
    for row in expected:
        known = {key: value for key, value in row.items() if value}
        assert {key: ours[row["bib"]].get(key) for key in known} == known


@with_groups
def test_the_group_standings_are_the_official_ones(case: Path, tmp_path: Path) -> None:
    score(case, tmp_path)
    expected = rows_of(case / "expected_rankings.csv")
    assert [{key: row[key] for key in expected[0]} for row in outcome(tmp_path).rankings] == expected


def shuffled(reads: Rows, chance: Random) -> Rows:
    """In another order; of equal times the recording order decides, and stays."""
    waiting = {
        read["t_ms"]: iter([one for one in reads if one["t_ms"] == read["t_ms"]]) for read in _one_of_each(reads)
    }
    turns = [read["t_ms"] for read in reads]
    chance.shuffle(turns)
    return [next(waiting[turn]) for turn in turns]


def _one_of_each(reads: Rows) -> Rows:
    return list({read["t_ms"]: read for read in reads}.values())


def dwelling(reads: Rows) -> Rows:
    """Everybody stays in view a while: seen before the crossing at the start, and after it at the finish."""
    seen: Rows = []
    for read in reads:
        away = -1500 if read["point"] == "start" else 1500
        again = read | {"t_ms": str(float(read["t_ms"]) + away)}
        seen += [again, read] if away < 0 else [read, again]
    return seen


@pytest.mark.at_length
@each_case
def test_order_repeats_and_more_reads_of_one_dwell_change_nothing(case: Path, tmp_path: Path) -> None:
    score(case, tmp_path / "official")
    reads = rows_of(case / FILES["reads"])
    chance = Random(case.name)
    told_otherwise = {"all of it": shuffled(dwelling(reads * 2), chance)}
    if SOAK:  # each alone
        told_otherwise |= {"shuffled": shuffled(reads, chance), "repeated": reads * 2, "dwelling": dwelling(reads)}
    for name, told in told_otherwise.items():
        file = tmp_path / f"{name}.csv"
        file.write_text(
            table(READ, [",".join(read[key] for key in READ.split(",")) for read in told]), encoding="utf-8"
        )
        score(case, tmp_path / name, file)
        for written in ("results.csv", "rankings.csv"):
            assert (tmp_path / name / written).read_bytes() == (tmp_path / "official" / written).read_bytes(), name
