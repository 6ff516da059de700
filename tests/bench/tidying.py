"""How a benchmark is tried, and whether it left something behind."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from surroundings import ROOT

LEFT = "SELECT count(*) FROM pg_database WHERE starts_with(datname, 'bench_')"


def is_tidy(postgres) -> bool:
    """Whether no database of a benchmark is left, also of one that was stopped and is still tidying up."""
    for _ in range(600):
        if not postgres.run(LEFT):
            return True
        time.sleep(0.1)
    return False


def result_of(name: str, *words: str, folder: Path) -> dict[str, Any]:
    """What a benchmark says, which leaves nothing in the folder that it works in."""
    command = [sys.executable, str(ROOT / "bench" / name), *words, "--json"]
    environ = {**os.environ, "TMPDIR": str(folder)}
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, env=environ)
    assert done.returncode == 0, done.stderr
    assert list(folder.iterdir()) == []
    return json.loads(done.stdout)
