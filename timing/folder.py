"""The race folder: `race.toml` with the settings, the database, and the files of the other rooms."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date as Date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import Meta, Struct

from timing.errors import Unreachable, WrongUse
from timing.language import _
from timing.log import LogAway, LogUnreadable
from timing.race.chance import Bits, system_bits
from timing.race.clock import Clock, SteadyClock
from timing.race.events import RaceOpened, RulesSet
from timing.race.fold import Race, fold
from timing.race.known_names import Names
from timing.race.rules import rules_of
from timing.race.rules.presets import preset
from timing.replacing import must_write
from timing.timekeeper import race_clock

if TYPE_CHECKING:  # the database is imported by whoever opens a race: help is quick
    from sqlalchemy import Engine

    from timing.log.checkpoint_store import CheckpointStore
    from timing.log.sql import SqlLog
    from timing.people.directory import Directory
    from timing.store.database import DatabaseAway

SETTINGS = "race.toml"
RULES = "rules.toml"
FIRST_RULES = "gvalley"
DATABASE = "race.db"


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """The settings in `race.toml`. No secrets: passwords come by the environment variable MARATHON_DATABASE."""

    id: Annotated[str, Meta(pattern="^[0-9a-f]{16}$")]
    name: str
    name_en: str
    host: Annotated[str, Meta(pattern=r"^[A-Za-z0-9.:-]+$", max_length=60)]
    zone: str = "Asia/Seoul"
    date: Date | None = None
    """The day of the race: ages are counted on it."""
    organiser: Annotated[str, Meta(max_length=80)] = ""
    """The issuer of the certificates."""
    certificate: Literal["record", "participation"] = "record"
    """The certificate of finishers; starters who did not finish get that of participation."""
    database: str = ""
    layout: str = ""
    """The bibs' layout: the name of one of ours, or a file beside `race.toml`."""
    proxies: tuple[str, ...] = ()
    """Addresses or networks of proxies before `marathon serve`: only they are asked whose requests they bring."""
    hosts: tuple[Annotated[str, Meta(pattern=r"^[A-Za-z0-9.:-]+$", max_length=253)], ...] = ()
    """Further names by which the server is reached, beside `host`."""


TEMPLATE = """\
# marathon 대회 설정 / settings of this race. 비밀번호는 적지 마세요 / no secrets here.

id = {id}  # 바꾸지 마세요 / never change
name = {name}
name_en = {name_en}

# 배번 QR이 여는 주소(인쇄 전에 정하세요). 짧을수록 멀리서 읽힙니다 / the host in the bibs' QR; shorter reads from farther
host = {host}
zone = "Asia/Seoul"

# 대회 날: 연령대의 나이를 이날로 셉니다 / the race's day, on which ages are counted
{date}

# 기록증을 주는 곳 / who gives the certificates
# organiser = "G밸리 마라톤 조직위원회"
# 모두에게 기록 없는 참가증 / certificates of participation for all, without times:
# certificate = "participation"

# 배번 도안(`marathon bibs layouts`), 또는 이 폴더의 파일.toml / the bibs' layout, or a FILE.toml in this folder
# layout = "a5"

# 비워 두면 이 폴더의 race.db (SQLite). 여러 대로 운영하면 PostgreSQL:
# empty: race.db in this folder (SQLite). For several servers PostgreSQL, its password in MARATHON_DATABASE or ~/.pgpass:
# database = "postgresql+psycopg://marathon@127.0.0.1/marathon"
database = ""

# 프록시(nginx, Caddy) 뒤라면 그 주소: 그것만 방문자의 주소를 알려 줄 수 있습니다 / behind a proxy its address, which alone may tell visitors' addresses:
# proxies = ["127.0.0.1"]
# 서버를 여는 다른 이름들 / further names by which the server is reached:
# hosts = ["results.example.kr"]
"""


@dataclass(frozen=True, slots=True)
class OpenRace:
    """A race folder with its log and directory open; leaving its `with` block closes the database."""

    root: Path
    settings: Settings
    log: SqlLog
    directory: Directory
    clock: Clock
    engine: Engine

    def close(self) -> None:
        self.engine.dispose()

    def __enter__(self) -> OpenRace:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def fold(self) -> Race:
        return fold(self.log.read())

    def names(self, race: Race) -> Names:
        """The names as they are in this race, where firms may have been merged."""
        return self.directory.names().following(race.office.merged)

    def firm_names(self, firms: Mapping[str, str]) -> dict[str, str]:
        """The same codes with the names of the companies for their ids."""
        names = self.directory.names().companies
        return {code: names.get(firm, "") for code, firm in firms.items()}

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.settings.zone)


def create_race(
    root: Path,
    name: str,
    name_en: str,
    host: str,
    course_m: int,
    clock: Clock | None = None,
    bits: Bits = system_bits,
    date: Date | None = None,
) -> OpenRace:
    """Make a race folder and open its log.

    Raises:
        WrongUse: there is a race already, the name is empty, or a setting is not what it must be.
        Unreachable: the folder cannot be written.
    """
    fill = partial(_open_log, course_m)
    return make_folder(root, f"{bits(64):016x}", name, name_en, host, fill, clock, date)


