"""The command that shows this machine's clock as a QR code, for stations without a network."""

from collections.abc import Callable, Sequence
from threading import Event

import click

from scanners.qr_clock import clock_text
from timing.blocks import blocks
from timing.clock import Clock, SteadyClock
from timing.command_line import Command, echo_drawn, say
from timing.commands import StationName
from timing.instants import iso

Symbol = Callable[[str], Sequence[Sequence[bool]]]
"""Draws a text as a QR: its dark modules, row by row."""
EVERY_S = 0.1
HOME, CLEAR, HIDE, SHOW = "\x1b[H", "\x1b[2J", "\x1b[?25l", "\x1b[?25h"


def clock_command(symbol: Symbol) -> click.Command:
    """The commands, with a skill of another room: `symbol` draws a QR."""

    @click.group("clock")
    def clock() -> None:
        """시계를 QR로 보여 줍니다. / Show a clock as a QR code."""

    @clock.command("show", cls=Command, examples="marathon clock show\nmarathon clock show --name server")
    @click.option(
        "--name", type=StationName(), default="server", show_default=True, help="시계의 이름 / the clock's name"
    )
    @click.option("--once", is_flag=True, help="한 번만 그림 / draw it once only")
    def show(name: str, once: bool) -> None:
        """이 기계의 시각을 1초에 열 번 QR로. Ctrl-C로 끝냅니다. / This machine's time as a QR, ten times a second; Ctrl-C ends it.

        총성을 입력하는 기계의 화면을 모든 스테이션의 카메라에 비추세요. 서버에 물을 수 없던 스테이션의 시각이 이 시계에 맞춰집니다
        (±0.125초). / Hold the screen of the machine on which the gun is recorded before every camera: stations that could ask no
        server are put on this clock, right to 0.125 s. 모두 같은 시계를 보아야 합니다. / All must see the same clock.
        """
        if once:
            echo_drawn(_face(symbol, name, SteadyClock()))
            return
        say("카메라에 비추세요. Ctrl-C로 끝", "hold it before the camera; Ctrl-C ends it")
        _keep_showing(symbol, name, SteadyClock())

    return clock


def _keep_showing(symbol: Symbol, name: str, clock: Clock) -> None:
    idle = Event()
    echo_drawn(HIDE + CLEAR, nl=False)
    try:
        while True:
            echo_drawn(HOME + _face(symbol, name, clock))
            idle.wait(EVERY_S - clock.now() % round(EVERY_S * 1_000_000) / 1_000_000)
    finally:
        echo_drawn(SHOW, nl=False)


def _face(symbol: Symbol, name: str, clock: Clock) -> str:
    at = clock.now()
    return f"{blocks(symbol(clock_text(name, at)))}\n{iso(at)}"
