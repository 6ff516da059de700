"""What the provider knows: its things by kind and number, its clock, and what it has told."""

import json
import time
from copy import deepcopy
from pathlib import Path
from threading import RLock

API_VERSION = "2026-10-28.endive"
# How their numbers begin.
PREFIXES = {
    "customer": "cus",
    "price": "price",
    "product": "prod",
    "checkout.session": "cs_test",
    "billing_portal.session": "bps",
    "subscription": "sub",
    "subscription_item": "si",
    "invoice": "in",
    "line_item": "il",
    "invoice_payment": "inpay",
    "payment_intent": "pi",
    "charge": "ch",
    "refund": "re",
    "dispute": "du",
    "balance_transaction": "txn",
    "event": "evt",
}


class World:
    """Everything in one place, changed by one at a time; kept in a file where one is named."""

    def __init__(self, url: str = "", file: Path | None = None, livemode: bool = False):
        self.url, self.file, self.livemode = url, file, livemode
        self.lock = RLock()
        self.offset = 0
        self.number = 0
        self.things: dict[str, dict[str, dict]] = {kind: {} for kind in PREFIXES}
        self.answers: dict[str, list] = {}
        self.cards: dict[str, str] = {}
        self.listeners: list = []
        if file and file.exists():
            self.load()

    def now(self) -> int:
        return int(time.time()) + self.offset

    def make(self, kind: str, /, **columns) -> dict:
        """Something new, under a number of its own."""
        self.number += 1
        number = columns.pop("id", None) or f"{PREFIXES[kind]}_{self.number:014d}"
        thing = {"id": number, "object": kind, "created": self.now(), "livemode": self.livemode, **columns}
        self.things[kind][number] = thing
        return thing

    def get(self, kind: str, number: str) -> dict:
        """Raises KeyError."""
        return self.things[kind][number]

    def all(self, kind: str, **which) -> list[dict]:
        """The newest first."""
        found = [
            each for each in self.things[kind].values() if all(each.get(k) == v for k, v in which.items())
        ]
        return sorted(found, key=lambda each: (each["created"], each["id"]), reverse=True)

    def emit(self, kind: str, thing: dict) -> dict:
        """Tell that something happened, as it stands at this moment."""
        event = self.make(
            "event",
            type=kind,
            api_version=API_VERSION,
            account=None,
            context=None,
            data={"object": deepcopy(thing)},
            pending_webhooks=1,
            request={"id": None, "idempotency_key": None},
        )
        for listen in self.listeners:
            listen(event)
        return event

    def save(self) -> None:
        if self.file:
            names = ("offset", "number", "things", "answers", "cards")
            partial = self.file.with_suffix(".part")
            partial.write_text(json.dumps({name: getattr(self, name) for name in names}))
            partial.replace(self.file)

    def load(self) -> None:
        for name, value in json.loads(self.file.read_text()).items():
            setattr(self, name, value)
