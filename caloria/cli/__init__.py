"""The commands: arguments, one call of an operation or model, what happened in words, an exit status."""

from flask import Flask

from caloria.cli import database, db, demo, foods, gate, users


def init_app(app: Flask) -> None:
    for part in (database, foods, users, demo):
        app.cli.add_command(part.group)
    db.init_app(app)
    gate.protect(app)
