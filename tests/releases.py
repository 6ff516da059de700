"""Releases as CHANGELOG.md names them, out of the repository's history."""

import re
import subprocess
from pathlib import Path

import pytest
from surroundings import ROOT

RELEASE = re.compile(r"^## (\S+) \(\d{4}-\d\d-\d\d, commit ([0-9a-f]{40})\)$", re.MULTILINE)


def the_one_before(folder: Path) -> Path:
    """Put the code of the previous release into a folder."""
    version, commit = RELEASE.search((ROOT / "CHANGELOG.md").read_text(encoding="utf-8")).groups()
    archive = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True)
    if archive.returncode:
        pytest.skip(f"the history of this checkout does not reach back to {version}")
    subprocess.run(["tar", "-x", "-C", folder], input=archive.stdout, check=True)
    return folder
