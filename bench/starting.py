"""How each benchmark begins: with the packages it needs, and on a PostgreSQL server."""

import importlib
import importlib.util
import os
import sys

import _process
import _setup


def run(name, description, waits_for_the_disk=False):
    """Have the module of this name read its arguments and measure; return the exit status."""
    _setup.require_python()
    if importlib.util.find_spec("flask_migrate") is None:
        _setup.install("requirements.txt")
        os.execv(_setup.PYTHON, [str(_setup.PYTHON), *sys.argv])
    benchmark = importlib.import_module(name)
    options = benchmark.arguments(description)
    if "TEST_POSTGRES_URL" not in os.environ:
        fast = [] if waits_for_the_disk else ["--fast"]
        postgres = [str(_setup.ROOT / "bin" / "postgres"), *fast, "--"]
        os.execv(sys.executable, [sys.executable, *postgres, sys.executable, *sys.argv])
    _process.stop_on_signals()
    return benchmark.run(options, os.environ["TEST_POSTGRES_URL"])
