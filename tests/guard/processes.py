"""Real starts: the ways in which Caloria is started, and what came of it."""

import os
import shlex
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import forked
from ports import free_port

KEY = "0123456789-abcdefghijklmnopqrstuvwxyz"
FROM_PYTHON = """
import sys
from caloria import create_app
from caloria.guard import StartupRefused
try:
    create_app()
except StartupRefused as refused:
    print(refused, file=sys.stderr)
    sys.exit(refused.exit_code)
"""
WAYS = {
    "flask run": ("-m", "flask", "run", "--port", "{port}"),
    "a command": ("-m", "flask", "users", "create", "--email", "a@b.c"),
    "gunicorn": ("-m", "gunicorn", "wsgi:app", "--bind", "127.0.0.1:{port}"),
    "gunicorn --preload": ("-m", "gunicorn", "wsgi:app", "--preload", "--bind", "127.0.0.1:{port}"),
    "create_app()": ("-c", FROM_PYTHON),
    "a cron line": ("sh", "-c", "cd {folder} && {python} -m flask users create --email a@b.c"),
}
SERVERS = ("flask run", "gunicorn", "gunicorn --preload")
KEPT = ("PATH", "HOME", "LANG", "TMPDIR")


def told(url: str | None, environment: str = "test", **more: str) -> dict[str, str]:
    said = {"CALORIA_ENV": environment, "DATABASE_URL": url, "SECRET_KEY": KEY, "TRUSTED_HOSTS": "localhost"}
    return {name: text for name, text in {**said, **more}.items() if text is not None}


@dataclass
class Outcome:
    exit_code: int
    output: str
    listened: bool


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def open_process(arguments, folder: Path, port: int, environ: dict[str, str], real=False) -> subprocess.Popen:
    is_cron = arguments[0] == "sh"  # which starts elsewhere, and knows next to nothing
    kept = {name: os.environ[name] for name in (["PATH"] if is_cron else KEPT) if name in os.environ}
    known = {"{port}": str(port), "{folder}": shlex.quote(str(folder)), "{python}": sys.executable}
    for name, value in known.items():
        arguments = [word.replace(name, value) for word in arguments]
    pipes = {
        "stdin": subprocess.DEVNULL,
        "stdout": subprocess.PIPE,
        "stderr": subprocess.STDOUT,
        "text": True,
    }
    if is_cron or real:  # real: an interpreter of its own, with the command line that others see
        words = arguments if is_cron else [sys.executable, *arguments]
        return subprocess.Popen(words, cwd="/" if is_cron else folder, env={**kept, **environ}, **pipes)
    return forked.start(arguments, folder, {**kept, **environ}, **pipes)


def start(arguments, folder: Path, environ: dict[str, str], patience: float = 60) -> Outcome:
    """Start a process that should end by itself, and watch whether it ever listens."""
    port, give_up, listened = free_port(), time.monotonic() + patience, False
    process = open_process(arguments, folder, port, environ)
    try:
        while process.poll() is None and time.monotonic() < give_up:
            listened = listened or listens(port)
            time.sleep(0.05)
        assert process.poll() is not None, "it did not end"
        return Outcome(process.returncode, process.communicate()[0], listened)
    finally:
        stop(process)


def stop(process: subprocess.Popen) -> str:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        return process.communicate(timeout=40)[0]
    except subprocess.TimeoutExpired:
        process.kill()
        return process.communicate()[0]
