"""The commands: arguments, one call of an operation or model, what happened in words, an exit status."""

from importlib import import_module

import click
from flask import Flask
from flask.cli import AppGroup


class Commands(AppGroup):
    """The app's commands, imported once one is asked for: a server runs none, and is smaller by 5 MB."""

    def __init__(self, app: Flask):
        self.app, self.are_there = app, False
        super().__init__(name=app.cli.name, commands=dict(app.cli.commands))

    @property
    def commands(self) -> dict[str, click.Command]:
        if not self.are_there:
            self.are_there = True
            import_module("caloria.cli.commands").add_to(self.app)
        return self.known

    @commands.setter
    def commands(self, known: dict[str, click.Command]) -> None:
        self.known = known


def init_app(app: Flask) -> None:
    app.cli = Commands(app)
