"""The benchmark of backups, tiny: it is whole, and compares like with like."""

import json
import os
import subprocess
import sys

import pytest
from surroundings import ROOT
from tidying import is_tidy

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("bench")]


def test_it_compares_a_backup_step_by_step_with_a_plain_dump(engine_name, postgres, tmp_path):
    if engine_name != "postgresql":
        pytest.skip("the benchmark is of PostgreSQL")
    done = subprocess.run(
        [sys.executable, str(ROOT / "bench" / "backup"), "--rows", "5000", "--json"],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["setting"]["entries"] == 12 * (365 + 13 * 30)
    plain, *ours = result["steps"].values()
    assert list(result["steps"])[1:] == ["stored", "readable", "proven"]
    assert plain["mb"] > 0
    assert ours[0]["seconds"] <= ours[1]["seconds"] <= ours[2]["seconds"]
    assert list(tmp_path.iterdir()) == []
    assert is_tidy(postgres)
