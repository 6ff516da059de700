"""A program from which others fork, each with the libraries that this one has imported already.

python forkserver.py SOCKET MODULE...   it ends when its standard input does
"""

import fcntl
import gc
import importlib
import json
import os
import runpy
import selectors
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path
from types import ModuleType

SIZE = 8
ABOVE_ALL_WANTED = 100


def begin(path: str, modules: list[str]) -> dict:
    """Import, listen and fork; comes back in each process that has forked, with what it is to run."""
    sys.path.insert(0, os.getcwd())
    for name in modules:
        importlib.import_module(name)
    sys.path.pop(0)
    gc.collect()
    gc.freeze()
    return Forks(path).serve()


class Forks:
    """Who listens, and whom to tell how each process ended."""

    def __init__(self, path: str):
        self.waiting, self.selector = {}, selectors.DefaultSelector()
        self.woken, self.waker = os.pipe()
        os.set_blocking(self.waker, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.set_wakeup_fd(self.waker)
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(f"{path}.new")
        self.listener.listen(64)
        os.rename(f"{path}.new", path)
        for source, answer in ((self.listener, self.accept), (self.woken, self.reap), (0, self.end)):
            self.selector.register(source, selectors.EVENT_READ, answer)

    def serve(self) -> dict:
        while True:
            for key, _ in self.selector.select():
                if request := key.data(key.fileobj):
                    return request

    def accept(self, _listener) -> dict | None:
        caller, _ = self.listener.accept()
        request, handed = receive(caller)
        pid = os.fork()
        if pid == 0:
            self.leave(caller)
            become(request, handed)
            return request
        for number in handed:
            os.close(number)
        self.waiting[pid] = caller
        caller.sendall(f"{pid}\n".encode())
        if request["tied"]:
            self.selector.register(caller, selectors.EVENT_READ, lambda _: self.kill(pid, caller))
        return None

    def leave(self, caller: socket.socket) -> None:
        """Be a process of its own: nothing of this one's is open, and signals do what they always do."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        self.selector.close()
        for each in (self.listener, caller, *self.waiting.values()):
            each.close()
        os.close(self.woken)
        os.close(self.waker)

    def kill(self, pid: int, caller: socket.socket) -> None:
        """End a process for which somebody stood who is gone."""
        self.selector.unregister(caller)
        if pid in self.waiting:
            os.kill(pid, signal.SIGKILL)

    def reap(self, _woken) -> None:
        os.read(self.woken, 1000)
        with suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                self.tell(*ended)

    def tell(self, pid: int, status: int) -> None:
        caller = self.waiting.pop(pid)
        with suppress(KeyError):
            self.selector.unregister(caller)
        with suppress(OSError), caller:
            caller.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())

    def end(self, _stdin) -> None:
        os._exit(0)


def receive(caller: socket.socket) -> tuple[dict, list[int]]:
    """What is to be run, and the files that are handed over with it."""
    head, handed, _, _ = socket.recv_fds(caller, SIZE, 16)
    size, text = int.from_bytes(head), b""
    while len(text) < size:
        text += caller.recv(size - len(text))
    return json.loads(text), handed


def become(request: dict, handed: list[int]) -> None:
    """Take on the files, the folder, the environment and the words of another process."""
    if request["session"]:
        os.setsid()
    keep = [fcntl.fcntl(number, fcntl.F_DUPFD_CLOEXEC, ABOVE_ALL_WANTED) for number in handed]
    for number, wanted in zip(keep, request["numbers"], strict=True):
        os.dup2(number, wanted)
    for number in {*handed, *keep} - {*request["numbers"]}:
        os.close(number)
    sys.stdin, sys.stdout = open(0, closefd=False), open(1, "w", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", buffering=1, errors="backslashreplace", closefd=False)  # noqa: SIM115
    sys.__stdin__, sys.__stdout__, sys.__stderr__ = sys.stdin, sys.stdout, sys.stderr
    os.environ.clear()
    os.environ.update(request["environ"])
    if request["activated"]:
        os.environ["LISTEN_PID"] = str(os.getpid())
    os.chdir(request["folder"])
    os.umask(request["umask"])
    if "tempfile" in sys.modules:
        sys.modules["tempfile"].tempdir = None  # it is looked for anew


def run(words: list[str]) -> None:
    """Do what `python` with these words does."""
    first, *rest = words
    here = str(Path(__file__).parent)
    sys.path[:] = [folder for folder in sys.path if folder != here]
    if first == "-m":
        sys.argv = rest
        sys.path.insert(0, os.getcwd())
        runpy.run_module(rest[0], run_name="__main__", alter_sys=True)
    elif first == "-c":
        sys.argv = ["-c", *rest[1:]]
        sys.path.insert(0, "")
        sys.modules["__main__"] = ModuleType("__main__")
        exec(compile(rest[0], "<string>", "exec"), vars(sys.modules["__main__"]))
    else:
        sys.argv = words
        sys.path.insert(0, str(Path(first).resolve().parent))
        runpy.run_path(first, run_name="__main__")


if __name__ == "__main__":
    request = begin(sys.argv[1], sys.argv[2:])
    run(request["words"])
