"""A disk in memory that knows what was synced, and what it would hold had the power gone at any moment.

A file is what programs see of it, what has reached the platter, and the writes between the two. An image is the platter plus
any of the writes that were still under way, each torn at 512 bytes: a harsher disk than most, since nothing keeps the order of
writes but a sync. A file's name and its removal count as durable at once.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from random import Random

import apsw

SECTOR = 512
_names = count()


@dataclass(frozen=True, slots=True)
class Write:
    """Bytes on their way to the platter; None for a file cut off at `offset`."""

    offset: int
    data: bytes | None

    def onto(self, content: bytearray) -> None:
        if self.data is None:
            del content[self.offset :]
            return
        content.extend(bytes(max(0, self.offset - len(content))))
        content[self.offset : self.offset + len(self.data)] = self.data

    def sectors(self) -> Iterator["Write"]:
        """What of it is written at one stroke."""
        if self.data is None:
            yield self
            return
        at = 0
        while at < len(self.data):
            size = SECTOR - (self.offset + at) % SECTOR
            yield Write(self.offset + at, self.data[at : at + size])
            at += size


@dataclass(slots=True)
class Kept:
    """A file: as programs see it, as it stands on the platter, and what is under way."""

    seen: bytearray = field(default_factory=bytearray)
    platter: bytearray = field(default_factory=bytearray)
    under_way: list[Write] = field(default_factory=list)

    def put(self, write: Write) -> None:
        write.onto(self.seen)
        self.under_way.append(write)

    def sync(self) -> None:
        for write in self.under_way:
            write.onto(self.platter)
        self.under_way.clear()

    def after_a_power_cut(self, chance: Random) -> bytes:
        content, arrived = bytearray(self.platter), chance.choice((0.0, 0.3, 0.7, 1.0))
        for write in self.under_way:
            for sector in write.sectors():
                if chance.random() < arrived:
                    sector.onto(content)
        return bytes(content)


class CrashingDisk:
    """The disk; `look` is called before each step that changes it. One that `lies` says that it synced, and did not."""

    def __init__(self, chance: Random, look: Callable[[], None] = lambda: None, lies: bool = False) -> None:
        self._chance, self.look, self._lies = chance, look, lies
        self._files: dict[str, Kept] = {}
        self.steps = self.syncs = 0

    def image(self) -> dict[str, bytes]:
        """What the next start may find, by file name."""
        return {Path(name).name: kept.after_a_power_cut(self._chance) for name, kept in self._files.items()}

    @contextmanager
    def mounted(self) -> Iterator[str]:
        """The name under which SQLite finds this disk."""
        disk = _Disk(f"crashing-{next(_names)}", self)
        try:
            yield disk.name
        finally:
            disk.unregister()

    def file(self, name: str) -> Kept:
        return self._files.setdefault(name, Kept())

    def has(self, name: str) -> bool:
        return name in self._files

    def step(self) -> None:
        self.steps += 1
        self.look()

    def remove(self, name: str) -> None:
        self.step()
        self._files.pop(name, None)

    def sync(self, kept: Kept) -> None:
        self.step()
        self.syncs += 1
        if not self._lies:
            kept.sync()


class _Disk(apsw.VFS):
    def __init__(self, name: str, disk: CrashingDisk) -> None:
        self.name, self._disk = name, disk
        super().__init__(name, "")

    def xOpen(self, name: apsw.URIFilename | str | None, flags: list[int]) -> "_File":  # type: ignore[override]
        flags[1] = flags[0]
        return _File(self._disk, name.filename() if isinstance(name, apsw.URIFilename) else str(name))

    def xAccess(self, pathname: str, flags: int) -> bool:
        return self._disk.has(pathname)

    def xFullPathname(self, name: str) -> str:
        return name

    def xDelete(self, filename: str, syncdir: bool) -> None:
        self._disk.remove(filename)


class _File:
    """One open file, as SQLite calls it; it has the disk for itself, so locks need no keeping."""

    def __init__(self, disk: CrashingDisk, name: str) -> None:
        self._disk, self._kept = disk, disk.file(name)

    def xRead(self, amount: int, offset: int) -> bytes:
        return bytes(self._kept.seen[offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:
        self._kept.put(Write(offset, bytes(data)))
        self._disk.step()

    def xTruncate(self, newsize: int) -> None:
        self._kept.put(Write(newsize, None))
        self._disk.step()

    def xSync(self, flags: int) -> None:
        self._disk.sync(self._kept)

    def xFileSize(self) -> int:
        return len(self._kept.seen)

    def xFileControl(self, op: int, ptr: int) -> bool:
        return False

    def xSectorSize(self) -> int:
        return SECTOR

    def xDeviceCharacteristics(self) -> int:
        return 0

    def xCheckReservedLock(self) -> bool:
        return False

    def xLock(self, level: int) -> None: ...

    def xUnlock(self, level: int) -> None: ...

    def xClose(self) -> None: ...
