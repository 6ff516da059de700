"""Caloria: a meal and calorie tracker."""

from importlib import import_module

from flask import Flask

from config import Config

# In the order in which they are connected to the app.
PARTS = (
    "tally",
    "integrations.sentry",
    "extensions",
    "statements",
    "patience",
    "prepared",
    "shared_clock",
    "received",
    "origin",
    "access",
    "signing",
    "headers",
    "offline",
    "languages",
    "errors",
    "filters",
    "charts",
    "notices",
    "assets",
    "watch",
    "lean",
    "rendering",
    "views",
    "cli",
    "jobs.heartbeat",
)


def create_app(config: Config | None = None) -> Flask:
    """Make the app, after asking whether this is the right database in the right state.

    Raises StartupRefused.
    """
    # Before the guard is asked, which compares the tables with the models.
    parts = [import_module(f"caloria.{name}") for name in PARTS]
    from caloria.cli import gate
    from caloria.converters import CONVERTERS
    from caloria.extensions import db
    from caloria.page_environment import PageEnvironment
    from caloria.request_log import LoggedApp
    from caloria.rules import LateRule
    from settings import log_lines

    config = config or Config.load()
    log_lines.configure(config)
    noticed = gate.admit(config, db.metadata)
    app = LoggedApp(__name__, instance_path=str(config.instance_path))
    app.jinja_environment = PageEnvironment
    app.config.from_mapping(config.flask_settings())
    app.extensions["caloria_config"] = config
    app.extensions["caloria_notices"] = noticed
    app.url_map.converters.update(CONVERTERS)
    app.url_rule_class = LateRule
    for part in parts:
        part.init_app(app)
    return app
