"""One language at a time on the command line: what is said in one has no word of the other."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from marathon import cli
from tests.builders import GUN, Station, code_of, gun, scan
from tests.clock_and_chance import ManualClock, seeded_bits
from tests.terminal import marathon
from timing.folder import create_race
from timing.language import BOTH, language_of, speak
from timing.race.events import BibAssigned

HANGUL = re.compile("[가-힣]")


@pytest.fixture(autouse=True)
def both_again() -> Iterator[None]:
    """`--lang` is for a whole process, which tests share."""
    yield
    speak(BOTH)


@pytest.mark.parametrize(
    "words",
    [
        ("--help",),
        ("rule", "--help"),
        ("log", "--help"),
        ("scan", "--help"),
        ("edition", "reveal", "--help"),
        ("gun", "--bad"),
        ("explain",),
        ("nix",),
    ],
    ids=" ".join,
)
def test_help_and_usage_errors_are_in_the_language_asked_for(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    marathon("--lang", "en", *words)
    english = "".join(capsys.readouterr())
    marathon("--lang=ko", *words)
    korean = "".join(capsys.readouterr())
    assert "Usage: marathon" in english and not HANGUL.search(without_examples(english, "Examples"))
    assert "사용법: marathon" in korean
    assert not re.search(r"Usage|Options:|Commands:|Error|Show|No such|Missing", korean)
    assert re.findall(r"^  (?:--?[a-z-]+|[a-z-]+)(?=  )", english, re.MULTILINE) == re.findall(
        r"^  (?:--?[a-z-]+|[a-z-]+)(?=  )", korean, re.MULTILINE
    )


def without_examples(help_text: str, heading: str) -> str:
    """The examples hold names of people and firms."""
    return help_text.partition(f"\n{heading}:")[0]


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "ko"),
        ({"LANG": "C.UTF-8"}, "ko"),
        ({"LC_ALL": "POSIX", "LANG": "en_US.UTF-8"}, "ko"),
        ({"LANG": "ko_KR.UTF-8"}, "ko"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LC_MESSAGES": "en_US.UTF-8", "LANG": "ko_KR.UTF-8"}, "en"),
        ({"MARATHON_LANG": "ko", "LC_ALL": "en_US.UTF-8"}, "ko"),
        ({"MARATHON_LANG": "en", "LANG": "ko_KR.UTF-8"}, "en"),
    ],
)
def test_the_locale_says_the_language_where_nobody_else_does(environment: dict[str, str], language: str) -> None:
    assert language_of(environment) == language


def test_every_command_and_option_has_its_help_in_korean() -> None:
    """Untranslated are the names of formats and of units alone."""
    speak("ko")
    told = [line for words, command in commands(cli) for line in helped(command, words)]
    assert len(told) > 200
    assert [line for line in told if not HANGUL.search(line)] == []


def commands(group: click.Group, above: str = "marathon") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        assert found is not None
        yield f"{above} {name}", found
        if isinstance(found, click.Group):
            yield from commands(found, f"{above} {name}")


def helped(command: click.Command, words: str) -> Iterator[str]:
    """What the help of a command says of it and of each option, each behind the command's name."""
    context = click.Context(command, info_name=words)
    yield f"{words}: {command.get_short_help_str()}"
    page = command.get_help(context)
    for name, line in re.findall(r"^  (-[^\n]*?)  +(\S[^\n]*)$", page.partition("옵션:")[2], re.MULTILINE):
        yield f"{words} {name}: {line}"


ROSTER = "company,name,sex,category,bib,team\nGasan,Kim Haneul,F,10K,417,Blue\nGasan,Lee Seoyeon,F,10K,418,Blue\n"
CHANGED = "company,name,sex,category,bib\nGasan,Kim Haneul,F,5K,417\nGuro,Park Doyun,M,10K,419\n"
WRONG = "company,name,sex,category,bib\n,Kim Haneul,F,5K,417\nGuro,Park Doyun,M,10K,x\n"
RULES = """\
[[ranking]]
name = "Firms"
group = "company"
pick = 1

[[ranking]]
name = "Heads"
group = "company"
combine = "count"
pick = 1

[[prize]]
name = "Best"
ranking = "sex"
"""
TIMED = "bib,name,sex,company,net\n1,Kim,F,Gasan,17:00\n2,Lee,M,Guro,16:00\n"
START = Station("start-1", "start").says(scan(417, "0:05"), scan(418, "-5:00"), scan(419, "0:09"))
FINISH = Station("finish-1").says(scan(417, "17:05"), scan(418, "19:05"), scan(999, "20:00"))
SENTENCE = re.compile(r"(?:\b[a-z]+ ){3}")
"""English, where it is more than names, commands and formats."""


