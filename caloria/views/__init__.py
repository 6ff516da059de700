"""The site map: every page of Caloria."""

from flask import Flask

from caloria.views import (
    account,
    admin,
    copies,
    diary,
    entries,
    foods,
    health,
    pages,
    passwords,
    sessions,
    signup,
    targets,
)


def init_app(app: Flask) -> None:
    for view in (
        pages,
        health,
        signup,
        sessions,
        passwords,
        account,
        targets,
        foods,
        diary,
        entries,
        copies,
        admin,
    ):
        app.register_blueprint(view.bp)
