"""When a mail that could not be handed on is tried again, and when a person must ring."""

from datetime import datetime, timedelta

STEPS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 20, 40, 60, 120, 180, 240))
GIVE_UP_AFTER = timedelta(hours=72)
UPDATES_AT_ONCE = 2
UPDATE_WINDOW = timedelta(minutes=10)


def next_try(
    attempts: int, *, first_at: datetime, expires_at: datetime, now: datetime, jitter: float
) -> datetime | None:
    """Return when to try again, or None when nobody tries any more.

    Args:
        attempts: tries made so far, 1 or more.
        first_at: when the mail was written.
        now: aware instant of the failed try.
        expires_at: after this the mail is of no use, for example the start of the meeting.
        jitter: from 0 to 1, spreads the tries of many mails over half a step.

    Source: RFC 5321 4.5.4.1 (retry with growing delay; give up after days); 72 hours and the
    steps are local.
    """
    last = min(first_at + GIVE_UP_AFTER, expires_at)
    step = STEPS[min(max(attempts, 1), len(STEPS)) - 1]
    at = now + step * (0.75 + jitter / 2)
    if at <= last:
        return at
    # One more try at the very end, unless it would come before a minute has passed.
    return last if last - now >= STEPS[0] else None


def update_not_before(earlier: list[datetime], *, now: datetime) -> datetime:
    """Return when an update may leave: two at once, further ones wait for ten minutes.

    While it waits a newer update takes its place, so fifty edits are not fifty mails.

    Args:
        earlier: when mails on the same matter to the same addressee were handed on.
        now: aware instant.

    Source: local standard, guard against a storm of invitations.
    """
    recent = sorted(at for at in earlier if now - at < UPDATE_WINDOW)
    if len(recent) < UPDATES_AT_ONCE:
        return now
    return recent[-UPDATES_AT_ONCE] + UPDATE_WINDOW
