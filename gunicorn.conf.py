"""How gunicorn serves Caloria; read without -c by a gunicorn that is started in this folder."""

import gc
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from gunicorn.errors import HaltServer
from gunicorn.glogging import Logger

ROOT = Path(__file__).resolve().parent
# A page makes some thousands, nearly all of which go by themselves.
OBJECTS_BETWEEN_LOOKS = 20_000
FIGURES = "PROMETHEUS_MULTIPROC_DIR"
MODULES_BEFORE = set(sys.modules)
sys.path.insert(0, str(ROOT))

from config import Config  # noqa: E402
from settings import log_lines  # noqa: E402

told = Config.load()
lines = None if log_lines.shows_values(told) else log_lines.formatter(told)
# The workers inherit what is imported here: after a reload they are to run the code that then lies here.
for name in set(sys.modules) - MODULES_BEFORE:
    if name == "config" or name.partition(".")[0] == "settings":
        del sys.modules[name]

# Where systemd hands over a socket (deploy/caloria.socket), gunicorn takes that, and does not bind another.
bind = f"127.0.0.1:{told.port}"
workers = told.web_concurrency
# A few clients that send slowly hold every thread: what stands in front receives the whole of a request.
worker_class = "gthread"
threads = 4
timeout = 30
graceful_timeout = 30
keepalive = 5
# At DEBUG gunicorn tells addresses of pages, and what it was sent: even cookies.
loglevel = told.log_level.lower().replace("debug", "info")
# Addresses of the pages say which days a person kept: off unless asked for with --access-logfile -
accesslog = None


class Lines(Logger):
    """gunicorn's own lines in the format of all others; its errors would name addresses of pages."""

    def setup(self, cfg):
        super().setup(cfg)
        for handler in self.error_log.handlers if lines else ():
            handler.setFormatter(lines)


logger_class = Lines
# gunicorn would open a socket in the home directory, for which two servers would fight.
control_socket_disable = True


def on_starting(server):
    """Ask before the socket is bound; a worker never asks."""
    mark_as_master()
    code = ask()
    if code:
        if server.pidfile:
            server.pidfile.unlink()
        sys.exit(code)
    make_place_for_figures(server.log)


def on_reload(server):
    """Ask again, of the configuration and the code that are there now."""
    mark_as_master()
    code = ask()
    if code:
        raise HaltServer("the guard refuses this start", code)


def post_worker_init(worker):
    """Have the worker not wait for ever for its database, and say there that this server writes there."""
    leave_the_app_alone()
    worker.wsgi.extensions["caloria_patience"].begin(worker.cfg.threads)
    worker.wsgi.extensions["caloria_heartbeat"].start()


def leave_the_app_alone():
    """Have Python look for garbage among what requests make: seldom, and not in the app, which stays."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS_BETWEEN_LOOKS, *gc.get_threshold()[1:])


def child_exit(_server, worker):
    """What a worker held counts no longer once it has gone; what it counted stays."""
    if folder := os.environ.get(FIGURES):
        for file in Path(folder).glob(f"gauge_live*_{worker.pid}.db"):
            file.unlink(missing_ok=True)


def on_exit(_server):
    if folder := os.environ.get(FIGURES):
        shutil.rmtree(folder, ignore_errors=True)


def make_place_for_figures(log):
    """Give the workers a folder to count in that is theirs alone: new, whatever this process inherited."""
    os.environ.pop(FIGURES, None)
    try:
        os.environ[FIGURES] = tempfile.mkdtemp(prefix="caloria-metrics-")
    except OSError:
        log.warning("No folder for temporary files: each worker counts for itself alone")


def mark_as_master():
    """Tell the workers that this process asks for them, and since when it serves."""
    os.environ["CALORIA_GUARDED_BY"] = str(os.getpid())
    os.environ["CALORIA_BOOTED_AT"] = datetime.now(UTC).isoformat()


def ask():
    """The guard's exit code, from a process of its own, so that the master imports none of the app."""
    # It counts nothing.
    environ = {name: value for name, value in os.environ.items() if name != FIGURES}
    told_so = {"cwd": ROOT, "env": environ, "check": False}
    code = subprocess.run([sys.executable, "-m", "caloria.guard"], **told_so).returncode
    return code if code >= 0 else 70


mark_as_master()
