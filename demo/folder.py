"""The demo's data folder: its key, its database, its mails; nothing outside is touched."""

from __future__ import annotations

import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL

from core.settings import Settings
from demo.mail_folder import MailFolder

PARTNERSHIP = "Northshire Safeguarding Children Partnership"
MAIL_DOMAIN = "meetings.northshire.example"


@dataclass(frozen=True, slots=True)
class DemoFolder:
    """Where everything of one demo stands."""

    root: Path

    @property
    def database(self) -> Path:
        """The finished database; a half-built one has another name."""
        return self.root / "demo.db"

    @property
    def unfinished(self) -> Path:
        """The database while it is being built."""
        return self.root / "demo.db.unfinished"

    @property
    def sent(self) -> MailFolder:
        """Mails the service sent."""
        return MailFolder(self.root / "post-room")

    @property
    def incoming(self) -> MailFolder:
        """Answers on their way to the service."""
        return MailFolder(self.root / "incoming")

    def make(self) -> None:
        """Make the folder, for its owner only."""
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)

    def key(self) -> str:
        """Return the demo's own key, made at first use and readable by its owner only."""
        path = self.root / "key"
        try:
            opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text(encoding="ascii")
        with os.fdopen(opened, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
        return path.read_text(encoding="ascii")

    def forget(self) -> None:
        """Take the database and every mail away; the key stays."""
        drop_database(self.database)
        for name in ("post-room", "incoming"):
            shutil.rmtree(self.root / name, ignore_errors=True)

    def settings(self, database: Path, *, port: int, smtp_url: str | None) -> Settings:
        """Return the settings of the demo; nothing in them comes from the environment."""
        url = URL.create("sqlite", database=str(database.resolve()))
        return Settings(
            database_url=url.render_as_string(),
            base_url=f"http://127.0.0.1:{port}",
            secret_key=self.key(),
            smtp_url=smtp_url,
            mail_domain=MAIL_DOMAIN,
            mail_folder=self.root / "unsent",
            partnership_name=PARTNERSHIP,
            partnership_telephone="01632 960000",
            emergency_team_telephone="01632 960999",
            log_level="WARNING",
        )


def drop_database(path: Path) -> None:
    """Take a SQLite file away with what stands beside it."""
    for tail in ("", "-wal", "-shm"):
        path.with_name(path.name + tail).unlink(missing_ok=True)
