"""The site map: every file here is a page of Caloria."""

from flask import Flask

from caloria.blueprints import register


def init_app(app: Flask) -> None:
    register(app, __name__, __path__)
