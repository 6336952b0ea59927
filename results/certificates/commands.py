"""The commands `certificates` and `verify`: give out signed results, and judge them when they come back."""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import click

from results.board.edition_archive import EditionArchive, Results, published_results, results_now
from results.certificates.issuer import CertificateIssuer, NoCertificate, told
from results.certificates.occasion import Printer, occasion_of
from results.certificates.signed_result import read_claim
from results.certificates.verification import STANDINGS, Verification, claim_words, signed_by, unsigned
from results.certificates.verifier import CertificateVerifier, VerdictOf
from results.files.writing import write_results
from results.view.editions import digest
from timing.commands.command_line import command, progress_bar, race_option, say
from timing.errors import RaceError, Unreachable, WrongUse
from timing.folder import OpenRace, open_race
from timing.language import N_, _, ngettext
from timing.log.checkpoint import BadNote
from timing.printed.certificates import Certificate
from timing.race.events import EditionPublished
from timing.race.fold import Race
from timing.race.rules import Rules

PICTURES: Final = (".pdf", ".png", ".jpg", ".jpeg")
SHOWN: Final = 12
NAME: Final = "기록증"
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


class WantedCertificates(NamedTuple):
    """Which files somebody asks for."""

    out: Path
    each: bool
    pictures: bool


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
            folded = opened.fold()
            edition = _edition_for(folded, provisional)
            results = published_results(opened, edition)
            _tell_if_changed(opened, folded, edition)
            certifier = CertificateIssuer(
                results[0], opened.directory.names(), occasion_of(opened, folded.guns.values(), edition)
            )
            found = certifier.everybody() if every else [_of(certifier, results, bib) for bib in dict.fromkeys(bibs)]
            wanted = WantedCertificates(out or opened.root / "certificates", each or not every, png)
            return _give_out(found, wanted, printer, named=bool(bibs))

    return certificates


def _edition_for(race: Race, provisional: bool) -> EditionPublished:
    """The last official edition, or with `provisional` the last of any kind.

    Raises:
        RaceError: there is none.
    """
    editions = [one for one in race.editions if provisional or one.state == "official"]
    if editions:
        return editions[-1]
    if provisional:
        raise RaceError(_("publish an edition first"))
    raise RaceError(
        _(
            "no edition is official yet; make it so with `marathon edition official`, or mark certificates with --provisional"
        ),
    )


def _tell_if_changed(opened: OpenRace, folded: Race, edition: EditionPublished) -> None:
    if digest(*results_now(opened, folded)) != edition.digest:
        say(
            _("results have changed since edition {number}; the certificates tell that edition", number=edition.number),
        )


def _of(certifier: CertificateIssuer, results: Results, bib: int) -> Certificate | NoCertificate:
    row = results[0].by_bib(bib)
    return NoCertificate(bib, _("no such bib in this edition")) if row is None else certifier.of(row)


def _give_out(
    found: Sequence[Certificate | NoCertificate], wanted: WantedCertificates, printer: Printer, named: bool
) -> int:
    """Write the files, say who gets none; 1 where somebody who was named, or who has a time, goes without."""
    given, none = told(found)
    drawable = [one for one in given if not printer.lacking("".join(one.from_people))]
    undrawn = [_undrawn(one, printer) for one in given if one not in drawable]
    if drawable:
        _print(drawable, wanted, printer)
        say(
            ngettext(
                "certificate of {n} person in {out}",
                "certificates of {n} people in {out}",
                len(drawable),
                out=wanted.out,
            )
        )
    _tell_without(none, named)
    for line in undrawn:
        click.echo(line, err=True)
    return int(bool(undrawn) or bool(named and none) or not drawable)


def _undrawn(one: Certificate, printer: Printer) -> str:
    shown = " ".join(f"{sign!r}" for sign in sorted(printer.lacking("".join(one.from_people))))
    return str(_("  {bib} {name}: the fonts cannot draw {shown}", bib=one.bib, name=one.name, shown=shown))


def _tell_without(none: Sequence[NoCertificate], named: bool) -> None:
    """Who gets none and why: each by bib, or for the whole field by reason."""
    for why, count in Counter(one.why for one in none).items():
        bibs = [str(one.bib or "-") for one in none if one.why == why]
        shown = ", ".join(bibs if named else bibs[:SHOWN]) + (" …" if not named and count > SHOWN else "")
        say(
            ngettext(
                "no certificate for {n} person: {why} ({shown})",
                "no certificate for {n} people: {why} ({shown})",
                count,
                why=why,
                shown=shown,
            )
        )


def _print(certificates: Sequence[Certificate], wanted: WantedCertificates, printer: Printer) -> None:
    steps = len(certificates) * (1 + wanted.pictures)
    with progress_bar(length=steps, label=str(_("certificates"))) as bar:

        def drawn() -> None:
            bar.update(1)

        if wanted.each:
            for one in certificates:
                write_results(wanted.out, {f"{_file(one)}.pdf": printer.pdf([one], drawn)})
        else:
            write_results(wanted.out, {f"{NAME}.pdf": printer.pdf(certificates, drawn)})
        if wanted.pictures:
            for one, picture in zip(certificates, printer.pictures(certificates), strict=True):
                write_results(wanted.out, {f"{_file(one)}.png": picture})
                drawn()


def _file(certificate: Certificate) -> str:
    """By bib: a name in a file's name would travel further than the paper."""
    return f"{NAME}-{certificate.bib:04}"


ReadCodes = Callable[[Path], list[str]]
"""The texts of the QR codes in a PDF or a picture."""


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
        texts = [(name, text) for one in found for name, text in _texts_in(one, read_codes)]
        if key:
            return _tell_all(texts, lambda text: _by_key(text, key), Rules())
        with open_race(race) as opened:
            folded = opened.fold()
            return _tell_all(
                texts,
                CertificateVerifier(opened, lambda: folded.editions, EditionArchive(opened)).verdict,
                folded.rules,
            )

    return verify


def _texts_in(argument: str, read_codes: ReadCodes) -> list[tuple[str, str]]:
    """What an argument names: each text with where it stood.

    Raises:
        WrongUse: a file without any; Unreachable: it cannot be read.
    """
    file = Path(argument)
    try:
        if "/V/" in argument.upper() or not file.is_file():
            return [("", argument)]
        pictured = file.suffix.lower() in PICTURES
        texts = read_codes(file) if pictured else file.read_text(encoding="utf-8-sig").split()
    except (OSError, UnicodeDecodeError) as failure:
        raise Unreachable(_("{file} cannot be read: {failure}", file=file, failure=failure)) from failure
    if not texts:
        raise WrongUse(_("no QR code was found in {file}", file=file))
    return [(file.name, text) for text in texts]


def _by_key(text: str, key: str) -> Verification:
    try:
        return signed_by(read_claim(text, key))
    except BadNote:
        return unsigned()


def _tell_all(texts: Sequence[tuple[str, str]], verdict_of: VerdictOf, rules: Rules) -> int:
    wrong = 0
    for name, text in texts:
        verdict = verdict_of(text)
        wrong += not verdict.holds
        click.echo(" · ".join(filter(None, (name, f"{STANDINGS[verdict.standing]}", f"{verdict.why}"))))
        for claim in (verdict.claim, verdict.now):
            if claim:
                click.echo(f"    {claim_words(claim, rules.rounding)}")
    return int(bool(wrong))
