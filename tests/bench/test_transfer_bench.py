"""The benchmark of moves, tiny: it is whole, and counts what the move kept."""

import json
import os
import subprocess
import sys

import pytest
from surroundings import ROOT
from tidying import is_tidy

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("bench")]


def test_it_moves_a_file_whole_and_none_of_a_dirty_one(engine_name, postgres, tmp_path):
    if engine_name != "postgresql":
        pytest.skip("a move goes to PostgreSQL")
    program = ROOT / "bench" / "transfer"
    done = subprocess.run(
        [sys.executable, str(program), "--rows", "5000", "--rounds", "1", "--only-ours", "--json"],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    cost = result["ways"]["flask transfer"]
    assert cost["rows"] == result["setting"]["rows"] == 4_999
    assert 0 < cost["copy_seconds"] < cost["seconds"]
    assert cost["mb"] < 120
    kept = result["kept"]["flask transfer"]
    assert kept["CHECK constraints"][1] > 100
    assert all(there == wanted for there, wanted in kept.values())
    ends = [end["flask transfer"] for end in result["dirty"]["ends"]]
    assert [(end["exit_code"], end["rows"]) for end in ends] == [(4, 0)] * 3
    assert list(tmp_path.iterdir()) == []
    assert is_tidy(postgres)
