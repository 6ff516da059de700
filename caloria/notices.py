"""What the pages say about the database they stand on."""

from flask import Flask

SHOWN = ("sqlite", "other_database", "copied_database")


def init_app(app: Flask) -> None:
    notices = [notice.text for notice in app.extensions["caloria_notices"] if notice.state in SHOWN]
    app.context_processor(lambda: {"database_notice": " ".join(notices)})
