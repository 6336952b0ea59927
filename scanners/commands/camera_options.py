"""Command-line options of a camera: its size, its exposure, and a list of all cameras."""

import re
from fractions import Fraction
from pathlib import Path
from typing import Final

import click

from scanners.cameras.devices import CameraSettings, listed, plain_capture
from timing.commands.command_line import F
from timing.language import N_, _
from timing.terminal.output import say

PICTURES: Final = Path("cameras")


class SizeParam(click.ParamType[tuple[int, int]]):
    """`1280x720`."""

    name = "WxH"

    def convert(
        self, value: str | tuple[int, int], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        if isinstance(value, tuple):
            return value
        found = re.fullmatch(r"([1-9]\d{1,4})[xX]([1-9]\d{1,4})", value, re.ASCII)
        if not found:
            self.fail(str(_("{value!r} is not a size such as 1920x1080", value=value)), param, ctx)
        return int(found[1]), int(found[2])


class ExposureParam(click.ParamType[Fraction | None]):
    """`1/500` in seconds, or `auto`."""

    name = "1/N|auto"

    def convert(
        self, value: str | Fraction, param: click.Parameter | None, ctx: click.Context | None
    ) -> Fraction | None:
        if isinstance(value, Fraction):
            return value
        if value == "auto":
            return None
        found = re.fullmatch(r"1/([1-9]\d{0,4})", value, re.ASCII)
        if not found:
            self.fail(str(_("{value!r} is neither a fraction such as 1/500 nor auto", value=value)), param, ctx)
        return Fraction(1, int(found[1]))


def camera_options(command: F) -> F:
    """Adds `--size`, `--exposure` and `--list`."""
    for option in (
        click.option(
            "--list",
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_list,
            help=N_("show every camera, with a picture each"),
        ),
        click.option(
            "--exposure",
            type=ExposureParam(),
            default="1/500",
            show_default=True,
            help=N_("the camera's exposure in seconds; shorter blurs less"),
        ),
        click.option(
            "--size",
            type=SizeParam(),
            default="1920x1080",
            show_default=True,
            help=N_("the size of the camera's picture"),
        ),
    ):
        command = option(command)
    return command


def wish_of(size: tuple[int, int], exposure: Fraction | None) -> CameraSettings:
    return CameraSettings(*size, None if exposure is None else float(exposure))


def _list(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        show_cameras(PICTURES)
        ctx.exit()


def show_cameras(folder: Path) -> None:
    """Each camera in a line on stdout, with the file that shows what it sees."""
    found = 0
    for camera, sizes, picture in listed(folder, plain_capture):
        found += 1
        seen = str(picture) if picture else str(_("gives no picture"))
        click.echo(f"{camera.index}  {camera.name}  {', '.join(sizes)}  {seen}")
    if found:
        say(_("the pictures are in {resolve}", resolve=folder.resolve()))
    else:
        say(
            _("no camera gives pictures; is one plugged in, and is no other program using it?"),
        )
