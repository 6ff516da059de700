"""What browsers are given signed: the cookie of their session, and the token of each form."""

from typing import Any

from flask import Flask, current_app, g, request, session
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf
from itsdangerous import TimestampSigner, URLSafeTimedSerializer

from caloria.models.kept import cached_property

NAME = "csrf_token"  # in the session, and for Flask-WTF
TOKENS = "caloria_form_tokens"


def init_app(app: Flask) -> None:
    """Come after Flask-WTF, whose csrf_token() this takes the place of."""
    app.session_interface = PagesAlone()
    app.extensions[TOKENS] = OneSigner(app.secret_key, salt="wtf-csrf-token")
    app.jinja_env.globals[NAME] = form_token
    app.context_processor(lambda: {NAME: form_token})


class OneSigner(URLSafeTimedSerializer):
    """Signs and reads with one signer, whose keys are derived once: the library does it for each text."""

    @cached_property
    def only_signer(self) -> TimestampSigner:
        signer = super().make_signer()
        signer.secret_keys = [signer.derive_key(key) for key in signer.secret_keys]
        signer.key_derivation = "none"
        return signer

    def make_signer(self, _salt: Any = None) -> TimestampSigner:
        return self.only_signer


class Ageless(OneSigner):
    """Reads what was signed at any time, also by a server whose clock is ahead."""

    def loads(self, s: str | bytes, max_age: int | None = None, **said: Any) -> Any:
        return super().loads(s, max_age=None, **said)


class PagesAlone(SecureCookieSessionInterface):
    """A session that only pages carry: what a cache may keep for everybody must not hold anybody's cookie.

    The age of the cookie is not asked: it is the row of a session that ends it.
    """

    # Made once for each app: it tries out its format whenever it is made, and a request would make two.
    signing = None

    def get_signing_serializer(self, app):
        if self.signing is None:
            self.signing = super().get_signing_serializer(app)
            if self.signing is not None:
                self.signing.__class__ = Ageless
        return self.signing

    def save_session(self, app, session, response):
        if request.endpoint != "static":
            super().save_session(app, session, response)


def form_token() -> str:
    """The token of the forms of this page, as Flask-WTF makes and checks it."""
    token = g.get(NAME)
    if token is None and NAME in session:
        token = g.csrf_token = current_app.extensions[TOKENS].dumps(session[NAME])
    return token or generate_csrf()
