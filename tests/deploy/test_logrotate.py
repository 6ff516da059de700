"""The shipped logrotate file, with the logs of a process that goes on writing."""

import shutil
import subprocess

import pytest
from artefacts import DEPLOY, rewritten

LOGROTATE = shutil.which("logrotate", path="/usr/sbin:/usr/bin:/sbin")
pytestmark = pytest.mark.skipif(LOGROTATE is None, reason="there is no logrotate here")


def test_lines_go_on_in_an_empty_file_and_those_of_before_are_kept(tmp_path):
    # Whoever runs this cannot become the user whose logs they are.
    there = {"/var/log/caloria": str(tmp_path), "    su caloria caloria\n": ""}
    shipped = tmp_path / "caloria.logrotate"
    shipped.write_text(rewritten((DEPLOY / shipped.name).read_text(), there))
    shipped.chmod(0o644)
    with open(tmp_path / "web.log", "a") as log:
        for number in (1, 2, 3):
            log.write(f"line {number}\n")
            log.flush()
            rotate = [LOGROTATE, "--force", "--state", tmp_path / "state", shipped]
            done = subprocess.run(rotate, capture_output=True, text=True)
            assert (done.returncode, done.stderr) == (0, "")
        log.write("line 4\n")

    assert (tmp_path / "web.log").read_text() == "line 4\n"
    assert (tmp_path / "web.log.1").read_text() == "line 3\n"
    assert {path.name for path in tmp_path.glob("*.gz")} == {"web.log.2.gz", "web.log.3.gz"}
