"""What time it is, as the database's server has it.

Several servers judge when sessions, links in mails and throttles end. One whose own clock is wrong would end
all of them, or begin what ends in weeks: so each goes by the clock that they share.
"""

from datetime import UTC, datetime, timedelta

# Less is the way there and back, or what computers are commonly apart.
TOLERATED = timedelta(seconds=2)
_apart = timedelta()


def utc_now() -> datetime:
    """The present moment."""
    return datetime.now(UTC) + _apart


def agree(theirs: datetime, before: datetime, after: datetime) -> None:
    """Go by the database's clock, which said this at some moment between two of our own."""
    global _apart
    unsure = after - before
    apart = theirs - (before + unsure / 2)
    if abs(apart) > TOLERATED + unsure:
        _apart = apart
    elif unsure < TOLERATED:  # an answer that took long proves nothing
        _apart = timedelta()
