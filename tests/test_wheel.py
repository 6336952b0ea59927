"""The wheel alone, in an environment of its own and away from the sources, runs a whole race."""

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
pytestmark = [
    pytest.mark.at_length,
    pytest.mark.skipif(not os.environ.get("MARATHON_SOAK"), reason="builds and installs; `make soak` does it"),
]


def done(*command: str | Path, cwd: Path) -> str:
    """What a command said that must succeed; nothing tells it where the sources are."""
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "MARATHON", "VIRTUAL"))
    }
    ended = subprocess.run(list(map(str, command)), cwd=cwd, env=clean, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("wheel")
    done(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", target, cwd=ROOT)
    (built,) = target.glob("*.whl")
    return built


def test_the_wheel_holds_what_is_no_python(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        str(path.relative_to(ROOT))
        for room in ("timing", "bibs", "scanners", "results", "server", "demo")
        for path in (ROOT / room).rglob("*")
        if path.is_file() and path.suffix not in (".pyc", ".po", ".mo")
    }
    assert wanted <= held
    assert "timing/locale/ko/LC_MESSAGES/marathon.mo" in held
    assert not [one for one in held if one.startswith(("tests/", "docs/", "benchmarks/", "tools/"))]


def test_a_race_runs_without_the_sources(wheel: Path, tmp_path: Path) -> None:
    done(sys.executable, "-m", "venv", tmp_path / "venv", cwd=tmp_path)
    python = tmp_path / "venv" / "bin" / "python"
    done(python, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", wheel, cwd=tmp_path)
    own = Path(done(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=tmp_path).strip())
    (own / "libraries.pth").write_text(
        sysconfig.get_path("purelib"), encoding="utf-8"
    )  # the third parties', installed already
    where = done(python, "-c", "import marathon, timing; print(marathon.__file__, timing.__file__)", cwd=tmp_path)
    assert all(Path(one).is_relative_to(tmp_path) for one in where.split())
    done(tmp_path / "venv" / "bin" / "marathon", "demo", "--once", "race", cwd=tmp_path)
