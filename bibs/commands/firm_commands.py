"""The `marathon firm` commands: what a firm shows of itself, and the look of its QR."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, get_args

import click

from bibs.commands.captain_commands import captain
from bibs.firms.firm_service import CardChange, DesignRequest, change_card, preview_design, rename_firm, trial_lines
from bibs.firms.qr_acceptance import Decoders
from timing.commands.command_line import CommandGroup, command, race_option
from timing.folder import open_race
from timing.language import N_, Text, _, ngettext, verbatim
from timing.race.firms import PLAIN, Design, FirmCard, Shape
from timing.race.lookup import firm_of
from timing.race.spelling import clean
from timing.terminal.output import say

BIBS_SHOWN = 5


def firm_command(decoders: Callable[[], Decoders]) -> click.Group:
    """The commands, with the two decoders that judge a design; they are fetched only when one must be tried."""

    @click.group("firm", cls=CommandGroup)
    def firm() -> None:
        """What a firm shows: place, link, blurb, its QR's design."""

    for one in (_list, _show, _rename, _set(decoders), captain):
        firm.add_command(one)
    return firm


@command("list", examples="marathon firm list")
@race_option
def _list(race: Path | None) -> None:
    """All firms: id, name, runners, place, link and blurb, design."""
    with open_race(race) as opened:
        names, cards, people = opened.directory.names(), opened.directory.cards(), list(opened.fold().running())
    runners = dict.fromkeys(names.companies, 0)
    for entrant in people:
        runners[entrant.company] = runners.get(entrant.company, 0) + 1
    for company, count in sorted(runners.items()):
        card = cards.get(company, FirmCard(company))
        cells = (company, names.companies.get(company, ""), str(count), card.place, _state(card), _design(card.design))
        click.echo("\t".join(cells))


@command("show", examples="marathon firm show 한빛테크\nmarathon firm show c0003")
@race_option
@click.argument("firm")
def _show(race: Path | None, firm: str) -> None:
    """One firm's card."""
    with open_race(race) as opened:
        companies, cards = opened.directory.names().companies, opened.directory.cards()
    company = firm_of(companies, firm)
    for line in _card_lines(companies[company], cards.get(company, FirmCard(company))):
        click.echo(line)


@command(
    "rename", examples="marathon firm rename 한빛테크 '한빛 테크놀로지'\nmarathon firm rename c0003 '한빛 테크놀로지'"
)
@race_option
@click.argument("firm")
@click.argument("name")
def _rename(race: Path | None, firm: str, name: str) -> None:
    """Another name for a firm; people, teams and links stay.

    Lists under the former name still come in for this firm.
    """
    with open_race(race) as opened:
        name = clean(name)
        before = rename_firm(opened, firm_of(opened.directory.names().companies, firm), name)
    say(_("the firm is renamed: {before} → {name}", before=before, name=name))
    say(_("print its bibs again with `marathon bibs`"))


def _card_lines(name: str, card: FirmCard) -> Iterator[str]:
    yield f"{card.company}  {name}"
    yield str(_("place: {place}", place=card.place or "-"))
    yield str(_("link: {link}", link=card.link or "-"))
    yield str(_("blurb: {blurb}", blurb=card.blurb or "-"))
    yield str(_("approval: {card}", card=_state(card)))
    yield str(_("QR design: {design}", design=_design(card.design)))


def _state(card: FirmCard) -> str:
    if not (card.link or card.blurb):
        return "-"
    return str(_("approved")) if card.approved else str(_("not approved"))


def _design(design: Design) -> str:
    if design == PLAIN:
        return str(_("black"))
    colours = verbatim(design.colour)
    if design.ground != Design().ground:
        colours = _("{colour} on {ground}", colour=design.colour, ground=design.ground)
    logo = f", {design.logo} {design.logo_percent} %" if design.logo else ""  # of 0 %: beside the name alone
    return f"{colours}, {design.shape}{logo}"


