"""Authenticates stations by their tokens, with a cache that protects the database from requests with wrong tokens.

A request with an unknown token waits for the next query of the database. All who wait share that query, and there are at most ten a second,
however many wrong tokens arrive. A station whose token is known does not wait.
"""

from asyncio import Task, create_task, get_running_loop, shield, sleep
from collections.abc import Callable, Mapping
from typing import Final

from timing.bounded_threads import BoundedThreads
from timing.people.directory import hashed

KNOWN_FOR_S: Final = 1.0
"""How long a revoked token may still be accepted."""
BETWEEN_LOOKS_S: Final = 0.1


Look = Task[Exception | None]


class TokenCache:
    """Caches the holders of tokens; used in one event loop. A new token is accepted at once."""

    def __init__(self, stations: Callable[[], Mapping[bytes, str]], aside: BoundedThreads) -> None:
        self._ask, self._aside = stations, aside
        self._stations: Mapping[bytes, str] = {}
        self._asked_at = float("-inf")
        self._known_at = float("-inf")
        self._next: Look | None = None
        self._current: Look | None = None

    async def station_of(self, token: str) -> str | None:
        """The station that holds this token.

        Raises:
            Late: the database does not say in time.
            Unreachable: it cannot.
        """
        key = hashed(token)
        if key not in self._stations or get_running_loop().time() - self._known_at >= KNOWN_FOR_S:
            await self._aside.in_time(self._look())
        return self._stations.get(key)

    async def _look(self) -> None:
        """A look that begins after now."""
        if self._next is None:
            self._next = create_task(self._look_after(self._current))
        failure = await shield(self._next)
        if failure:
            raise failure

    async def _look_after(self, before: "Look | None") -> Exception | None:
        """What went wrong is an answer: a failure that nobody waits for any more would be told as one of the program."""
        if before is not None:
            await before
        loop = get_running_loop()
        await sleep(max(0.0, self._asked_at + BETWEEN_LOOKS_S - loop.time()))
        self._current, self._next, self._asked_at = self._next, None, loop.time()
        try:
            self._stations, self._known_at = await self._aside(self._ask), self._asked_at
        except Exception as failure:  # noqa: BLE001  (each of those who wait raises it)
            return failure
        return None