def _open_log(course_m: int, race: OpenRace) -> None:
    """The first facts: the course, and the rules that the folder's `rules.toml` then shows."""
    from timing.people.race_keys import draw_keys

    text = preset(FIRST_RULES)
    race.log.record(
        [RaceOpened(race.settings.id, course_m), RulesSet(rules_of(text, FIRST_RULES), "desk", "")], after=0
    )
    (race.root / RULES).write_text(text, encoding="utf-8")
    draw_keys(race.engine, race.settings.id)


def make_folder(
    root: Path,
    race: str,
    name: str,
    name_en: str,
    host: str,
    fill: Callable[[OpenRace], object],
    clock: Clock | None = None,
    date: Date | None = None,
) -> OpenRace:
    """Make the folder of the race with this id; `race.toml` appears only after `fill` has filled the log.

    Raises:
        WrongUse, Unreachable: as `create_race`; and the exceptions of `fill`.
    """
    if (root / SETTINGS).exists():
        raise WrongUse(_("{root} holds a race already", root=root))
    if not name.strip():
        raise WrongUse(_("the race's name is empty"))
    quoted = {"id": race, "name": name, "name_en": name_en, "host": host.upper()}
    told = {key: msgspec.json.encode(value).decode() for key, value in quoted.items()}
    text = TEMPLATE.format_map(told | {"date": f"date = {date}" if date else "# date = 2026-09-03"})
    settings = _parse(text, root / SETTINGS)
    with must_write(root):
        root.mkdir(parents=True, exist_ok=True)
        opened = _opened(root, settings, clock)
        fill(opened)
        (root / SETTINGS).write_text(text, encoding="utf-8")
    return opened


def find_race(given: Path | None) -> Path:
    """The race folder: the given one, `MARATHON_RACE`, or the nearest above the working directory, as git finds its own.

    Raises:
        Unreachable: there is none.
    """
    named = given or (Path(os.environ["MARATHON_RACE"]) if "MARATHON_RACE" in os.environ else None)
    places = [named] if named else [Path.cwd(), *Path.cwd().parents]
    for place in places:
        if (place / SETTINGS).is_file():
            return place
    raise Unreachable(
        _(
            "no race folder (race.toml) found in {named}; make one with `marathon init DIR` or name it with --race DIR",
            named=named or Path.cwd(),
        ),
    )


def open_race(given: Path | None, clock: Clock | None = None, lost: bool = False) -> OpenRace:
    """Open the race folder's log and directory; `lost` says that the log is expected to be gone.

    Raises:
        RaceError: no folder, wrong settings, a database that does not open, or one that knows nothing of this race.
    """
    root = find_race(given)
    try:
        text = (root / SETTINGS).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as failure:
        raise Unreachable(_("{root}: cannot be read: {failure}", root=root / SETTINGS, failure=failure)) from failure
    opened = _opened(root, _parse(text, root / SETTINGS), clock)
    if not lost and not opened.log.head().seq:
        opened.close()
        raise Unreachable(
            _(
                "{root}: the database holds nothing of this race; it was removed, or `id` or `database` in race.toml changed; put a backup back with `marathon log restore`",
                root=root,
            ),
        )
    return opened


def open_when_there(given: Path | None, say: Callable[[DatabaseAway], object], pause: Callable[[], object]) -> OpenRace:
    """As `open_race`, but waits for a database that is unavailable; `say` is called once, `pause` between two attempts.

    Raises:
        RaceError: as `open_race`, except for an unavailable database.
    """
    from timing.store.database import DatabaseAway

    said = False
    while True:
        try:
            return open_race(given)
        except DatabaseAway as away:
            if not said:
                say(away)
                said = True
            pause()


def _opened(root: Path, settings: Settings, clock: Clock | None) -> OpenRace:
    from timing.log.sql import SqlLog
    from timing.people.directory import Directory
    from timing.store.database import DatabaseAway, open_database, passing, sqlite_file

    url = os.environ.get("MARATHON_DATABASE") or settings.database or sqlite_file(root / DATABASE)
    engine, steady = open_database(url), SteadyClock()
    try:
        log = SqlLog(engine, settings.id, clock or steady)
        if clock is None:
            clock = race_clock(log, settings.id, steady)
    except (LogAway, LogUnreadable) as failure:
        engine.dispose()
        raise (DatabaseAway(failure.text) if passing(failure.__cause__) else failure) from failure
    return OpenRace(root, settings, log, Directory(engine, settings.id), clock, engine)


def _parse(text: str, where: Path) -> Settings:
    try:
        settings = msgspec.convert(tomllib.loads(text), Settings)
        ZoneInfo(settings.zone)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, ZoneInfoNotFoundError, ValueError) as wrong:
        raise WrongUse(_("{where}: a wrong setting: {wrong}", where=where, wrong=wrong)) from wrong
    return settings


def checkpoints_of(opened: OpenRace) -> CheckpointStore:
    """The signed checkpoints of an open race, the tables beside its log included."""
    from timing.log.checkpoint_store import CheckpointStore
    from timing.log.side_tables import SideTables

    return CheckpointStore(opened.root, opened.settings.id, SideTables(opened.engine, opened.settings.id))
