"""What takes long ends when it is told to, whatever it is doing just then."""

import subprocess
import sys

from surroundings import ROOT

# The signal comes while Python clears an object away, which drops what is raised meanwhile.
TOLD_WHILE_CLEARING = """
import os, signal, sys, time
from caloria.operations.backup.stopping import stopping_in_order

class Thing:
    def __del__(self):
        os.kill(os.getpid(), getattr(signal, sys.argv[1]))

with stopping_in_order():
    try:
        Thing()
        time.sleep(20)
    finally:
        print("put away")
print("went on")
"""


def test_a_signal_that_python_drops_ends_it_all_the_same():
    for name, number in (("SIGTERM", 15), ("SIGHUP", 1)):
        words = [sys.executable, "-c", TOLD_WHILE_CLEARING, name]
        done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=120)
        assert (done.returncode, done.stdout, done.stderr) == (128 + number, "put away\n", "")
