"""Texts that an operator may write in place of ours: what happens with people's data, and what holds here.

A file is plain text: a line that begins with # is a heading, lines that begin with - are a list, an empty
line ends a paragraph, and an address of the web becomes a link. Nothing in it is taken for HTML.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from caloria.languages import FIRST

LINK = re.compile(r"(https?://[^\s<>]+[^\s<>.,;:!?)])")
LONGEST_BYTES = 200_000


class Block(NamedTuple):
    """A part of a text: a title, heading, list or paragraph; each of its lines is words and links in turn."""

    kind: str
    lines: list[list[str]]


def written(folder: Path, name: str, language: str) -> list[Block] | None:
    """What the operator wrote, in this language or else in the first; None where that is nothing."""
    for each in (language, FIRST):
        try:
            with (folder / f"{name}.{each}.txt").open("rb") as file:
                text = file.read(LONGEST_BYTES).decode("utf-8-sig", "replace")
        except OSError:
            continue
        if text.strip():
            return list(blocks(text))
    return None


def blocks(text: str) -> Iterator[Block]:
    """Take a text apart."""
    for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()):
        yield from _blocks_of(part.strip().splitlines())


def _blocks_of(lines: list[str]) -> Iterator[Block]:
    kind = _kind(lines[0])
    own = 1 if kind in ("title", "heading") else len(lines)
    same = next((place for place, line in enumerate(lines[:own]) if _kind(line) != kind), own)
    said = [LINK.split(line.lstrip("#- ").strip()) for line in lines[:same]]
    yield Block(kind, said)
    if lines[same:]:
        yield from _blocks_of(lines[same:])


def _kind(line: str) -> str:
    begun = {"# ": "title", "##": "heading", "- ": "list"}
    return begun.get(line[:2], "paragraph")