@pytest.fixture
def race(race_that_was_run: Path, tmp_path: Path) -> Path:
    """A copy to rule about."""
    shutil.copytree(race_that_was_run, tmp_path, dirs_exist_ok=True)
    return tmp_path / "race"


@pytest.fixture(scope="module")
def race_that_was_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A race with a provisional edition, whose names are written in Latin letters; the files to import lie beside it."""
    tmp_path = tmp_path_factory.mktemp("languages")
    for name, text in (("entered", ROSTER), ("changed", CHANGED), ("wrong", WRONG)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    made = create_race(tmp_path / "race", "Gasan Run", "Gasan Run", "GV.TEST", 4_500, ManualClock(GUN), seeded_bits(1))
    assert marathon("import", tmp_path / "entered.csv", "--race", tmp_path / "race") == 0
    (tmp_path / "race" / "rules.toml").write_text(RULES, encoding="utf-8")
    (tmp_path / "timed.csv").write_text(TIMED, encoding="utf-8")
    with made:
        made.log.record([BibAssigned(one.bib or 0, one.id, code_of(one.bib or 0)) for one in made.fold().running()])
        made.log.record([gun()])
        for station in (START, FINISH):
            made.log.receive(station.batch())
    assert marathon("edition", "provisional", "--protest-minutes", "0", "--race", tmp_path / "race") == 0
    return tmp_path


@pytest.mark.parametrize(
    "words",
    [
        "import ../changed.csv --dry-run",
        "import ../changed.csv",
        "import ../wrong.csv",
        "import ../changed.csv --map who=name",
        "people list",
        "people show 417",
        "people add Han --firm Gasan --sex F --category 10K --preview",
        "people stand-in 418 Han --preview",
        "station list",
        "firm list",
        "firm show Gasan",
        "firm set Gasan --building Tower --link https://gasan.example --blurb Hi",
        "firm rename c0001 Seoulsoft",
        "firm captain Gasan --again",
        "bibs layouts",
        "bibs",
        "bibs --reprint 9999",
        "log show",
        "log verify",
        "rule list",
        "rule list --all",
        "rule review",
        "rule strays",
        "rule undo 7 --why slip --preview",
        "rule withhold 417",
        "rule withhold 417 --preview",
        "rule finish 9999 14:00:00 --why late",
        "rule finish 419 14:20:00 --why late --yes",
        "rule status dsq 417 418 --preview",
        "rule move 417 Guro --team Blue --preview",
        "rule close 15:00:00 --preview",
        "rule gun 14:00:30 --preview",
        "rule wave 417 2 --preview",
        "rules lint",
        "rules preset",
        "rules set --preview",
        "edition provisional",
        "edition list",
        "edition diff",
        "edition official --early",
        "edition hide --why ceremony && edition reveal",
        "results",
        "results --top 1",
        "results --prizes",
        "results --out ../results --all",
        "explain 417",
        "explain 418",
        "board inbox",
        "board publish ../board",
        "board announcer",
        "certificates --all",
        "certificates --all --provisional",
        "verify NONSENSE",
        "score ../timed.csv",
        "evidence 417 --wait 0",
        "gun --at tomorrow",
        "doctor",
    ],
)
def test_what_a_command_says_is_whole_in_one_language_and_free_of_the_other(
    race: Path, words: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(race)
    capsys.readouterr()
    english_codes = [marathon("--lang", "en", *one.split()) for one in words.split(" && ")]
    english = "".join(capsys.readouterr())
    korean_codes = [marathon("--lang", "ko", *one.split()) for one in words.split(" && ")]
    korean = "".join(capsys.readouterr())
    assert english_codes == korean_codes and english.strip()
    assert not HANGUL.search(english)
    assert not SENTENCE.search(re.sub(r"`[^`]*`|marathon [a-z -]+", "", korean))
