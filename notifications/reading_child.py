"""The child process that reads mails: it limits itself, then answers frame by frame."""

import json
import resource
import struct
import sys
from typing import BinaryIO

from notifications import intake, stored

MEMORY_BYTES = 512 * 1024 * 1024
PROCESSOR_SECONDS = 6
_LENGTH = struct.Struct(">I")


def serve(source: BinaryIO, target: BinaryIO) -> None:
    """Answer each message from ``source`` with what it is, until there are no more."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _send(target, b"ready")
    while head := source.read(_LENGTH.size):
        raw = source.read(_LENGTH.unpack(head)[0])
        _allow_processor()
        _send(target, json.dumps(stored.to_json(intake.read(raw))).encode())


def _allow_processor() -> None:
    """Allow the next message its seconds beyond what was used so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    allowed = int(used.ru_utime + used.ru_stime) + 1 + PROCESSOR_SECONDS
    _, hardest = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (allowed, hardest))


def _send(target: BinaryIO, octets: bytes) -> None:
    """Send one frame."""
    target.write(_LENGTH.pack(len(octets)) + octets)
    target.flush()


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
