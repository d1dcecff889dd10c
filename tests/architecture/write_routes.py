"""Write the stored list of routes anew, after looking at what changed."""

from __future__ import annotations

import tempfile
from pathlib import Path

from app import create_app
from tests.conftest import settings_for

if __name__ == "__main__":
    folder = Path(tempfile.mkdtemp())
    app = create_app(settings_for("sqlite://", folder))
    lines = sorted(
        f"{'|'.join(sorted(rule.methods - {'HEAD', 'OPTIONS'}))} {rule.rule} "
        f"[{getattr(app.view_functions[rule.endpoint], 'permission', 'static')}]"
        for rule in app.url_map.iter_rules()
    )
    Path(__file__).with_name("routes.txt").write_text("\n".join(lines) + "\n")
