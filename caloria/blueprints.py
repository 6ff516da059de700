"""Pages are found by the files that they stand in."""

from importlib import import_module
from pkgutil import iter_modules

from flask import Blueprint, Flask


def register(parent: Flask | Blueprint, package: str, folder: list[str]) -> None:
    """Have the blueprint of every module of a package served; a module without one helps the others."""
    for found in iter_modules(folder):
        view = import_module(f"{package}.{found.name}")
        if hasattr(view, "bp"):
            parent.register_blueprint(view.bp)
