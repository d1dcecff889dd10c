"""Settings, read once from the environment; every fault is reported at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

PREFIX = "CONFER_"
_LEAST_SECRET = 32


class SettingsFault(Exception):
    """The environment cannot be used; the message lists every fault."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("Confer cannot start with these settings:\n- " + "\n- ".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Settings:
    """What one installation is told. Names in the environment are these with CONFER_ before."""

    database_url: str
    base_url: str
    secret_key: str = field(repr=False)
    smtp_url: str | None = field(default=None, repr=False)
    imap_url: str | None = field(default=None, repr=False)
    mail_domain: str = "confer.example"
    mail_from_name: str = "Safeguarding meetings"
    mail_folder: Path = Path("confer-data/mail")
    partnership_name: str = "Safeguarding children partnership"
    partnership_telephone: str = ""
    emergency_team_telephone: str = ""
    proxies: int = 0
    log_level: str = "INFO"

    @property
    def is_secure(self) -> bool:
        """Cookies carry ``Secure`` when people reach the service by https."""
        return self.base_url.startswith("https://")

    @property
    def host(self) -> str:
        """The one host name this installation answers to."""
        return urlsplit(self.base_url).hostname or ""

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """Read the settings.

        Raises:
            SettingsFault: one or more settings are missing or cannot be used;
                all of them are named.
        """
        faults: list[str] = []
        given = {name: environ.get(PREFIX + name.upper(), "").strip() for name in _NAMES}
        faults += [
            f"{PREFIX}{name.upper()} is not set"
            for name in ("database_url", "base_url", "secret_key")
            if not given[name]
        ]
        faults += _url_fault(given, "database_url", ("sqlite", "postgresql", "postgresql+psycopg"))
        faults += _url_fault(given, "base_url", ("http", "https"))
        faults += _url_fault(given, "smtp_url", ("smtp", "smtps"))
        faults += _url_fault(given, "imap_url", ("imap", "imaps"))
        if given["secret_key"] and len(given["secret_key"]) < _LEAST_SECRET:
            faults.append(f"{PREFIX}SECRET_KEY must be at least {_LEAST_SECRET} characters")
        if given["proxies"] and not given["proxies"].isdigit():
            faults.append(f"{PREFIX}PROXIES must be a whole number")
        if given["log_level"] and given["log_level"] not in ("DEBUG", "INFO", "WARNING", "ERROR"):
            faults.append(f"{PREFIX}LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR")
        if faults:
            raise SettingsFault(faults)
        values: dict[str, object] = {name: text for name, text in given.items() if text}
        if "proxies" in values:
            values["proxies"] = int(given["proxies"])
        if "mail_folder" in values:
            values["mail_folder"] = Path(given["mail_folder"])
        if given["database_url"].startswith("postgresql://"):
            values["database_url"] = "postgresql+psycopg" + given["database_url"][10:]
        return cls(**values)  # type: ignore[arg-type]  # each name was checked above


_NAMES = tuple(Settings.__dataclass_fields__)


def _url_fault(given: Mapping[str, str], name: str, schemes: tuple[str, ...]) -> list[str]:
    text = given[name]
    if not text:
        return []
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError as fault:
        return [f"{PREFIX}{name.upper()} is not a URL: {fault}"]
    if parts.scheme not in schemes:
        return [f"{PREFIX}{name.upper()} must start with one of {', '.join(schemes)}"]
    if parts.scheme in ("http", "https", "smtp", "smtps", "imap", "imaps") and not parts.hostname:
        return [f"{PREFIX}{name.upper()} names no host"]
    return []
