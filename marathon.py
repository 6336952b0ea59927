"""The front door: the `marathon` command, a table of commands and where they live."""

import os
import sys
from importlib import import_module

import click

from server import VERSION
from server.features import FEATURES
from timing.commands.command_line import RootGroup, run
from timing.language import N_, Text, _

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when NumPy and OpenCV load; more threads spin for nothing

COMMANDS: dict[str, tuple[str, Text]] = {
    # name -> (where: module:attribute, a command or a function that puts one together; its line in the list)
    "demo": ("demo.commands:demo", _("a made-up race from roster to board")),
    "init": ("timing.commands.race_commands:init", _("make a race folder")),
    "import": ("bibs.commands.roster_commands:import_", _("import rosters")),
    "bibs": ("server.commands:bibs", _("numbers and bib sheets")),
    "firm": ("server.commands:firm", _("a firm's place, link, blurb, QR design")),
    "people": ("server.commands:people", _("correct or erase names")),
    "station": ("server.commands:station", _("register stations, their tokens and state")),
    "gun": ("timing.commands.race_commands:gun", _("the gun")),
    "scan": ("server.commands:scan", _("read bibs from a camera or film")),
    "rehearse-camera": ("server.commands:rehearse_camera", _("try a camera out: people walk by, and what to change")),
    "outbox": ("scanners.commands.outbox_commands:outbox", _("an outbox: list it, export it as a bundle")),
    "clock": ("server.commands:clock", _("this machine's clock as a QR code")),
    "collect": ("scanners.commands.outbox_commands:collect", _("take in outboxes and bundles")),
    "evidence": ("server.commands:evidence", _("the picture of a scan, what was seen at a time")),
    "unread": ("server.commands:unread", _("who passed and was not read: name or dismiss")),
    "film": ("server.commands:film", _("the stations' film: frames and strips of a moment, its deletion")),
    "serve": ("server.serve_command:serve", _("the board and the stations' intake")),
    "board": ("server.commands:board", _("the board as files, reports of missing times")),
    **{one.command: (f"{one.package}.commands:{one.command}", one.line) for one in FEATURES},
    "office": ("server.commands:office", _("who may work in the race office")),
    "rules": ("results.office.commands.rules_commands:rules", _("rules: show, presets, check, put in force")),
    "rule": ("results.office.commands.rule_commands:rule", _("rulings: preview, record, undo")),
    "edition": ("results.office.commands.edition_commands:edition", _("provisional and official results")),
    "results": ("server.commands:results", _("results: table, CSV, XLSX, HTML, PDF")),
    "certificates": ("server.commands:certificates", _("certificates: PDF, pictures, a signed QR")),
    "verify": ("server.commands:verify", _("is a certificate valid, superseded or wrong")),
    "score": ("results.score.commands:score", _("results of a race timed elsewhere")),
    "explain": ("results.commands.results_commands:explain_command", _("every fact behind one result")),
    "doctor": ("server.doctor:doctor", _("what is missing and how to get it")),
    "log": ("server.commands:log", _("verify, show, export the log")),
}


def found(where: str) -> click.Command:
    """The command at `module:attribute`; its room is imported only when the command is asked for."""
    module, attribute = where.split(":")
    command = getattr(import_module(module), attribute)
    if not isinstance(command, click.Command):
        command = command()
    assert isinstance(command, click.Command)
    return command


class FrontDoor(RootGroup):
    """A table of names, so that `marathon --help` loads no room."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        return found(COMMANDS[name][0]) if name in COMMANDS else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(str(_("Commands"))):
            formatter.write_dl([(name, str(line)) for name, (_where, line) in COMMANDS.items()])


@click.group(cls=FrontDoor, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="marathon", help=N_("show the version"))
def cli() -> None:
    """A race of companies, from spreadsheet to public board."""


def main() -> int:
    """Run the command line; returns the exit code."""
    return run(cli)


if __name__ == "__main__":
    sys.exit(main())
