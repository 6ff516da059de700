"""Who acts, where, and in which request: what the audit notes beside each act."""

import getpass
import os
import secrets

from flask import Flask, g, request

from caloria.models.audit_event import Origin, named, origin


def init_app(app: Flask) -> None:
    server = app.extensions["caloria_config"].server
    # Whatever this process does outside a request, an operator has it do.
    origin.set(Origin(f"operator {operator()}", server, new_request_id()))

    @app.before_request
    def begin():
        g.outside = origin.set(Origin("visitor", server, new_request_id()))

    @app.after_request
    def show_request_id(response):
        # Nobody asks about a style or a drawing that arrived, and a page has several.
        if request.endpoint != "static" or response.status_code >= 400:
            response.headers["X-Request-ID"] = origin.get().request_id
        return response

    @app.teardown_request
    def end(_error):
        if outside := g.pop("outside", None):
            origin.reset(outside)


def act_as(person) -> None:
    """Say who sent this request, once that is known."""
    origin.set(origin.get()._replace(actor=named(person)))


def new_request_id() -> str:
    return secrets.token_hex(8)


def operator() -> str:
    """The name of the operating system's user, or their number where that has no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())
