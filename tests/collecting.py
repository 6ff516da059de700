"""Which tests run in which process, and for which engine."""

from inspect import signature
from pathlib import Path

from _pytest.nodeid import NodeId
from surroundings import ROOT


def keep_together(items) -> None:
    """Leave to one process the tests of a group, and those of a file that share what takes long to make.

    xdist 3.8 gives out the tests by what stands behind the @ of a name, and writes it where pytest 9.2 does
    not read it: https://github.com/pytest-dev/pytest-xdist/issues/1386
    """
    for item in items:
        groups = {mark.args[0] for mark in item.iter_markers("xdist_group")}
        if groups or shares(item):
            item._id = NodeId.parse(f"{item.nodeid}@{' '.join(groups) or item.path.stem}")


def shares(item) -> bool:
    """Whether it has something that is made once for its file."""
    made = item._fixtureinfo.name2fixturedefs.values()
    return any(fixture.scope == "module" for each in made for fixture in each)


def asks_for_engine(item) -> bool:
    """Whether it may come to know the engine; who has `request` may ask for anything."""
    return "engine_name" in item.fixturenames or "request" in signature(item.function).parameters


def is_in(item, folders: list[Path]) -> bool:
    return any(item.path.is_relative_to(ROOT / folder) for folder in folders)
