"""What people tell Confer in a story, and what they read there, whichever door they came by."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Told:
    """One child's part in an incident, as somebody tells it.

    Attributes:
        happened_at: None for "just now".
        more: what is known of the rules' questions, such as ``{"serious_injury": "yes"}``.
        score: scale, version, value, who scored it.
    """

    child: str
    part: str = "harmed"
    kind: str = "knife"
    narrative: str = "A wound to the arm. The ward rang."
    safe_now: str = "yes"
    happened_at: datetime | None = None
    more: dict[str, str] = field(default_factory=dict)
    score: tuple[str, str, int, str] | None = None


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody the decision asks."""

    roles: str
    agency: str
    name: str
    email: str
    telephone: str
    fallback: str
    rules: str
    is_fixed: bool
    is_twice: bool
    ring: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What the rules say about one child's part, as read.

    Attributes:
        title: the sentence with the kind of meeting and its date.
        words: all that stands on the page or in the answer, for looking things up.
    """

    title: str
    words: str
    rules: tuple[str, ...]
    seats: tuple[Seat, ...] = ()
    overlaps: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    status: str = "open"

    def seat(self, role: str) -> Seat:
        """Return the seat that fills a role, named in words."""
        for seat in self.seats:
            if role in seat.roles:
                return seat
        raise LookupError(f"nobody is asked as {role}: {[seat.roles for seat in self.seats]}")

    def asks(self, role: str) -> bool:
        """Say whether somebody is asked in a role."""
        return any(role in seat.roles for seat in self.seats)


@dataclass(frozen=True, slots=True)
class Coming:
    """Who comes, as read on the meeting's page.

    Attributes:
        answers: agency and role to the answer in words.
        to_ring: agencies to ring now.
    """

    status: str
    when: str
    quorum: str
    answers: dict[str, str]
    to_ring: tuple[str, ...]
    words: str

    def answer(self, who: str) -> str:
        """Return the answer of the first line that names an agency or a role."""
        for line, said in self.answers.items():
            if who in line:
                return said
        raise LookupError(f"{who} is not asked: {list(self.answers)}")


@dataclass(frozen=True, slots=True)
class Agreed:
    """An action a meeting agrees."""

    what: str
    due_on: str
    agency: str
    kind: str = "support"
    name: str = ""
    email: str = ""
    how: str = "The owner says so with a line of evidence"


@dataclass(frozen=True, slots=True)
class Plan:
    """A child's plan as read."""

    version: int
    open_actions: tuple[str, ...]
    words: str


class TurnedDown(Exception):
    """The door says no, with a sentence that says what to do.

    Attributes:
        status: of the answer.
        messages: every message shown, in order.
        shown: the whole answer as text: what was typed must still stand on a page.
    """

    def __init__(self, status: int, messages: list[str], shown: str) -> None:
        super().__init__(f"{status}: {messages}")
        self.status = status
        self.messages = messages
        self.shown = shown

    def says(self, words: str) -> bool:
        """Say whether a message holds these words."""
        return any(words in message for message in self.messages)


class Clash(Exception):
    """Somebody else was quicker; both texts are shown."""

    def __init__(self, *, theirs: str, yours: str) -> None:
        super().__init__("somebody else was quicker")
        self.theirs = theirs
        self.yours = yours
