"""Every command of the app, beside those of Flask and of Flask-Migrate."""

from flask import Flask

from caloria.cli import (
    audit,
    backup,
    database,
    db,
    demo,
    doctor,
    foods,
    gate,
    jobs,
    subscriptions,
    transfer,
    users,
)


def add_to(app: Flask) -> None:
    for part in (audit, backup, database, foods, users, demo, jobs, subscriptions):
        app.cli.add_command(part.group)
    app.cli.add_command(doctor.doctor)
    app.cli.add_command(transfer.transfer_)
    db.init_app(app)
    gate.protect(app)
