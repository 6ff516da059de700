"""The provider as a Flask app: who may ask, keys that come twice, and how it fails when told to."""

import json
import socket
from contextlib import suppress
from pathlib import Path

from flask import Flask, Response, g, request

from _payments import api, pages
from _payments.billing import Billing
from _payments.words import nested
from _payments.world import World

KEY = "sk_test_of_this_machine"
SECRET = "whsec_of_this_machine_and_nobody_elses"  # noqa: S105  it protects nothing


class Trouble:
    """What goes wrong next, as a test or a person wants it."""

    def __init__(self):
        self.is_away = False
        self.answers_lost = 0
        # Called with each request for /v1 before it is answered, and after.
        self.before = self.after = lambda _request: None


def make_app(world: World, key: str = KEY) -> Flask:
    app = Flask("_payments", root_path=str(Path(__file__).parent))
    app.extensions |= {"world": world, "billing": Billing(world), "trouble": Trouble(), "key": key}
    app.register_blueprint(api.bp)
    app.register_blueprint(pages.bp)
    app.before_request(lambda: begin(app))
    app.after_request(lambda response: end(app, response))
    app.register_error_handler(api.Refused, lambda refused: (refused.body, refused.status))
    app.teardown_request(lambda _error: leave())
    return app


def begin(app: Flask):
    """One request at a time: nothing is half done when another looks."""
    world, trouble = app.extensions["world"], app.extensions["trouble"]
    g.is_api = request.path.startswith("/v1/")
    if g.is_api:
        trouble.before(request)
        if trouble.is_away:
            return hang_up()
    world.lock.acquire()
    g.is_locked = True
    g.asked = nested([*request.args.items(multi=True), *request.form.items(multi=True)])
    return refuse(app) or said_before(world) if g.is_api else None


def refuse(app: Flask):
    if request.headers.get("Authorization") != f"Bearer {app.extensions['key']}":
        return {"error": {"type": "invalid_request_error", "message": "Invalid API Key provided."}}, 401
    return None


def said_before(world: World):
    """Under the same key: the same answer to the same words, and none to others."""
    key = request.headers.get("Idempotency-Key")
    g.key = key if request.method in ("POST", "DELETE") else None
    if not g.key or g.key not in world.answers:
        return None
    asked, status, body = world.answers[g.key]
    if asked != asked_for():
        words = "A key for idempotent requests can only be used with the parameters it was first used with."
        g.key = None
        return {"error": {"type": "idempotency_error", "message": words}}, 400
    g.key = None
    return Response(body, status, {"Idempotent-Replayed": "true"}, mimetype="application/json")


def asked_for() -> str:
    return json.dumps([request.method, request.path, g.asked], sort_keys=True)


def end(app: Flask, response: Response) -> Response:
    world, trouble = app.extensions["world"], app.extensions["trouble"]
    if g.is_api and g.get("key") and response.status_code not in (400, 401, 404):
        world.answers[g.key] = [asked_for(), response.status_code, response.get_data(as_text=True)]
    if g.get("is_locked") and request.method != "GET":
        world.save()
    leave()
    if g.is_api:
        response.headers["Request-Id"] = f"req_{world.number}"
        trouble.after(request)
        if trouble.answers_lost and request.method != "GET":
            trouble.answers_lost -= 1
            hang_up()
    return response


def leave() -> None:
    if g.pop("is_locked", False):
        world_of_request().lock.release()


def world_of_request() -> World:
    return api.world()


def hang_up() -> Response:
    """Say nothing, as where a line breaks."""
    with suppress(OSError, KeyError):
        request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    return Response(status=503)
