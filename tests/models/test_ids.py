import time
from uuid import RFC_4122

from caloria.models.ids import new_id


def test_an_id_is_a_uuid_of_version_7_that_says_when_it_was_made():
    before = time.time_ns() // 1_000_000
    made = new_id()
    after = time.time_ns() // 1_000_000

    assert (made.version, made.variant) == (7, RFC_4122)
    assert before <= made.int >> 80 <= after


def test_later_ids_sort_after_earlier_ones():
    ids = []
    for _ in range(5):
        ids.append(new_id())
        time.sleep(0.002)

    assert sorted(ids, key=str) == ids


def test_ids_of_the_same_moment_differ():
    assert len({new_id() for _ in range(20_000)}) == 20_000


def test_ids_made_one_after_the_other_are_in_order():
    made = [new_id() for _ in range(2000)]

    assert made == sorted(set(made))
