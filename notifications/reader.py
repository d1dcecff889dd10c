"""Has incoming mail read by a child process under limits of time, processor and memory.

One child reads many mails; one that hangs, dies or grows is ended, its mail goes to review,
and the next mail gets a new child.
"""

import json
import os
import select
import struct
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from time import monotonic
from types import TracebackType

from notifications import stored
from notifications.intake import triage
from notifications.terms import InboundKind, Intake

DEADLINE_SECONDS = 5.0
START_SECONDS = 30.0
_LENGTH = struct.Struct(">I")
_ROOT = Path(__file__).resolve().parent.parent


class Reader:
    """Reads mails one at a time in a child process; use it as a context manager."""

    def __init__(self, deadline_seconds: float = DEADLINE_SECONDS) -> None:
        self._deadline = deadline_seconds
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Reader":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def read(self, raw: bytes) -> Intake:
        """Return what a message is; one that cannot be read within the limits is ``ODD``."""
        why = triage(raw)
        if why:
            return Intake(kind=InboundKind.ODD, why=why)
        try:
            child = self._running()
            return self._ask(child, raw)
        except (OSError, EOFError, TimeoutError, ValueError, KeyError, TypeError) as fault:
            self.close()
            return Intake(
                kind=InboundKind.ODD,
                why=f"The message could not be read within the limits ({type(fault).__name__})",
            )

    def close(self) -> None:
        """End the child process."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()

    def _running(self) -> subprocess.Popen[bytes]:
        """Return the child, started and ready."""
        if self._child is not None and self._child.poll() is None:
            return self._child
        self.close()
        path = os.pathsep.join([str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
        self._child = subprocess.Popen(
            [sys.executable, "-m", "notifications.reading_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # Nothing of our surroundings: a mail that breaks out finds no key.
            env={"PYTHONPATH": path, "PATH": os.defpath, "PYTHONUTF8": "1"},
            cwd=_ROOT,
        )
        ready = _receive(self._child, monotonic() + START_SECONDS)
        if ready != b"ready":
            raise EOFError
        return self._child

    def _ask(self, child: subprocess.Popen[bytes], raw: bytes) -> Intake:
        """Send one message and take the answer."""
        if child.stdin is None:
            raise EOFError
        child.stdin.write(_LENGTH.pack(len(raw)) + raw)
        child.stdin.flush()
        return stored.from_json(json.loads(_receive(child, monotonic() + self._deadline)))


def _receive(child: subprocess.Popen[bytes], until: float) -> bytes:
    """Return one frame from the child.

    Raises:
        TimeoutError: it did not come in time.
        EOFError: the child is gone.
    """
    (length,) = _LENGTH.unpack(_exactly(child, _LENGTH.size, until))
    return _exactly(child, length, until)


def _exactly(child: subprocess.Popen[bytes], count: int, until: float) -> bytes:
    """Return so many bytes from the child before an instant of the monotonic clock."""
    if child.stdout is None:
        raise EOFError
    pipe = child.stdout.fileno()
    got = b""
    while len(got) < count:
        left = until - monotonic()
        if left <= 0 or not select.select([pipe], [], [], left)[0]:
            raise TimeoutError
        piece = os.read(pipe, count - len(got))
        if not piece:
            raise EOFError
        got += piece
    return got
