"""Telling the app what happened: signed, and as often and in whatever order a test or bad luck wants."""

import hmac
import json
import time
from hashlib import sha256
from http.client import HTTPConnection, HTTPException
from threading import Thread
from urllib.parse import urlsplit

AGAIN_AFTER_SECONDS = (1, 2, 5, 10, 30, 60)


def signature(body: bytes, secret: str, at: int | None = None) -> str:
    """The header Stripe-Signature."""
    seconds = int(time.time()) if at is None else at
    signed = hmac.new(secret.encode(), f"{seconds}.".encode() + body, sha256).hexdigest()
    return f"t={seconds},v1={signed}"


def body_of(event: dict) -> bytes:
    return json.dumps(event, indent=2).encode()


def deliver(url: str, event: dict, secret: str) -> int:
    """Send an event once; the status of the answer. Raises OSError or HTTPException."""
    target, body = urlsplit(url), body_of(event)
    connection = HTTPConnection(target.hostname, target.port, timeout=30)
    headers = {"Content-Type": "application/json; charset=utf-8", "Stripe-Signature": signature(body, secret)}
    try:
        connection.request("POST", target.path, body, headers)
        return connection.getresponse().status
    finally:
        connection.close()


class Courier(Thread):
    """Delivers what happens, one after the other, until each was taken."""

    def __init__(self, world, url: str, secret: str):
        super().__init__(name="courier", daemon=True)
        self.world, self.url, self.secret = world, url, secret
        self.waiting: list[dict] = []
        world.listeners.append(self.waiting.append)

    def run(self) -> None:
        while True:
            if self.waiting:
                self.bring(self.waiting.pop(0))
            time.sleep(0.05)

    def bring(self, event: dict) -> None:
        for pause in AGAIN_AFTER_SECONDS:
            try:
                if 200 <= deliver(self.url, event, self.secret) < 300:
                    return
            except (OSError, HTTPException):
                pass  # the app starts, or reloads
            time.sleep(pause)
