"""The command that looks at everything a race needs: the checks of all rooms, one after the other."""

from collections.abc import Iterator
from pathlib import Path

import click

from bibs.commands.font_checks import bibs_checks
from results.web.proxy_checks import proxy_checks
from scanners.commands.camera_checks import scanners_checks
from timing.check import Check, CheckState
from timing.commands.checks import timing_checks
from timing.commands.command_line import command, race_option
from timing.commands.keeping_checks import keeping_checks
from timing.language import N_


@command("doctor", examples="marathon doctor\nmarathon doctor --race gvalley")
@race_option
@click.option(
    "--tls-certificate",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.pem",
    help=N_("look at the certificate that serve is given, too"),
)
def doctor(race: Path | None, tls_certificate: Path | None) -> int:
    """What is there, what is missing, and how to get it.

    Exit code 1 if something needed is missing.
    """
    missing = False
    for check in every_check(race, tls_certificate):
        click.echo(str(check))
        missing |= check.state is CheckState.MISSING
    return int(missing)


def every_check(race: Path | None, tls_certificate: Path | None) -> Iterator[Check]:
    """The checks of all rooms, one after the other."""
    yield from timing_checks(race)
    yield from keeping_checks(race, tls_certificate)
    yield from proxy_checks(race)
    yield from bibs_checks()
    yield from scanners_checks()
