"""The benchmark of searching, small: it is whole, and every way is asked the same."""

import pytest
from tidying import is_tidy, result_of

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("bench")]


def test_it_compares_searching_with_ilike_and_trigrams(engine_name, postgres, tmp_path):
    if engine_name != "postgresql":
        pytest.skip("the benchmark is of PostgreSQL")
    small = ("--foods", "5000", "--products", "2000", "--texts", "20", "--rounds", "1")
    result = result_of("food_search", *small, folder=tmp_path)

    ours, *others = result["ways"].values()
    assert len(others) == 3
    assert list(ours) == ["three letters", "common", "mid", "rare", "misspelt", "two words"]
    assert all(list(other) == list(ours) for other in others)
    assert {of["found"] for kind, of in ours.items() if kind != "misspelt"} == {1.0}
    assert max(of["statements"] for kind, of in ours.items() if kind != "misspelt") == 2
    assert ours["misspelt"]["statements"] == 3
    assert all(of["mb"] > 0 for of in result["indexes"].values())
    assert is_tidy(postgres)
