"""The benchmark of moves, tiny: it is whole, and counts what the move kept."""

import pytest
from tidying import is_tidy, result_of

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("bench")]


def test_it_moves_a_file_whole_and_none_of_a_dirty_one(engine_name, postgres, tmp_path):
    if engine_name != "postgresql":
        pytest.skip("a move goes to PostgreSQL")
    result = result_of("transfer", "--rows", "5000", "--rounds", "1", "--only-ours", folder=tmp_path)
    cost = result["ways"]["flask transfer"]
    assert cost["rows"] == result["setting"]["rows"] == 4_999
    assert 0 < cost["copy_seconds"] < cost["seconds"]
    assert cost["mb"] < 120
    kept = result["kept"]["flask transfer"]
    assert kept["CHECK constraints"][1] > 100
    assert all(there == wanted for there, wanted in kept.values())
    ends = [end["flask transfer"] for end in result["dirty"]["ends"]]
    assert [(end["exit_code"], end["rows"]) for end in ends] == [(4, 0)] * 3
    assert is_tidy(postgres)
