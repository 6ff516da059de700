"""The summary is printed on one page, however long the range is."""

from datetime import timedelta

import pytest


def pages_of(pdf: bytes) -> int:
    """How many pages a PDF says that it has."""
    return pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ")


@pytest.mark.parametrize("days", [30, 3650])
def test_a_summary_is_one_page_of_paper(open_page, cookies_of, live, today, days):
    page = open_page(storage_state=cookies_of("demo"))
    page.goto(f"/trends/summary?from={today - timedelta(days=days)}")

    printed = page.pdf(format="A4")

    assert pages_of(printed) == 1
