"""The port: taken before anything else, given back afterwards, and one clear line where somebody else has it."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest
from starlette.responses import PlainTextResponse

from marathon import cli
from results.board.server import bind, serving
from tests.boards import race_folder
from timing.command_line import run
from timing.errors import Unreachable

APP = PlainTextResponse("전광판")


@contextmanager
def taken() -> Iterator[int]:
    """A port that somebody else listens at."""
    with bind("127.0.0.1", 0) as other:
        yield other.getsockname()[1]


def test_an_answer_is_never_held_back_for_forty_milliseconds() -> None:
    with bind("127.0.0.1", 0) as listening:
        assert listening.proto == socket.IPPROTO_TCP  # where asyncio looks before it switches Nagle's delay off


def test_a_port_in_use_is_one_clear_error() -> None:
    with taken() as port, pytest.raises(Unreachable, match=f"127.0.0.1:{port}") as refused:
        bind("127.0.0.1", port)
    assert refused.value.exit_code == 3
    assert "--port" in refused.value.korean and "--port" in refused.value.english


def test_an_address_that_is_not_ours_is_one_clear_error() -> None:
    with pytest.raises(Unreachable):
        bind("203.0.113.7", 0)


def test_a_host_that_nobody_knows_is_one_clear_error() -> None:
    with pytest.raises(Unreachable):
        bind("no.such.host.invalid", 0)


def test_serve_on_a_port_in_use_ends_at_once_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with race_folder(tmp_path / "race", []) as opened, taken() as port:
        assert run(cli, ["serve", "--race", str(opened.root), "--port", str(port)]) == 3
    told = capsys.readouterr()
    assert told.err.count("\n") == 1 and f"127.0.0.1:{port}" in told.err
    assert told.out == ""


def test_serving_beside_other_work_and_giving_the_port_back() -> None:
    listening = bind("127.0.0.1", 0)
    port = listening.getsockname()[1]
    with serving(APP, listening), urlopen(f"http://127.0.0.1:{port}/") as answer:
        assert answer.read().decode() == "전광판"
        assert "server" not in answer.headers
    with bind("127.0.0.1", port) as again:
        assert again.getsockname()[1] == port


@pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6 here")
def test_an_ipv6_address() -> None:
    try:
        listening = bind("::1", 0)
    except Unreachable as away:
        pytest.skip(f"no IPv6 here: {away}")
    with serving(APP, listening), urlopen(f"http://[::1]:{listening.getsockname()[1]}/") as answer:
        assert answer.status == 200
