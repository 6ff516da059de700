"""The benchmark of a morning, tiny: every kind of request is answered, and what was logged is stored."""

import pytest
from tidying import is_tidy, result_of

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("bench")]
TINY = ("--people", "8", "--rounds", "1", "--seconds", "0.3", "--soak", "0")


def test_it_loads_the_app_with_everything_that_people_do_in_the_morning(engine_name, postgres, tmp_path):
    if engine_name != "postgresql":
        pytest.skip("the benchmark is of PostgreSQL")
    found = result_of("load", *TINY, folder=tmp_path)
    assert [level["connections"] for level in found["levels"]] == [1, 8, 32, 128]
    assert {kind for level in found["levels"] for kind in level["kinds"]} == {
        "day",
        "search",
        "log",
        "look back",
    }
    assert found["acknowledged"] > 0
    assert is_tidy(postgres)
