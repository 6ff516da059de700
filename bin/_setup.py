"""Python and the virtual environment, for bin/dev, bin/test and bin/postgres.

All files here parse on Python 3.6, so that an old Python can say that it is too old.
"""

import contextlib
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
VENV = pathlib.Path(os.environ.get("CALORIA_VENV") or ROOT / ".venv").absolute()
# Never a script of .venv/bin: their first lines break when the folder moves.
PYTHON = VENV / "bin" / "python"
INSTALLING = VENV / ".installing"
COMMAND = f"bin/{pathlib.Path(sys.argv[0]).name}"
VERBOSE = "--verbose" in sys.argv
OLDEST_PYTHON = (3, 11)
NO_NETWORK = re.compile(
    "NewConnectionError|ConnectTimeoutError|NameResolutionError|ProxyError|SSLError|ReadTimeout|Max retries|"
    "connection broken|Temporary failure in name|Network is unreachable|No route to host|Could not fetch URL"
)


def say(sentence):
    print(sentence, flush=True)


def stop(sentence, status=1):
    """End with one sentence that says what is wrong and what mends it."""
    print(sentence, file=sys.stderr, flush=True)
    sys.exit(status)


def read(path):
    return path.read_text(errors="replace") if path.is_file() else None


# Python itself


def require_python():
    """Continue on a Python that Caloria runs on, on another one of this machine if need be."""
    if os.name == "nt":
        stop(f"Caloria runs on Linux and macOS; on Windows run {COMMAND} inside WSL.")
    if sys.version_info >= OLDEST_PYTHON:
        return
    newer = newer_python()
    if newer:
        os.execv(newer, [newer, *sys.argv])  # noqa: S606
    stop(
        f"Caloria needs Python 3.11 or newer, this is {sys.version.split()[0]}: install one (Ubuntu 22.04: "
        "sudo apt install python3.11-venv; newer Ubuntu, Debian 12 and newer: sudo apt install python3-venv; "
        f"macOS: brew install python@3.13) and run {COMMAND} again."
    )


def newer_python():
    """Find a newer Python on the PATH, which may name an older one python3."""
    question = f"import sys; sys.exit(sys.version_info < {OLDEST_PYTHON})"
    for name in ("python3.14", "python3.13", "python3.12", "python3.11"):
        path = shutil.which(name)
        if path and subprocess.call([path, "-c", question], stderr=subprocess.DEVNULL) == 0:
            return path
    return None


def require_modules():
    """Refuse a Python that cannot make a virtual environment or was built incomplete."""
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        sudo = "" if os.geteuid() == 0 else "sudo "
        cure = f"install the venv package of your system for Python {version}"
        if shutil.which("apt-get"):
            cure = f"run: {sudo}apt update && {sudo}apt install python{version}-venv"
        stop(f"Python {version} here lacks the module that makes virtual environments; {cure}")
    try:
        import sqlite3  # noqa: F401
        import ssl  # noqa: F401
    except ImportError as error:
        stop(f"The Python at {sys.executable} was built without {error.name}; use another one from 3.11 on.")


def require_writable(*paths):
    """Refuse a checkout that cannot be written to."""
    for path in (ROOT, *paths):
        if path.exists() and not os.access(path, os.W_OK):
            stop(f"{path} cannot be written to; run: sudo chown -R $(id -un) '{path}'")


# The virtual environment


def install(*names):
    """Bring the virtual environment to these requirements files; a failure leaves no half of one."""
    with only_one_installs():
        if is_installed(names):
            return
        fresh = is_broken()
        if fresh:
            require_modules()
            require_place()
        say(f"Installing {' and '.join(names)} in {VENV} ...")
        try:
            if fresh:
                make_venv()
            pip_install(names)
        except BaseException:
            if fresh:
                shutil.rmtree(VENV, ignore_errors=True)
            raise
        for name in names:
            stamp(name).write_text(seal(name, venv_version()))
        INSTALLING.unlink()


@contextlib.contextmanager
def only_one_installs():
    """Hold a lock on the folder itself, so that not even a lock file is written."""
    import fcntl  # Windows, which has none, got its sentence before

    require_writable()
    VENV.parent.mkdir(parents=True, exist_ok=True)
    folder = os.open(VENV.parent, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # a file system without locks
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def is_installed(names):
    version = None if INSTALLING.exists() else venv_version()
    return bool(version) and all(read(stamp(name)) == seal(name, version) for name in names)


def is_broken():
    """Whether a new virtual environment is due: none, half of one, or one whose Python has gone."""
    return INSTALLING.exists() or not venv_version()


def venv_version():
    """Ask the virtual environment's Python for its version; None where it does not run."""
    question = "import pip, sys; print(sys.version)"
    with contextlib.suppress(OSError):
        answer = subprocess.run([PYTHON, "-c", question], capture_output=True, text=True)
        return answer.stdout.strip() or None
    return None


def stamp(name):
    return VENV / f".installed-{name}"


def seal(name, version):
    return f"{version} {hashlib.sha256((ROOT / name).read_bytes()).hexdigest()}"


def require_place():
    if VENV.exists() and not INSTALLING.exists() and not (VENV / "pyvenv.cfg").exists():
        stop(f"{VENV} is in the way: it is no virtual environment. Move it and run {COMMAND} again.")
    require_writable(VENV.parent)


def make_venv():
    shutil.rmtree(VENV, ignore_errors=True)
    VENV.mkdir(parents=True)
    INSTALLING.touch()
    # This Python may be that of a virtual environment, even of the one just removed.
    python = getattr(sys, "_base_executable", None) or sys.executable
    if subprocess.run([python, "-m", "venv", VENV]).returncode:
        stop(f"The virtual environment {VENV} cannot be made; see above.")


def pip_install(names):
    """Run pip with its progress in view and its complaints put into one sentence."""
    INSTALLING.touch()
    command = [PYTHON, "-m", "pip", "install", "--no-input", "--retries", "2"]
    command += [] if sys.stdout.isatty() or VERBOSE else ["--quiet"]
    for name in names:
        command += ["-r", ROOT / name]
    with tempfile.TemporaryDirectory() as folder:
        log = pathlib.Path(folder, "log")
        failed = subprocess.run(
            [*command, "--log", log],
            env=dict(os.environ, PIP_USER="0", PIP_DISABLE_PIP_VERSION_CHECK="1"),
            stderr=None if VERBOSE else subprocess.DEVNULL,
        ).returncode
        if failed:
            explain_pip(read(log) or "")


def explain_pip(log):
    if "Installing collected packages" not in log:
        INSTALLING.unlink()  # pip has changed nothing
    again = f"run {COMMAND} again (with --verbose to see all that pip says)"
    if NO_NETWORK.search(log):
        stop(
            "The packages cannot be fetched, the network or the package index does not answer: connect "
            f"(or tell pip your proxy) and {again}."
        )
    said = re.findall(r"ERROR: (.+)", log) or ["nothing"]
    stop(f"The packages cannot be installed, pip says: {said[0]} Mend that and {again}.")
