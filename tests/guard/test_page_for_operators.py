"""docs/startup.md names every state, with the exit code that goes with it."""

import re
from pathlib import Path

from test_every_row import ROWS

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "startup.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (`[^|]+`) \| (\d\d) \|", re.MULTILINE)


def documented() -> dict[str, int]:
    rows = {
        state: int(code) for states, code in ROW.findall(PAGE) for state in re.findall(r"`(\w+)`", states)
    }
    return rows | {"check_failed": 70, "database_unnamed": 78}


def test_every_state_of_the_tests_is_on_the_page_with_its_code():
    tested = {row[2]: int(code) for row in ROWS if (code := row[-1]).isdecimal()}
    for file in Path(__file__).parent.glob("test_*.py"):
        for code, state in re.findall(r"\((\d\d), \"(\w+)\"\)", file.read_text(encoding="utf-8")):
            tested[state] = int(code)
    assert len(tested) > 25
    assert tested.items() <= documented().items()


def test_every_state_of_the_page_is_one_of_the_code():
    code = "".join(
        file.read_text(encoding="utf-8")
        for folder in ("caloria/guard", "settings")
        for file in (ROOT / folder).glob("*.py")
    ) + (ROOT / "config.py").read_text(encoding="utf-8")
    assert [state for state in documented() if f'"{state}"' not in code] == []
