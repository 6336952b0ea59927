"""What to press in the browser, for texts of the command line that name a command or an option: the same sentence by other words."""

from collections.abc import Mapping
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from timing.language import Text, _, ngettext, wording

BROWSER_WORDS: Final[Mapping[str, Text]] = {
    # bibs
    "a bib of {width:g}x{height:g} mm does not fit on A4; use --output shop or plain": _(
        "a bib of {width:g}x{height:g} mm does not fit on A4; choose other pages"
    ),
    "the QR design of {firm} is not the one that was tried (its logo, the host, or the rules changed); try it again with `marathon firm set {firm}`": _(
        "the QR design of {firm} is not the one that was tried (its logo, the host, or the rules changed); try it again under Director › Firms"
    ),
    "these bibs were replaced: {told}; reprint the current ones instead: --reprint {str}": _(
        "these bibs were replaced: {told}; print the current ones instead: {str}"
    ),
    "no entrants yet; first `marathon import FILE`": _("nobody is entered yet; take a list in first"),
    "the QR's text has {length} characters; with at most {longest_v2} it reads from farther (host in race.toml)": _(
        "the QR's text has {length} characters; with at most {longest_v2} it reads from farther (whoever looks after the server can give the race a shorter address)"
    ),
    "{host} is a practice host that no phone can open; set host in race.toml before printing": _(
        "{host} is an address for practice that no phone can open; before bibs are printed whoever looks after the server sets the race's own"
    ),
    "the fonts cannot draw {shown} in {race!r}; change it in race.toml": _(
        "the fonts cannot draw {shown} in {race!r}; whoever looks after the server can write the race's name otherwise"
    ),
    "no layout {name!r}; there are {known}, or name a FILE.toml": _("no layout {name!r}; there are {known}"),
    # lists
    "{n} person with a date of birth got no age group; say `date` in race.toml and import again": ngettext(
        "{n} person with a date of birth got no age group; whoever looks after the server sets the race's date, then take the list in again",
        "{n} people with a date of birth got no age group; whoever looks after the server sets the race's date, then take the list in again",
        1,
    ),
    "read as Korean (CP949) it says {shown}; if it is another encoding ({others}) say `--encoding NAME`, if it is right `--encoding cp949`": _(
        "read as Korean (CP949) it says {shown}; choose the encoding of text files below: {others}, or cp949 if this is right"
    ),
    "save it as `CSV UTF-8` in the program that made it, or say `--encoding`": _(
        "save it as `CSV UTF-8` in the program that made it, or choose the encoding below"
    ),
    "{places}: not {encoding} (a letter cut in half, or another encoding); correct it, or say `--encoding` if all of it is another": _(
        "{places}: not {encoding} (a letter cut in half, or another encoding); correct it, or choose another encoding below"
    ),
    "{text}; correct it, or --keep-dates if it is called so": _("{text}; correct it, or tick below that a date is meant as a name"),
    "--map HEADING=company or --firm NAME": _("choose below which heading is the firm, or write the firm of everybody"),
    "--map HEADING=name": _("choose below which heading is the name"),
    "the list has a column for the firm (`{heading}`); --firm is for lists without": _(
        "the list has a column for the firm (`{heading}`); leave the firm of everybody empty"
    ),
    "rows {where}: a name that is none yet, taken in all the same; then `marathon people rename`": _(
        "rows {where}: a name that is none yet, taken in all the same; correct it on the person's page once it is known"
    ),
    "{text}: rows {rows} imported all the same (--skip-cancelled leaves them out)": _(
        "{text}: rows {rows} imported all the same (tick below to leave them out)"
    ),
    '`{heading}` holds the change `{cells}`; correct the roster accordingly (to skip the column: --map "{heading}=-")': _(
        "`{heading}` holds the change `{cells}`; correct the list accordingly, or choose below that the column is not read"
    ),
    '`{heading}` is half of a name, and the other half was not found; if it is whole: --map "{heading}=name"': _(
        "`{heading}` is half of a name, and the other half was not found; if it is whole, choose below that it is the name"
    ),
    '`--map "{name}={column}"`': _("`{name}` as `{column}` below"),
    "several people are called {name} ({told}); say in column `bib`, or with --same, who is meant": _(
        "several people are called {name} ({told}); say below, or in column `bib`, who is meant"
    ),
    "{name}: differs from {who} in {told}; import again with --same {who} if it is one person, --other {who} if it is another": _(
        "{name}: differs from {who} in {told}; say beside it whether it is one person or another"
    ),
    "{name}: a namesake of {who} who differs in {told}; taken for another person (if not: correct the roster, --same {who})": _(
        "{name}: a namesake of {who} who differs in {told}; taken for another person (if not, say so beside it)"
    ),
    "{name}: taken for {who}, the only one of this list who is entered already; for a namesake import again with --other {who}": _(
        "{name}: taken for {who}, the only one of this list who is entered already; if it is a namesake, say so beside it"
    ),
    "{text}. For another person leave the bib empty; for somebody who runs instead: marathon people stand-in {bib} '{name}'": _(
        "{text}. For another person leave the bib empty; if {name} runs instead, enter that on the page of bib {bib}"
    ),
    "{who} is withdrawn and stays so; `marathon rule reinstate {who}` if they run after all": _(
        "{who} is withdrawn and stays so; if they run after all, take the status back on their page"
    ),
    "column `bib`: the person has bib {bib} already (lost: `marathon rule replace {bib} {bib2}`)": _(
        "column `bib`: the person has bib {bib} already, and {bib2} here; a lost bib is exchanged on the person's page"
    ),
    "{text} ({firm}). If the person changed firms: marathon rule move {bib} '{company}' --why 'changed firms'": _(
        "{text} ({firm}). If the person changed firms, move bib {bib} to {company} on its page"
    ),
    "{text}. To correct the name: marathon people rename {bib} '{name}'": _(
        "{text}. If {name} is the right spelling, correct the name on the page of bib {bib}"
    ),
    "`marathon rule status withdrawn {who}` takes the second out": _("withdraw {who} on that person's page"),
    "the fonts cannot draw {letters}; the bib will say: {shown} (to write it otherwise: `marathon people rename`, `firm rename`)": _(
        "the fonts cannot draw {letters}; the bib will say: {shown} (to write it otherwise, correct the list)"
    ),
    "look alike; if they are one firm: marathon rule merge '{one}' '{other}' --why 'one firm'": _(
        "look alike; if {one} and {other} are one firm, write it the same way in the lists"
    ),
    "there is no firm {company} yet{close}; for a new one say --new-firm": _("there is no firm {company} yet{close}"),
    "{company} {name} is entered already ({shown}); for another person of that name say --namesake": _(
        "{company} {name} is entered already ({shown})"
    ),
    # editions and files
    "no edition is official yet; make it so with `marathon edition official`, or mark certificates with --provisional": _(
        "no edition is official yet; make it so under Editions, or let the certificates say that they are provisional"
    ),
    "`marathon log import` makes a race folder of it": _("A race folder can be made of it again; whoever looks after the server knows how."),
    "no signed checkpoint covers these results; make one with `marathon log checkpoint`": _(
        "no signed checkpoint covers these results yet; the server makes one by itself while it runs"
    ),
    "rule first: `marathon rule close {now} --why REASON` makes them DNF and DNS, `marathon rule review` tells about the held; or say --why REASON to make it official as it is": _(
        "rule first: close the finish (Gun), which makes them DNF and DNS, and look at the held ones on the overview; or give a reason to make it official as it is"
    ),
    "publish a provisional edition first (marathon edition provisional)": _("publish a provisional edition first"),
    "the protest window is open until {until} (--early ends it now)": _("the protest window is open until {until}; tick that it ends now"),
    "stations that have not closed may still hold scans: {stations}; close them, or name them with --despite": _(
        "stations that have not closed may still hold scans: {stations}; close them, or tick that they are not waited for"
    ),
    "⚠ the clock of the server or of a station jumped ({told} s): results since are uncertain by that much, and cannot be made official until `marathon rule jump` says whose clock it was": _(
        "⚠ the clock of the server or of a station jumped ({told} s): results since are uncertain by that much, and cannot be made official until somebody says on the overview whose clock it was"
    ),
    # rulings
    "no `date` in race.toml to count the age on": _(
        "the race has no date to count the age on; whoever looks after the server sets it, or choose the category"
    ),
    "{scan} is a scan of {id}; `rule swap` exchanges bibs, `rule void` voids a scan": _(
        "{scan} is a scan of {id}; exchange bibs or let a scan not count on that person's page"
    ),
    "wave {wave} has no gun yet; record it with `marathon gun`": _("wave {wave} has no gun yet; fire it first (Gun)"),
    "no jump of a clock is open at {which}; see `marathon rule review`": _("this jump of a clock is settled already"),
    "position {position} is no ruling in force; see `marathon rule list`": _("this is no ruling in force any more; look at the page again"),
    "no bib {spare} with the code {code} was ever printed; --anyway gives it all the same": _(
        "no bib {spare} with the code {code} was ever printed; tick that it is given all the same"
    ),
    "{scan}: say where it was with --point": _("{scan}: say where it was"),
    "no single scan {reference}; use the name that `marathon explain BIB` shows (3f2a9c1b#12)": _(
        "there is no scan {reference}; its name stands on the overview's list (3f2a9c1b#12)"
    ),
    "{text}; fits no wave: `rule start {bib} {instant}` starts them then, `rule start-offset {bib} 0` at the gun": _(
        "{text}; fits no wave: settle it in the list above, by a start when seen or at the gun"
    ),
    "{text}; fits wave {fits}: `marathon rule wave {bib} {fits2}`": _("{text}; fits wave {fits}: settle it in the list above"),
    "{text}. If the gun was earlier: marathon rule gun {first} --wave {wave} --preview": _("{text}. If the gun of wave {wave} was earlier, move it (Gun)"),
    "no age group fits this date of birth (like 1990-01-31); --category says it outright": _("no age group fits this date of birth or age"),
    "there is no unread person {number}; see `marathon unread list`": _("this person who passed unread is settled already"),
    "⚠ same name as the absent entrant; to correct a name: `{how}`": _("⚠ same name as the absent entrant; a name is corrected on that person's page"),
    "{text} is on several days ({days}); give the date too: --at '{days2} {text}'": _("{text} is on several days ({days}); give the date too"),
    "no firm {who!r}; see `marathon firm list`": _("no firm {who!r} is entered"),
    # what stands out
    "the gun, as a station noticed it (it starts nobody; marathon gun does)": _("the gun, as a station noticed it (it starts nobody; the page Gun does)"),
    "stations without a line (set it by --calibrate or --line-px) and their scans: times are moments of sight, not crossings": _(
        "stations without a line (set it on the operator's page, key L) and their scans: times are moments of sight, not crossings"
    ),
    "→ marathon rule name / rule void": _("→ the list above"),
    "→ marathon rule strays": _("→ the list above"),
    "→ marathon rule jump {which} server|station": _("→ say whose in the list above"),
    "→ marathon unread list": _("→ the list above"),
    "→ marathon film --station {station} --at {at} --for 3 --strip; marathon rule {point} / rule dead-heat": _(
        "→ film of {station} from {at} on, by whoever looks after the server; then enter the time on the person's page"
    ),
    "⚠ {n} item of the log counts for nothing; look at them, then settle each by `marathon rule set-aside POSITION`": ngettext(
        "⚠ {n} item of the log counts for nothing; look at it in the list above",
        "⚠ {n} items of the log count for nothing; look at them in the list above",
        1,
    ),
    "{n} firm without a head count is left out (column company_size, or `marathon rule employees`): {called}": ngettext(
        "{n} firm without a head count is left out (the list's column of employees gives it): {called}",
        "{n} firms without a head count are left out (the list's column of employees gives it): {called}",
        1,
    ),
    # stations
    "{name} has a token already, and a new one shuts out the station that uses it; say --again to do so": _(
        "{name} has a token already, and a new one shuts out the station that uses it; tick that below to do so"
    ),
    "over http anybody on this network can read the token and pose as this station; serve with --own-certificate, and enrol by `marathon station NAME --again --own-certificate --server https://...`": _(
        "over http anybody on this network can read the token and pose as this station; whoever looks after the server can give the intake a certificate, then let it in anew by https://"
    ),
    "a clock jumped; say whose by `marathon rule jump`": _("a clock jumped; say whose under To do"),
    "its clock or the server's jumped: say whose with `marathon rule jump`": _("its clock or the server's jumped: say whose under To do"),
    "its outbox says another history than the log, as after a copied disk: stop it, let another laptop stand there, and have `marathon log quarantine` looked at": _(
        "its outbox says another history than the log, as after a copied disk: stop it, let another laptop stand there, and tell whoever looks after the server (quarantine)"
    ),
    "items of it count for nothing: look at them below, or with `marathon rule review`": _("items of it count for nothing: look at them under To do"),
    "it has no token any more: `marathon station add NAME --again` gives it one": _("it has no token any more: give it a new one under Director › Stations"),
    "the line is not known: times are moments of sight, not crossings; hold a bib over the line and set it (--calibrate, or L on the operator's page)": _(
        "the line is not known: times are moments of sight, not crossings; hold a bib over the line and set it (key L on the operator's page)"
    ),
}  # fmt: skip
"""By the English of the command line; each may use the same parameters."""


class BrowserWords:
    """ASGI middleware: behind it texts are said to whoever has a browser and no terminal."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with wording(BROWSER_WORDS):
            await self._app(scope, receive, send)
