"""Home and a child's history in the browser."""

from __future__ import annotations

from people.models.accounts import Account
from tests.stories.browser import main_of
from tests.stories.pages.desk import Desk


class HomePages(Desk):
    """What needs a person today, and what happened to a child."""

    def home(self, who: Account) -> str:
        """Read Home."""
        return main_of(self.browser(who).open("/"))

    def history(self, who: Account, child: str) -> str:
        """Read a child's history."""
        return main_of(self.browser(who).open(f"/children/{child}/timeline"))
