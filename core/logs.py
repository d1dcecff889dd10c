"""Logs: one JSON line per event, built from allowed keys only, so that nobody's name gets in."""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import Any

ALLOWED = frozenset(
    {
        "event", "request_id", "method", "route", "status", "milliseconds", "job", "slot",
        "count", "outcome", "reference", "error", "where", "version", "port", "attempt",
        "head", "lane", "state",
    }
)  # fmt: skip


class JsonLines(logging.Formatter):
    """Write the event's name and its allowed keys; never a message built from data."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line of JSON."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
        }
        if record.name.startswith("confer"):
            line["event"] = record.getMessage()
            line |= {key: value for key, value in record.__dict__.items() if key in ALLOWED}
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            # Where, not what: the text of an exception may hold what a person typed.
            frames = traceback.extract_tb(record.exc_info[2])[-6:]
            line["where"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        return json.dumps(line, default=str)


def install(level: str) -> None:
    """Send every logger through the one formatter to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("confer").setLevel(level)


def log(name: str) -> logging.Logger:
    """Return a logger whose lines are kept: ``log("mail").info("mail.handed", extra={...})``."""
    return logging.getLogger(f"confer.{name}")
