"""The commands `certificates` and `verify`: write signed results as files, and judge them when they come back."""

from collections.abc import Iterable
from pathlib import Path

import click

from results.board.edition_archive import EditionArchive
from results.certificates.edition_certificates import (
    EditionCertificates,
    Printer,
    edition_certificates,
    without_words,
    write_certificates,
)
from results.certificates.verification import STANDINGS, Verification, claim_words
from results.certificates.verifier import CertificateVerifier, ReadCodes, texts_in, verdict_by_key
from timing.commands.command_line import command, race_option
from timing.errors import WrongUse
from timing.folder import open_race
from timing.language import N_, _, ngettext
from timing.race.instants import Rounding
from timing.race.rules import Rules
from timing.terminal.output import progress_bar, say

EXAMPLES = """\
marathon certificates 417
marathon certificates 417 12 --png
marathon certificates --all --out 기록증/
marathon certificates --all --each --png --provisional
"""
VERIFY_EXAMPLES = """\
marathon verify HTTPS://GV.TEST/V/2/417/1013200/1024000/12/…
marathon verify 기록증-0417.pdf 사진.jpg
marathon verify 기록증-0417.png --key marathon-f2a74de452e6b438+2324…
"""


def certificates_command(printer: Printer) -> click.Command:
    """The command that gives out certificates, with the printers of the bibs."""

    @command("certificates", examples=EXAMPLES)
    @race_option
    @click.argument("bibs", metavar="[BIB]...", type=click.IntRange(min=1), nargs=-1)
    @click.option("--all", "every", is_flag=True, help=N_("everybody, in one PDF, firm by firm"))
    @click.option("--each", is_flag=True, help=N_("with --all: a file for each runner"))
    @click.option("--png", is_flag=True, help=N_("pictures for phones as well"))
    @click.option(
        "--out",
        type=click.Path(path_type=Path, file_okay=False),
        help=N_("the folder (default: certificates in the race folder)"),
    )
    @click.option(
        "--provisional",
        is_flag=True,
        help=N_("also before the results are official, marked as provisional"),
    )
    def certificates(
        race: Path | None,
        bibs: tuple[int, ...],
        every: bool,
        each: bool,
        png: bool,
        out: Path | None,
        provisional: bool,
    ) -> int:
        """Make certificates: PDF to hang on a wall, PNG for phones.

        They tell what the official edition says; the QR holds the signed result without the name (see `marathon
        verify`). Whoever started and did not finish gets one of participation. `organiser` and `certificate`
        stand in race.toml.
        """
        if bool(bibs) == every:
            raise WrongUse(_("name bibs, or say --all"))
        with open_race(race) as opened:
            found = edition_certificates(opened, None if every else bibs, provisional, printer)
            out = out or opened.root / "certificates"
        if found.edition_is_old:
            number = found.edition.number
            say(_("results have changed since edition {number}; the certificates tell that edition", number=number))
        if found.drawable:
            with progress_bar(length=len(found.drawable) * (2 + png), label=str(_("certificates"))) as bar:
                write_certificates(found.drawable, out, each or not every, png, printer, lambda: bar.update(1))
        _tell_written(found, out, named=not every)
        return int(bool(found.undrawable) or bool(bibs and found.none) or not found.drawable)

    return certificates


def _tell_written(found: EditionCertificates, out: Path, named: bool) -> None:
    if found.drawable:
        say(
            ngettext(
                "certificate of {n} person in {out}",
                "certificates of {n} people in {out}",
                len(found.drawable),
                out=out,
            )
        )
    for line in without_words(found, named):
        say(line)


def verify_command(read_codes: ReadCodes) -> click.Command:
    """The command that judges signed results, with the reader of codes of the stations."""

    @command("verify", examples=VERIFY_EXAMPLES)
    @race_option
    @click.argument("found", metavar="TEXT|FILE...", nargs=-1, required=True)
    @click.option(
        "--key",
        metavar="KEY",
        help=N_("by the public key alone, without the race: is the signature right?"),
    )
    def verify(race: Path | None, found: tuple[str, ...], key: str | None) -> int:
        """Is a certificate valid, superseded by a newer edition, or wrong?

        Takes a QR's text, a PDF, a picture, or a file with texts. Exit code 0 if all are valid, 1 otherwise.
        Without the race folder --key checks the signature alone (`marathon log checkpoint` tells the key).
        """
        texts = [(name, text) for one in found for name, text in texts_in(one, read_codes)]
        if key:
            return _tell_all(((name, verdict_by_key(text, key)) for name, text in texts), Rules().rounding)
        with open_race(race) as opened:
            folded = opened.fold()
            verifier = CertificateVerifier(opened, lambda: folded.editions, EditionArchive(opened))
            return _tell_all(((name, verifier.verdict(text)) for name, text in texts), folded.rules.rounding)

    return verify


def _tell_all(verdicts: Iterable[tuple[str, Verification]], rounding: Rounding) -> int:
    """Say each verdict with the file that it is about; 0 where all hold, else 1."""
    wrong = 0
    for name, verdict in verdicts:
        wrong += not verdict.holds
        click.echo(" · ".join(filter(None, (name, f"{STANDINGS[verdict.standing]}", f"{verdict.why}"))))
        for claim in (verdict.claim, verdict.now):
            if claim:
                click.echo(f"    {claim_words(claim, rounding)}")
    return int(bool(wrong))
