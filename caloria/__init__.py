"""Caloria: a meal and calorie tracker."""

from flask import Flask

from config import Config


def create_app(config: Config | None = None) -> Flask:
    """Make the app, after asking whether this is the right database in the right state.

    Raises StartupRefused.
    """
    from caloria import (
        access,
        assets,
        cli,
        errors,
        extensions,
        filters,
        headers,
        languages,
        lean,
        notices,
        origin,
        patience,
        received,
        shared_clock,
        tally,
        views,
        watch,
    )
    from caloria.cli import gate
    from caloria.converters import CONVERTERS
    from caloria.integrations import sentry
    from caloria.jobs import heartbeat
    from caloria.request_log import LoggedApp
    from settings import log_lines

    config = config or Config.load()
    log_lines.configure(config)
    noticed = gate.admit(config, extensions.db.metadata)
    app = LoggedApp(__name__, instance_path=str(config.instance_path))
    app.config.from_mapping(config.flask_settings())
    app.extensions["caloria_config"] = config
    app.extensions["caloria_notices"] = noticed
    app.url_map.converters.update(CONVERTERS)
    for part in (
        tally,
        sentry,
        extensions,
        patience,
        shared_clock,
        received,
        origin,
        access,
        headers,
        languages,
        errors,
        filters,
        notices,
        assets,
        watch,
        lean,
        views,
        cli,
        heartbeat,
    ):
        part.init_app(app)
    return app
