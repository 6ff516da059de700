"""Numbers are read many at once, and no other than one by one."""

import math

import pytest

from caloria.operations.transfer.failure import Unfit
from caloria.operations.transfer.tables import Column
from caloria.operations.transfer.values import kind_of, read_double, read_doubles

NUMBERS = [0.0, -0.0, 0.1 + 0.2, 5e-324, 1.7976931348623157e308, 1e16, 1e-5, 100.0, math.pi]


@pytest.fixture
def amount():
    from sqlalchemy import Double

    return Column("fat_g", kind_of(Double()), nullable=True)


def test_numbers_are_read_alike_at_once_and_one_by_one():
    assert list(zip(*read_doubles(NUMBERS), strict=True)) == [read_double(each) for each in NUMBERS]


def test_gaps_stay_where_they_are(amount):
    read = amount.read_all([None, 2.5, None, -0.0])
    assert read.copied == ["\\N", "2.5", "\\N", "-0.0"]
    assert read.canonical == ["-", "4004000000000000", "-", "0000000000000000"]


def test_one_that_is_no_number_is_told_among_many(amount):
    for wrong, why in (
        (math.inf, "infinite"),
        (b"2.5", "a blob where a number belongs"),
        (2**53 + 1, "digits"),
    ):
        with pytest.raises(Unfit, match=why):
            amount.read_all([1.0, None, wrong])
