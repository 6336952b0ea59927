"""A part of the server (board, office) as a process of its own beside the intake: it loads another processor, and is started again when it ends."""

import os
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from subprocess import PIPE, Popen, TimeoutExpired
from threading import Event, Thread
from typing import Final

from timing.language import Text

AGAIN_S: Final = 2.0
ENDING_S: Final = 10.0
BOARD_BEHIND: Final = 10
"""How much higher the board's nice value is than the intake's. Both stay in one session, for Linux weighs sessions alike."""
OFFICE_BEHIND: Final = 5
"""The same of the office, whose people wait for it: before the board's crowd, behind the scans."""


class ServerProcess:
    """Runs `command` with a listening socket, whose number is appended to it, inside its `with` block.

    Args:
        nicer: how much is added to the niceness of this process.
        ended: what to tell when it ends by itself, with its exit code as `{code}`.
    """

    def __init__(
        self,
        command: Sequence[str],
        listening: socket.socket,
        complain: Callable[[str], object],
        nicer: int,
        ended: Callable[[int], Text],
    ) -> None:
        self._command, self._listening, self._complain = command, listening, complain
        self._nicer, self._ended = nicer, ended
        self._stop = Event()
        self._process: Popen[bytes] | None = None
        self._thread = Thread(target=self._keep, name="server's process", daemon=True)

    def __enter__(self) -> "ServerProcess":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        if self._process:
            self._process.terminate()
        self._thread.join(ENDING_S + 1)

    def _keep(self) -> None:
        while not self._stop.is_set():
            code = self._run()
            if not self._stop.is_set():
                self._complain(str(self._ended(code)))
                self._stop.wait(AGAIN_S)

    def _run(self) -> int:
        """Run the process until it ends; its exit code. Its stdin closes when this process ends, whereupon it ends too."""
        number = self._listening.fileno()
        command = [*self._command, str(number)]
        with Popen(command, stdin=PIPE, pass_fds=[number], process_group=0) as process:
            self._process = process
            with suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, process.pid, os.getpriority(os.PRIO_PROCESS, 0) + self._nicer)
            while process.poll() is None and not self._stop.wait(0.2):
                pass
            process.terminate()
            try:
                return process.wait(ENDING_S)
            except TimeoutExpired:
                process.kill()
                return process.wait()


def end_with_parent() -> None:
    """Send this process SIGTERM when its stdin is closed."""

    def watch() -> None:
        while os.read(sys.stdin.fileno(), 1_024):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    Thread(target=watch, name="parent", daemon=True).start()
