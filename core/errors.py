"""The few ways a request can fail, each named by what it means to the person."""

from __future__ import annotations


class ConferError(Exception):
    """Any failure the doors turn into a page or a problem document."""


class NotFound(ConferError):
    """Nothing here, or nothing this person may know of: the two read the same."""


class NotAllowed(ConferError):
    """The person is known and may not do this; the sentence says whom to ask."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class StepUpNeeded(ConferError):
    """The password is to be asked again before this is allowed."""


class SignInNeeded(ConferError):
    """A form was sent and the session had ended: sign in first, keep what was typed."""


class Refused(ConferError):
    """A rule of the field or of the form says no; ``why`` says what to do instead."""

    def __init__(self, rule: str, why: str) -> None:
        super().__init__(f"{rule}: {why}")
        self.rule = rule
        self.why = why


class Conflict(ConferError):
    """Somebody else changed this since it was opened; both texts are kept.

    Args:
        theirs: what stands in the database now.
        yours: what this person typed.
    """

    def __init__(
        self, why: str, *, theirs: dict[str, str] | None = None, yours: dict[str, str] | None = None
    ) -> None:
        super().__init__(why)
        self.why = why
        self.theirs = theirs or {}
        self.yours = yours or {}
