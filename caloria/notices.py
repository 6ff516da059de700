"""What the pages say about the database they stand on."""

from flask import Flask
from flask_babel import gettext

SHOWN = ("sqlite", "other_database", "copied_database")


def init_app(app: Flask) -> None:
    notices = [notice.text for notice in app.extensions["caloria_notices"] if notice.state in SHOWN]
    # What operators alone read, with the names of databases in it, is in no catalogue and stays English.
    app.context_processor(lambda: {"database_notice": " ".join(map(gettext, notices))})
