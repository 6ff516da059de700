"""What a test does at the provider, and what the provider tells the app."""

from dataclasses import dataclass
from typing import Any

from _payments import pages
from _payments.app import KEY, SECRET, Trouble
from _payments.billing import Billing
from _payments.serving import stock
from _payments.webhooks import body_of, signature
from _payments.world import World
from sqlalchemy import delete

from caloria.extensions import db
from caloria.models import Subscription


def settings_for(provider_app) -> dict[str, str]:
    return {
        "PAYMENTS": "stripe",
        "STRIPE_SECRET_KEY": KEY,
        "STRIPE_WEBHOOK_SECRETS": SECRET,
        "STRIPE_PRICE_MONTH": "price_month",
        "STRIPE_PRICE_YEAR": "price_year",
        "STRIPE_API_URL": provider_app.extensions["world"].url,
        "PLUS_PER_MONTH": "4.99 EUR",
        "PLUS_PER_YEAR": "49.00 EUR",
    }


@dataclass
class Provider:
    """The provider of one test, with nobody in it yet."""

    app: Any
    world: World
    billing: Billing
    trouble: Trouble

    @classmethod
    def begin(cls, app) -> "Provider":
        world = World(app.extensions["world"].url)
        stock(world)
        said = {"world": world, "billing": Billing(world), "trouble": Trouble()}
        app.extensions |= said
        return cls(app, **said)

    @property
    def events(self) -> list[dict]:
        """Everything that happened, in its order."""
        return list(self.world.things["event"].values())

    def customer(self, person) -> dict:
        """The person as a customer, of whom the app may have been told nothing yet."""
        named = {"caloria_user": str(person.id)}
        known = [each for each in self.world.all("customer") if each["metadata"] == named]
        more = {"next_invoice_sequence": 1, "invoice_prefix": f"C{self.world.number:07d}"}
        return known[0] if known else self.world.make("customer", email=person.email, metadata=named, **more)

    def buy(self, person, interval: str = "month") -> dict:
        """The person pays for a subscription, on a page that was opened elsewhere."""
        customer = self.customer(person)["id"]
        price = self.world.get("price", f"price_{interval}")
        return self.billing.subscribe(customer, price, {"caloria_user": str(person.id)})

    def card(self, person, card: str) -> None:
        self.world.cards[self.customer(person)["id"]] = card

    def complete(self, url: str) -> dict:
        """Pay on the page of this address."""
        page = self.world.get("checkout.session", url.rpartition("/")[2])
        return pages.complete_in(self.world, self.billing, page, page["wanted"])

    def balance(self) -> dict[str, int]:
        """What the provider holds of ours, by currency."""
        found: dict[str, int] = {}
        moved = [(each, 1) for each in self.world.all("charge", status="succeeded")]
        moved += [(each, -1) for each in self.world.all("refund", status="succeeded")]
        moved += [(each, 1) for each in self.world.all("balance_transaction")]
        for each, sign in moved:
            found[each["currency"].upper()] = found.get(each["currency"].upper(), 0) + sign * each["amount"]
        return found


def send(browser, event: dict, secret: str = SECRET):
    """Send an event to the app, signed now."""
    body = body_of(event)
    return send_bytes(browser, body, signature(body, secret))


def send_bytes(browser, body: bytes, signed: str | None):
    headers = {"Stripe-Signature": signed} if signed is not None else {}
    said = {"headers": headers, "content_type": "application/json", "data": body}
    return browser.open("/webhooks/stripe", method="POST", csrf=False, **said)


class InProcess:
    """Asks the provider without a socket between: for thousands of questions by the library."""

    def __new__(cls, app):
        import stripe

        class Client(stripe.HTTPClient):
            name = "in process"
            browser = app.test_client()

            def request(self, method, url, headers, post_data=None):
                said = {"headers": dict(headers), "data": post_data or None}
                answer = self.browser.open(url, method=method.upper(), **said)
                return answer.data, answer.status_code, {k.lower(): v for k, v in answer.headers}

            def close(self):
                """There is nothing to close."""

        return Client()


def end_trials() -> None:
    """Leave nobody a trial: what is paid for is all there is."""
    db.session.execute(delete(Subscription).where(Subscription.provider == "caloria"))
    db.session.commit()
