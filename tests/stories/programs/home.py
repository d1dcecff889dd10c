"""Home and a child's history through the API."""

from __future__ import annotations

from people.models.accounts import Account
from tests.stories.programs.client import Client, words_of


class HomeProgram(Client):
    """What needs a person today, and what happened to a child."""

    def home(self, who: Account) -> str:
        """Read Home."""
        return words_of(self.get(who, "/home"))

    def history(self, who: Account, child: str) -> str:
        """Read a child's history."""
        return words_of(self.get(who, f"/children/{child}/timeline"))
