"""The command that shows this machine's clock as a QR code, for stations without a network."""

from collections.abc import Callable, Sequence
from threading import Event

import click

from scanners.station.qr_clock import clock_text
from timing.commands.command_line import Command, CommandGroup
from timing.commands.race_commands import StationName
from timing.language import N_, _
from timing.race.clock import Clock, SteadyClock
from timing.race.instants import iso
from timing.terminal.output import echo_drawn, say
from timing.terminal.qr_blocks import blocks

Symbol = Callable[[str], Sequence[Sequence[bool]]]
"""Draws a text as a QR: its dark modules, row by row."""
EVERY_S = 0.1
HOME, CLEAR, HIDE, SHOW = "\x1b[H", "\x1b[2J", "\x1b[?25l", "\x1b[?25h"


def clock_command(symbol: Symbol) -> click.Command:
    """The commands, with a skill of another room: `symbol` draws a QR."""

    @click.group("clock", cls=CommandGroup)
    def clock() -> None:
        """Show a clock as a QR code."""

    @clock.command("show", cls=Command, examples="marathon clock show\nmarathon clock show --name server")
    @click.option("--name", type=StationName(), default="server", show_default=True, help=N_("the clock's name"))
    @click.option("--once", is_flag=True, help=N_("draw it once only"))
    def show(name: str, once: bool) -> None:
        """This machine's time as a QR, ten times a second; Ctrl-C ends it.

        Hold the screen of the machine on which the gun is recorded before every camera: stations that could ask
        no server are put on this clock, right to 0.125 s. All must see the same clock.
        """
        if once:
            echo_drawn(_face(symbol, name, SteadyClock()))
            return
        say(_("hold it before the camera; Ctrl-C ends it"))
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
