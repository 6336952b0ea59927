"""One version of the board as files in memory, each made when first requested and compressed once."""

import re
from collections.abc import Iterator, Sequence
from functools import partial
from threading import Lock
from typing import Final

from results.board import page_addresses
from results.board.api_models import as_csv, as_json, firm_of, runner_of, table_of
from results.board.firm_pages import firm_page, leaving_page
from results.board.head import encoded, head_of, index_of
from results.board.hidden import public_view, redacted, told_standings
from results.board.note_page import NONE_YET, NOTE
from results.board.page_addresses import PARTICIPATION, files_at
from results.board.pages import groups_page, lost_page, participation_page, ranking_page, runners_page, words_page
from results.board.plot_pages import plot_files
from results.board.print_pages import print_files
from results.board.runner_page import runner_page
from results.board.screens import screen_files
from results.board.site import Maker, Section, Site, page_path
from results.files.exports import rankings_csv, results_csv
from results.ranking.rows import Row
from results.view.view import View, card_of
from results.web.asset import Asset, made
from results.web.templating import PREFIX, STATIC, script_path, static_path
from timing.language import LANGUAGES, Language

ROBOTS: Final = "User-agent: *\nDisallow: /\n"  # names of people: nothing for a search engine
HOT: Final = ("head.json", "index.html", "en/index.html")
"""What most viewers request: made before the version is shown."""
WORDS: Final = ("missing.html", "missing-sent.html")
RUNNER: Final = files_at(page_addresses.RUNNER)
LEAVING: Final = files_at(page_addresses.LEAVING)
FIRM: Final = files_at(page_addresses.FIRM)
LIST: Final = files_at(*page_addresses.LISTS, paged=True)
ANNOUNCERS: Final = ("announcer.css", "announcer.js")