def _set(decoders: Callable[[], Decoders]) -> click.Command:
    @command(
        "set",
        examples="marathon firm set 한빛테크 --building '대륭포스트타워 8차' --floor 12층\n"
        "marathon firm set 한빛테크 --link https://hanbit.example/jobs --blurb '함께 달릴 동료를 찾습니다' --approve\n"
        "marathon firm set 한빛테크 --colour '#0B4F8A' --shape rounded --logo hanbit.svg --preview qr.png\n"
        "marathon firm set 한빛테크 --plain",
    )
    @race_option
    @click.argument("firm")
    @click.option("--building", help=N_("the building its packet goes to"))
    @click.option("--floor", help=N_("the floor"))
    @click.option("--link", help=N_("the link on its page, https only; '' clears it"))
    @click.option("--blurb", help=N_("its blurb, at most 200 characters"))
    @click.option("--approve", is_flag=True, help=N_("link and blurb may be shown"))
    @click.option("--colour", metavar="#RRGGBB", help=N_("the firm's colour: of its QR and its band"))
    @click.option("--ground", metavar="#RRGGBB", help=N_("its background colour; the margin stays white"))
    @click.option("--shape", type=click.Choice(get_args(Shape)), help=N_("the shape of its modules"))
    @click.option(
        "--logo",
        type=click.Path(path_type=Path, dir_okay=False),
        help=N_("a logo beside its name and in the QR: SVG, PNG or JPG"),
    )
    @click.option(
        "--logo-percent",
        type=int,
        metavar="N",
        help=N_("the logo's width in percent of the QR's (default 20; 0: beside the name alone)"),
    )
    @click.option("--no-logo", is_flag=True, help=N_("take the logo out"))
    @click.option("--plain", is_flag=True, help=N_("start again from the black QR"))
    @click.option(
        "--preview",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE.png",
        help=N_("the code as it would be printed, as a picture"),
    )
    def set_(race: Path | None, firm: str, **asked: Any) -> None:
        """Change a firm's card.

        A design is taken only if two decoders read it small, blurred, noisy and turned away, and if it is dark on
        light with a contrast of 4.5 or more (7 advised) and a logo of at most 20 %. A changed link or blurb
        must be approved again. Without any change the design is tried again.
        """
        with open_race(race) as opened:
            company = firm_of(opened.directory.names().companies, firm)
            request = DesignRequest(**asked)
            if request.preview:
                preview_design(opened, company, request, request.preview)
                say(_("preview: {path}", path=request.preview))
            change = change_card(opened, company, request, decoders)
        for text in _change_lines(change, request.texts):
            say(text)

    return set_


def _change_lines(change: CardChange, with_texts: bool) -> Iterator[Text]:
    """What was changed, and what the organiser should know and do; `with_texts` where more than the design was asked for."""
    before, card = change.before, change.card
    if change.trial:
        yield from trial_lines(change.trial)
    if card != before:
        yield _("the card of {name} was changed", name=change.name)
    if change.printed:
        yield _printed_line(change.printed)
    if with_texts:
        yield from _approval_lines(before, card)


def _printed_line(bibs: Sequence[int]) -> Text:
    some = ",".join(map(str, bibs[:BIBS_SHOWN])) + (",..." if len(bibs) > BIBS_SHOWN else "")
    return ngettext(
        "⚠ {n} bib is printed in the old design; `marathon bibs`, with the options of then, prints all again, `marathon bibs --reprint {some}` these",
        "⚠ {n} bibs are printed in the old design; `marathon bibs`, with the options of then, prints all again, `marathon bibs --reprint {some}` these",
        len(bibs),
        some=some,
    )


def _approval_lines(before: FirmCard, card: FirmCard) -> Iterator[Text]:
    if not (card.link or card.blurb):
        return
    if card.approved:
        shown = "  ".join(filter(None, (card.link, card.blurb)))  # a captain may have changed them a moment ago
        yield _("link and blurb are approved and shown: {shown}", shown=shown)
    elif before.approved:
        yield _(
            "link and blurb are shown only once they are approved again: marathon firm set {company} --approve",
            company=card.company,
        )
    else:
        yield _(
            "link and blurb are shown only once they are approved: marathon firm set {company} --approve",
            company=card.company,
        )
