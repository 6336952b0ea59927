"""The front door: the `marathon` command. It wires the rooms together, and nothing else does."""

import sys
from importlib import import_module

import click

from timing.command_line import run

VERSION = "0.1.0"

# name -> (where the command stands, its line in the list). A room is imported only when its command is asked for.
COMMANDS = {
    "init": ("timing.commands:init", "대회 폴더 만들기 / make a race folder"),
    "gun": ("timing.commands:gun", "출발 총성 / the gun"),
    "station": ("timing.commands:station", "스테이션 등록, 토큰 / let a station in, show its token"),
    "log": ("timing.commands:log", "기록 검증, 보기, 내보내기 / verify, show, export the log"),
}


class FrontDoor(click.Group):
    """A table of names; rooms load lazily, so `marathon --help` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, attribute = COMMANDS[name][0].split(":")
        found = getattr(import_module(module), attribute)
        assert isinstance(found, click.Command)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("명령 / Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=FrontDoor, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="marathon")
def cli() -> None:
    """기업 달리기 대회: 명단에서 공개 전광판까지. / A race of companies, from spreadsheet to public board."""


def main() -> int:
    """Run the command line; returns the exit code."""
    return run(cli)


if __name__ == "__main__":
    sys.exit(main())
