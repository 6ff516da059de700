"""A program that has a server of forks do what it was asked, and stands for that until its end."""

import json
import os
import signal
import socket
import sys

OPEN = [number for number in range(64) if os.path.exists(f"/dev/fd/{number}")]


def main(known: dict) -> None:
    # This interpreter itself says what characters are made of.
    if any(name.startswith(known["heeded"]) and name != "LC_CTYPE" for name in os.environ):
        os.execv(known["python"], [known["python"], *known["words"], *sys.argv[1:]])
    link = socket.socket(socket.AF_UNIX)
    link.connect(known["server"])
    os.umask(umask := os.umask(0))
    request = {
        "words": [*known["words"], *sys.argv[1:]],
        "folder": os.getcwd(),
        "environ": dict(os.environ),
        "session": False,
        "activated": False,
        "tied": True,
        "umask": umask,
        "numbers": OPEN,
    }
    text = json.dumps(request).encode()
    socket.send_fds(link, [len(text).to_bytes(8)], OPEN)
    link.sendall(text)
    said = link.makefile()
    pid = int(said.readline())
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda number, _frame: os.kill(pid, number))
    code = int(said.readline())
    if code < 0:
        signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    sys.exit(code)
