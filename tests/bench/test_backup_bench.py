"""The benchmark of backups, tiny: it is whole, and compares like with like."""

import pytest
from tidying import is_tidy, result_of

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("bench")]


def test_it_compares_a_backup_step_by_step_with_a_plain_dump(engine_name, postgres, tmp_path):
    if engine_name != "postgresql":
        pytest.skip("the benchmark is of PostgreSQL")
    result = result_of("backup", "--rows", "5000", folder=tmp_path)
    assert result["setting"]["entries"] == 12 * (365 + 13 * 30)
    plain, *ours = result["steps"].values()
    assert list(result["steps"])[1:] == ["stored", "readable", "proven"]
    assert plain["mb"] > 0
    assert ours[0]["seconds"] <= ours[1]["seconds"] <= ours[2]["seconds"]
    assert is_tidy(postgres)
