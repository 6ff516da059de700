"""Ask every question and exit with the answer, in a process that leaves nothing behind."""

import gc
import sys

gc.disable()  # Looking for what can go takes a third of so short a life.

import caloria.models  # noqa: E402, F401  so that the metadata knows every table
from caloria import guard  # noqa: E402
from caloria.extensions import db  # noqa: E402
from config import Config  # noqa: E402
from settings import log_lines  # noqa: E402


def main() -> int:
    """Exit 0 when a start would go on."""
    config = Config.load()
    log_lines.configure(config)
    try:
        guard.require(config, db.metadata)
    except guard.StartupRefused as refused:
        refused.show()
        return refused.exit_code
    return 0


if __name__ == "__main__":
    code = main()
    gc.freeze()
    sys.exit(code)
