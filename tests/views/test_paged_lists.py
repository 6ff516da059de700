"""A long list is read from row to row: nothing is left out or shown twice, and nothing is counted."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from sqlalchemy import select

from caloria.extensions import db
from caloria.models import AuditEvent
from caloria.models.paged import Paged

KEYS = (AuditEvent.at, AuditEvent.sequence)


@pytest.fixture
def ten_events(app):
    """Of the same moment, so that the moment alone puts them in no order."""
    at = datetime(2026, 11, 21, 8, tzinfo=UTC)
    for number in range(10):
        said = AuditEvent.values("test", f"thing {number}")
        db.session.add(AuditEvent(**{**said, "at": at}))
        db.session.flush()


def things(**more) -> Paged:
    asked = more.pop("asked", {})
    return Paged(select(AuditEvent).where(AuditEvent.act == "test"), KEYS, asked, shown=4, **more)


def numbers(paged: Paged) -> list[int]:
    return [int(row.object.split()[1]) for row in paged.rows]


@pytest.mark.parametrize("newest_first", [True, False])
def test_a_long_list_is_read_to_its_end_and_back(ten_events, newest_first):
    way, back = ("older", "newer") if newest_first else ("newer", "older")
    pages = [things(newest_first=newest_first)]
    while (key := getattr(pages[-1], way)) and len(pages) < 9:
        pages.append(things(newest_first=newest_first, asked={way: key}))

    read = [numbers(page) for page in pages]
    assert [number for page in read for number in page] == sorted(range(10), reverse=newest_first)
    assert getattr(pages[0], back) is None
    for earlier, later in pairwise(pages):
        again = things(newest_first=newest_first, asked={back: getattr(later, back)})
        assert numbers(again) == numbers(earlier)
        assert getattr(again, way)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "nonsense",
        "1~2~3",
        "2026-11-21~1",
        "2026-11-21T08:00:00+00:00~9e9",
        "0001-01-01T00:00:00+14:00~1",
        f"x~{2**64}",
    ],
)
def test_an_address_that_names_no_row_shows_the_beginning(ten_events, said):
    assert numbers(things(asked={"older": said, "newer": said})) == [9, 8, 7, 6]
