"""Tables in Markdown, and their place in docs/performance.md."""

import re

import _setup

PAGE = _setup.ROOT / "docs" / "performance.md"


def table(head, rows):
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def number(figure):
    if figure is None:
        return "-"
    return f"{figure:,.0f}" if figure >= 1000 or figure == int(figure) else f"{figure:,.1f}"


def write(name, text):
    """Put the tables of a benchmark where the page has its marks."""
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    inside = re.compile(f"{re.escape(begin)}.*{re.escape(end)}", re.DOTALL)
    PAGE.write_text(inside.sub(lambda _: f"{begin}\n{text}\n{end}", PAGE.read_text()))