class Snapshot:
    """The files of one version."""

    def __init__(
        self,
        view: View,
        since: int | None = None,
        changed: Sequence[Row] = (),
        sections: Sequence[Section] = (),
    ) -> None:
        """`changed` are the rows that may differ from version `since` on."""
        self.version = view.version
        self.view = view
        """The full view, also while results are hidden: for private pages."""
        self.site = Site(public_view(view), sections)
        self._since, self._changed = since, list(redacted(changed)) if view.hidden else changed
        self._beside = {path: make for one in sections for path, make in one.files(self.site).items()}
        self._fixed = self._fixed_makers()
        self._assets: dict[str, Asset] = {}
        self._locks: dict[str, Lock] = {}
        self._lock = Lock()

    def ready(self, path: str) -> Asset | None:
        """The file at a path without leading slash, if it is made already."""
        return self._assets.get(path)

    def get(self, path: str) -> Asset | None:
        """The file at a path, made once however many threads ask; None where there is none."""
        if path == NOTE:  # newer ones come without a new version
            return Asset(path, (self.site.view.note() or NONE_YET).encode())
        found = self._assets.get(path)
        if found:
            return found
        maker = self._maker(path)
        if maker is None:
            return None
        with self._lock:
            own = self._locks.setdefault(path, Lock())
        with own:
            if path not in self._assets:
                self._assets[path] = made(path, maker())
            return self._assets[path]

    def warm(self) -> "Snapshot":
        """Make and compress the files that most viewers request."""
        for path in HOT:
            asset = self.get(path)
            assert asset
            asset.compress()
        return self

    def versioned(self, path: str) -> bool:
        """Whether a file depends on the version alone; what features show does not."""
        return path not in self._beside

    def drop_pages(self) -> None:
        """Drop the pages, since a newer version is shown; tables stay for phones that still ask for them."""
        for path in [path for path in self._assets if path.endswith(".html")]:
            self._assets.pop(path, None)

    def paths(self) -> Iterator[str]:
        """Every file, whether it is made yet or not."""
        yield from self._fixed
        yield NOTE
        for prefix in PREFIX.values():
            for address in self.site.addresses():
                yield from (prefix + page_path(address, at + 1) for at in range(self.site.pages_of(address)))
            yield from (f"{prefix}c/{company}.html" for company in (*self.site.members, *self._merged()))
            yield from (f"{prefix}c/{company}/out.html" for company in self._leading_away())
            yield from (f"{prefix}r/{bib}.html" for bib in self.site.shown)
        runners = (page_addresses.RUNNER.format(bib=bib) for bib in self.site.shown)
        for address in (*self.site.addresses(), *self.firm_addresses(), *runners):
            yield from (f"{address}.json", f"{address}.csv")

    def firm_addresses(self) -> list[str]:
        return [page_addresses.FIRM.format(company=company) for company in self.site.members]

    def _merged(self) -> list[str]:
        """Firms merged into another: their printed QR codes lead to it."""
        merged = self.site.view.merged
        return [
            company for company, now in merged.items() if now in self.site.members and company not in self.site.members
        ]

    def _leading_away(self) -> list[str]:
        cards = self.site.view.cards
        return [company for company in self.site.members if company in cards and cards[company].public_link]

    def _fixed_makers(self) -> dict[str, Maker]:
        site, view = self.site, self.site.view
        pages: dict[str, Maker] = {}
        for language in LANGUAGES:
            for path, group in (("companies.html", "company"), ("teams.html", "team")):
                pages[PREFIX[language] + path] = partial(groups_page, site, language, group)
            for path in WORDS:
                pages[PREFIX[language] + path] = partial(words_page, site, language, path)
        return {
            **pages,
            **plot_files(site),
            **print_files(site),
            **self._beside,
            **screen_files(site),
            **{static_path(name): (STATIC / name).read_bytes for name in ANNOUNCERS},
            "404.html": lost_page,
            f"{page_addresses.HEAD}.json": lambda: encoded(head_of(site, self._since, self._changed)),
            f"{page_addresses.INDEX}.json": lambda: encoded(index_of(site)),
            "results.csv": lambda: results_csv(told_standings(view), view.names),
            "rankings.csv": lambda: rankings_csv(view.rankings, view.names),
            "static/board.css": (STATIC / "board.css").read_bytes,
            **{static_path(name): (STATIC / name).read_bytes for name in ("more.css", "firm.css", "captain.css")},
            script_path(): (STATIC / "board.js").read_bytes,
            "robots.txt": lambda: ROBOTS,
        }

    def _maker(self, path: str) -> Maker | None:
        language: Language = "en" if path.startswith(PREFIX["en"]) else "ko"
        bare = path.removeprefix(PREFIX[language])
        if path in self._fixed:
            return self._fixed[path]
        if bare == "index.html":
            return partial(runners_page, self.site, language, "overall", 1)
        for pattern, maker in (
            (RUNNER, self._runner),
            (FIRM, self._firm),
            (LEAVING, self._leaving),
            (LIST, self._list),
        ):
            if match := pattern.fullmatch(bare):
                return None if language == "en" and match["ending"] != "html" else maker(match, language)
        return None

    def _runner(self, match: re.Match[str], language: Language) -> Maker | None:
        bib, ending = int(match["bib"]), match["ending"]
        if bib not in self.site.shown:
            return None
        if ending == "html":
            return partial(runner_page, self.site, language, self.site.shown[bib])
        write = as_json if ending == "json" else as_csv
        return lambda: write(runner_of(self.site, bib))

    def _firm(self, match: re.Match[str], language: Language) -> Maker | None:
        company, ending = (
            self.site.company_now(match["company"]),
            match["ending"],
        )  # an old QR or link of a merged firm leads on
        if company not in self.site.members:
            return None
        if ending == "html":
            return partial(firm_page, self.site, language, company)
        write = as_json if ending == "json" else as_csv
        return lambda: write(firm_of(self.site, company))

    def _leaving(self, match: re.Match[str], language: Language) -> Maker | None:
        company = self.site.company_now(match["company"])
        leads = (
            match["ending"] == "html" and company in self.site.members and card_of(self.site.view, company).public_link
        )
        return partial(leaving_page, self.site, language, company) if leads else None

    def _list(self, match: re.Match[str], language: Language) -> Maker | None:
        address, number, ending = match["address"], int(match["page"] or 1), match["ending"]
        if address.startswith("rankings/") and address not in self.site.group_lists:
            return None
        if not address.startswith("rankings/") and address not in (*self.site.runner_lists, PARTICIPATION):
            return None
        if ending != "html":
            write = as_json if ending == "json" else as_csv
            return None if match["page"] else lambda: write(table_of(self.site, address))
        if f"{number}" != (match["page"] or "1") or not 1 <= number <= self.site.pages_of(address):
            return None
        if page_path(address, number) != match[0]:
            return None  # the first page has one address alone
        return self._list_page(address, number, language)

    def _list_page(self, address: str, number: int, language: Language) -> Maker:
        if address == PARTICIPATION:
            return partial(participation_page, self.site, language, number)
        page = runners_page if address in self.site.runner_lists else ranking_page
        return partial(page, self.site, language, address, number)
