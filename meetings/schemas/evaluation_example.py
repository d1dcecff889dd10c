"""The published example of asking the rules: a stabbing on the evening before Christmas Eve.

It is invented, and its ids are those of the shipped pack, so it is data. Of each list of the answer
it holds the most telling entry.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_EXAMPLE: dict[str, dict[str, Any]] = json.loads(
    Path(__file__).with_suffix(".json").read_text(encoding="utf-8")
)
FACTS, ANSWER = _EXAMPLE["facts"], _EXAMPLE["answer"]
