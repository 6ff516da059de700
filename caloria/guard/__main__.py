"""Ask every question and exit with the answer, in a process that leaves nothing behind."""

import sys

import caloria.models  # noqa: F401  so that the metadata knows every table
from caloria import guard
from caloria.extensions import db
from config import Config


def main() -> int:
    """Exit 0 when a start would go on."""
    try:
        guard.require(Config.load(), db.metadata)
    except guard.StartupRefused as refused:
        refused.show()
        return refused.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
