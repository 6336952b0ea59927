"""The `marathon bibs` commands: print, list the layouts, prove a finished file."""

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from bibs.commands.layout_commands import layouts_command
from bibs.commands.proof_commands import proof_command
from bibs.drawing.imposition import OUTPUTS
from bibs.drawing.sheet import Progress
from bibs.printing.packet import SPARE
from bibs.printing.print_job import ALL, PrintOrder, print_bibs
from bibs.printing.proof import DecoderFactory
from timing.commands.command_line import Command, race_option
from timing.errors import WrongUse
from timing.folder import OpenRace, open_race
from timing.language import N_, Text, _
from timing.race.lookup import firm_of
from timing.terminal.output import progress_bar, say

MOST_SPARES = 1_000


class PrintingGroup(Command, click.Group):
    """A command that prints, and holds others beside."""


class Numbers(click.ParamType[tuple[int, ...]]):
    """Bib numbers with commas between them."""

    name = "bibs"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, ...]:
        if isinstance(value, tuple):
            return value
        parts = str(value).replace(",", " ").split()
        if not parts or not all(part.isdecimal() for part in parts):
            self.fail(str(_("write bibs as 1005 or 1005,1017, not {value!r}", value=value)), param, ctx)
        return tuple(int(part) for part in parts)


def bibs_command(readers: DecoderFactory) -> click.Group:
    """The commands, with the station's own decoder and reader of marks, and a second decoder, to prove what is printed."""

    @click.group(
        "bibs",
        cls=PrintingGroup,
        invoke_without_command=True,
        examples="marathon bibs\n"
        "marathon bibs --output shop --marks\n"
        "marathon bibs --layout a5 --output office --spares 30\n"
        "marathon bibs --only-new\n"
        "marathon bibs --firm 한빛테크 --firm c0003\n"
        "marathon bibs --reprint 1005,1017 --output office\n"
        "marathon bibs layouts\n"
        "marathon bibs proof bibs/*/10-배번.pdf",
    )
    @race_option
    @click.option("--layout", metavar="NAME|FILE.toml", help=N_("the layout (default: race.toml)"))
    @click.option(
        "--output",
        type=click.Choice(OUTPUTS),
        default="plain",
        show_default=True,
        help=N_("single pages, a print shop's with bleed, office A4"),
    )
    @click.option("--marks", is_flag=True, help=N_("cut marks and a slug line for the shop"))
    @click.option("--firm", "firms", multiple=True, help=N_("only this firm's packet; may be said again"))
    @click.option("--only-new", is_flag=True, help=N_("only who was never printed"))
    @click.option(
        "--reprint",
        type=Numbers(),
        multiple=True,
        metavar="BIB,...",
        help=N_("these bibs once more, one file"),
    )
    @click.option(
        "--spares",
        type=click.IntRange(0, MOST_SPARES),
        default=0,
        metavar="N",
        help=N_("have N spare bibs that nobody wears"),
    )
    @click.option("--no-proof", is_flag=True, help=N_("print without the proof; not advised"))
    @click.pass_context
    def bibs(context: click.Context, /, race: Path | None, firms: tuple[str, ...], **asked: Any) -> None:
        """Number everybody and print a PDF per firm.

        Every page is made a picture: two decoders read its QR, the station's reader its mark, and number, name,
        firm and code are compared with the data. A firm with anything wrong gets no file.
        """
        if context.invoked_subcommand is None:
            with open_race(race) as opened:
                print_at_terminal(opened, readers, _order(firms=_firms(opened, firms), **asked))

    for one in (layouts_command, proof_command(readers)):
        bibs.add_command(one)
    return bibs


def print_at_terminal(opened: OpenRace, readers: DecoderFactory, order: PrintOrder = ALL) -> None:
    """Print, and tell what is to be known and how far it is."""
    with ExitStack() as shown:

        def begin(steps: int, remarks: Sequence[Text]) -> Progress:
            for remark in remarks:
                say(remark)
            bar = shown.enter_context(progress_bar(length=steps, label=str(_("bibs")), update_min_steps=20))
            update: Progress = bar.update
            return update

        printed = print_bibs(opened, readers, order, begin)
    say(printed.summary)


def _firms(opened: OpenRace, asked: Iterable[str]) -> tuple[str, ...]:
    companies = opened.directory.names().companies
    return tuple(dict.fromkeys(SPARE if one == SPARE else firm_of(companies, one) for one in asked))


def _order(reprint: Iterable[tuple[int, ...]], no_proof: bool, only_new: bool, **asked: Any) -> PrintOrder:
    numbers = tuple(dict.fromkeys(number for some in reprint for number in some))
    if numbers and (only_new or asked["firms"]):
        raise WrongUse(_("--reprint goes without --only-new and --firm"))
    return PrintOrder(reprint=numbers, proof=not no_proof, only_new=only_new, **asked)
