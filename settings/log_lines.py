"""How a line of the log looks: JSON for whoever collects logs, or bare text for a terminal.

What people wrote stands in neither. An exception's own text may repeat it, and so may what another library
says, or Python itself: of the first the class and the frames are told, of the others the words that are not
filled in, or the place.
"""

import json
import logging
import sys
import threading
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from traceback import walk_tb
from types import TracebackType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
MOST_FRAMES, MOST_ERRORS = 40, 5
log = logging.getLogger("caloria")


def described(error: BaseException | None) -> list[dict[str, Any]]:
    """What went wrong and where, the last error first: classes and frames, no values."""
    return [each_described(each) for each in chain(error)]


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error and those that led to it."""
    for _ in range(MOST_ERRORS):
        if error is None:
            return
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def each_described(error: BaseException) -> dict[str, Any]:
    kind = type(error)
    said = {"class": f"{kind.__module__}.{kind.__qualname__}", "frames": frames(error.__traceback__)}
    sqlstate = getattr(error, "pgcode", None)
    return said | ({"sqlstate": sqlstate} if sqlstate else {})


def frames(traceback: TracebackType | None) -> list[str]:
    return [f"{file}:{line} {function}" for file, line, function in steps(traceback)]


def steps(traceback: TracebackType | None) -> list[tuple[str, int, str]]:
    """File, line and function of where it happened, the innermost last; of a long way its last part."""
    way = list(walk_tb(traceback))[-MOST_FRAMES:]
    return [(shortened(frame.f_code.co_filename), line, frame.f_code.co_name) for frame, line in way]


def shortened(path: str) -> str:
    return path.removeprefix(f"{ROOT}/").rpartition("/site-packages/")[2]


def worded(record: logging.LogRecord) -> str:
    """What a record says; of what others say, the texts that were filled in are left out."""
    if tells_of_no_request(record):
        return record.getMessage()
    if not isinstance(record.msg, str):
        return type(record.msg).__name__
    if not record.args:
        return fixed_words(record)
    return unfilled(record)


def tells_of_no_request(record: logging.LogRecord) -> bool:
    """Whether it is a line of ours, or one of gunicorn's about its own processes."""
    is_gunicorns = record.name == "gunicorn.error" and record.levelno == logging.INFO
    return is_gunicorns or record.name.partition(".")[0] == "caloria"


def fixed_words(record: logging.LogRecord) -> str:
    """What gunicorn complains of; of others where it is said, for values may be in their words already."""
    if record.name == "gunicorn.error" and record.levelno > logging.INFO:
        return record.msg.partition(" from ip=")[0]
    return f"{shortened(record.pathname)}:{record.lineno} {record.funcName}"


def unfilled(record: logging.LogRecord) -> str:
    """The words with the numbers, and without the texts."""
    words = record.msg.partition(" from ip=")[0]
    filled = record.args if isinstance(record.args, tuple) else ()
    try:
        return words % tuple(each if isinstance(each, (int, float)) else "…" for each in filled)
    except (TypeError, ValueError):
        return words


def errors_of(record: logging.LogRecord) -> list[dict[str, Any]]:
    said = getattr(record, "errors", None)
    return said or described(record.exc_info[1] if record.exc_info else None)


class JsonLines(logging.Formatter):
    """One object a line. A record may bring `facts`, and `errors` that are described already."""

    def __init__(self, server: str):
        super().__init__()
        self.server = server

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, Any] = {"time": at.replace("+00:00", "Z"), "level": record.levelname}
        if record.name != "caloria.request_log":
            line |= {"logger": record.name, "message": worded(record)}
        line |= getattr(record, "facts", {})
        if errors := errors_of(record):
            line["errors"] = errors
        return json.dumps(line | {"server": self.server, "process": record.process}, ensure_ascii=False)


class TextLines(logging.Formatter):
    """The words alone. A developer also sees what an exception says; an operator where it happened."""

    def __init__(self, shows_values: bool):
        super().__init__()
        self.shows_values = shows_values

    def format(self, record: logging.LogRecord) -> str:
        if self.shows_values:
            return super().format(record)
        lines = [worded(record)]
        for error in errors_of(record):
            lines += [f"  {error['class']}", *(f"    {frame}" for frame in error["frames"])]
        return "\n".join(lines)


class ToStderr(logging.StreamHandler):
    """Writes to what is the standard error at the time."""

    def __init__(self, formatter: logging.Formatter):
        logging.Handler.__init__(self)
        self.setFormatter(formatter)
        self.addFilter(is_no_address)

    @property
    def stream(self) -> Any:
        return sys.stderr


def is_no_address(record: logging.LogRecord) -> bool:
    """Not one of werkzeug's lines, which name the visitor and the whole address of each request."""
    return record.name != "werkzeug" or " - - [" not in record.getMessage()


def shows_values(config: Any) -> bool:
    """Whether a developer reads this, to whom everything is told."""
    return config.log_format == "text" and not config.deployed


def formatter(config: Any) -> logging.Formatter:
    """How the lines of this process look."""
    return JsonLines(config.server) if config.log_format == "json" else TextLines(shows_values(config))


def configure(config: Any) -> None:
    """Have everything that is logged in this process written as was asked for."""
    root = logging.getLogger()
    for handler in [each for each in root.handlers if isinstance(each, ToStderr)]:
        root.removeHandler(handler)
    root.addHandler(ToStderr(formatter(config)))
    root.setLevel(max(logging.WARNING, logging.getLevelName(config.log_level)))
    log.setLevel(config.log_level)
    if not shows_values(config):
        speak_for_python()


def speak_for_python() -> None:
    """Have what Python itself would print, with every value, told as a line of the log."""
    sys.excepthook = note_the_end
    threading.excepthook = note_the_end_of_a_thread
    sys.unraisablehook = note_what_nobody_caught
    warnings.showwarning = note_a_warning
    # It would print the values of a line that cannot be written.
    logging.raiseExceptions = False


def note_the_end(kind: type, error: BaseException, traceback: TracebackType | None) -> None:
    """Say what ended this process, without what it was about."""
    if isinstance(error, KeyboardInterrupt):
        sys.__excepthook__(kind, error, traceback)
    else:
        log.critical("This process ended by an error", extra={"errors": described(error)})


def note_the_end_of_a_thread(what: Any) -> None:
    log.critical("A thread ended by an error", extra={"errors": described(what.exc_value)})


def note_what_nobody_caught(what: Any) -> None:
    log.error("An error was left behind", extra={"errors": described(what.exc_value)})


def note_a_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: Any = None,
    line: Any = None,
) -> None:
    log.warning("%s at %s:%d", category.__name__, shortened(filename), lineno)
