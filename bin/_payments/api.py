"""What the library asks for: /v1/…, in the layout of today."""

from fnmatch import fnmatch

from flask import Blueprint, current_app, g, request

from _payments.billing import DAY, Declined
from _payments.invoices import shown
from _payments.words import is_true

bp = Blueprint("api", __name__, url_prefix="/v1")
PAGE_LASTS = DAY
INTERNAL = ("subscription_id", "intent_id", "wanted")


class Refused(Exception):
    """What is answered with an error, as the provider words it."""

    def __init__(self, status: int, kind: str, message: str, **more):
        super().__init__(message)
        self.status = status
        self.body = {"error": {"type": kind, "message": message, **more}}


def world():
    return current_app.extensions["world"]


def billing():
    return current_app.extensions["billing"]


def find(kind: str, number: str) -> dict:
    try:
        return world().get(kind, number)
    except KeyError:
        words = f"No such {kind}: '{number}'"
        raise Refused(404, "invalid_request_error", words, code="resource_missing", param="id") from None


def need(name: str):
    if name not in g.asked:
        words = f"Missing required param: {name}."
        raise Refused(400, "invalid_request_error", words, code="parameter_missing", param=name)
    return g.asked[name]


def answer(thing: dict) -> dict:
    """As it is shown, with what was asked to be spelt out."""
    wanted = g.asked.get("expand") or []
    return spelt({k: v for k, v in thing.items() if k not in INTERNAL}, [w.split(".") for w in wanted])


def spelt(thing: dict, wanted: list[list[str]]) -> dict:
    for name in {path[0] for path in wanted}:
        if thing.get("object") == "invoice" and name == "payments":
            rows = world().all("invoice_payment", invoice=thing["id"])
            thing["payments"] = as_list([{k: v for k, v in r.items() if k not in INTERNAL} for r in rows])
        elif isinstance(thing.get(name), str):
            kind = {"latest_invoice": "invoice"}.get(name, name)
            deeper = [path[1:] for path in wanted if path[0] == name and path[1:]]
            thing[name] = spelt(shown(find(kind, thing[name])), deeper)
    return thing


def as_list(rows: list[dict], has_more: bool = False) -> dict:
    return {"object": "list", "data": rows, "has_more": has_more, "url": request.path}


def page_of(rows: list[dict]) -> dict:
    """As many as were asked for, from after the one that is named."""
    asked = g.asked
    created = asked.get("created")
    if isinstance(created, dict):
        rows = [r for r in rows if r["created"] >= int(created.get("gte", 0))]
    start, before = asked.get("starting_after"), asked.get("ending_before")
    numbers = [row["id"] for row in rows]
    if start:
        rows = rows[numbers.index(start) + 1 :]
    if before:
        rows = rows[: numbers.index(before)]
    limit = int(asked.get("limit", 10))
    wanted = [each.removeprefix("data.").split(".") for each in asked.get("expand") or []]
    shown_rows = [{k: v for k, v in row.items() if k not in INTERNAL} for row in rows[:limit]]
    return as_list([spelt(row, wanted) for row in shown_rows], len(rows) > limit)


@bp.post("/customers")
def create_customer():
    asked = g.asked
    customer = world().make(
        "customer",
        email=asked.get("email"),
        name=asked.get("name"),
        metadata=asked.get("metadata", {}),
        preferred_locales=asked.get("preferred_locales", []),
        balance=0,
        delinquent=False,
        next_invoice_sequence=1,
    )
    customer["invoice_prefix"] = f"C{world().number:07d}"
    world().emit("customer.created", customer)
    return answer(customer)


@bp.get("/customers/<number>")
def show_customer(number):
    return answer(find("customer", number))


@bp.get("/prices/<number>")
def show_price(number):
    return answer(find("price", number))


@bp.post("/checkout/sessions")
def create_session():
    asked, w = g.asked, world()
    customer = find("customer", need("customer"))
    line = need("line_items")[0]
    price = find("price", line["price"])
    page = w.make(
        "checkout.session",
        mode=need("mode"),
        customer=customer["id"],
        client_reference_id=asked.get("client_reference_id"),
        success_url=need("success_url"),
        cancel_url=asked.get("cancel_url"),
        amount_subtotal=price["unit_amount"],
        amount_total=price["unit_amount"],
        currency=price["currency"],
        status="open",
        payment_status="unpaid",
        subscription=None,
        invoice=None,
        locale=asked.get("locale"),
        metadata=asked.get("metadata", {}),
        expires_at=w.now() + PAGE_LASTS,
        automatic_tax={"enabled": False, "liability": None, "provider": None, "status": None},
        custom_fields=[],
        payment_method_types=["card"],
        shipping_options=[],
        ui_mode="hosted_page",
        wanted={"price": price["id"], "metadata": {}, **asked.get("subscription_data", {})},
    )
    page["url"] = f"{w.url}/checkout/{page['id']}"
    return answer(page)


@bp.get("/checkout/sessions/<number>")
def show_session(number):
    return answer(find("checkout.session", number))


@bp.post("/checkout/sessions/<number>/expire")
def expire_session(number):
    page = find("checkout.session", number)
    if page["status"] != "open":
        raise Refused(
            400, "invalid_request_error", "Only Checkout Sessions with a status in ['open'] expire."
        )
    billing().expire(page)
    return answer(page)


@bp.post("/billing_portal/sessions")
def create_portal():
    customer = find("customer", need("customer"))
    portal = world().make(
        "billing_portal.session", customer=customer["id"], return_url=g.asked.get("return_url")
    )
    portal["url"] = f"{world().url}/portal/{portal['id']}"
    return answer(portal)


@bp.get("/subscriptions/<number>")
def show_subscription(number):
    return answer(find("subscription", number))


@bp.get("/subscriptions")
def list_subscriptions():
    which = {"customer": g.asked["customer"]} if "customer" in g.asked else {}
    rows = world().all("subscription", **which)
    status = g.asked.get("status")
    if status is None:
        rows = [row for row in rows if row["status"] not in ("canceled", "incomplete_expired")]
    elif status != "all":
        rows = [row for row in rows if row["status"] == status]
    return page_of(rows)


@bp.post("/subscriptions/<number>")
def update_subscription(number):
    subscription = find("subscription", number)
    if subscription["status"] in ("canceled", "incomplete_expired"):
        raise Refused(400, "invalid_request_error", "A canceled subscription can only update its metadata.")
    asked = g.asked
    if "items" in asked:
        change_price(subscription, asked["items"][0])
    if "cancel_at_period_end" in asked:
        ends = is_true(asked["cancel_at_period_end"])
        end = subscription["items"]["data"][0]["current_period_end"]
        said = (
            {"cancel_at": end, "canceled_at": world().now()}
            if ends
            else dict.fromkeys(("cancel_at", "canceled_at"))
        )
        billing().update(subscription, cancel_at_period_end=ends, **said)
    elif "cancel_at" in asked:
        moment = int(asked["cancel_at"]) if asked["cancel_at"] else None
        billing().update(subscription, cancel_at=moment, cancel_at_period_end=False)
    return answer(subscription)


def change_price(subscription: dict, item: dict) -> None:
    if item.get("id") != subscription["items"]["data"][0]["id"]:
        raise Refused(400, "invalid_request_error", "The item belongs to another subscription.")
    must_pay = g.asked.get("payment_behavior") == "error_if_incomplete"
    try:
        billing().switch(subscription, find("price", item["price"]), must_pay)
    except Declined:
        words = "Your card was declined."
        raise Refused(
            402, "card_error", words, code="card_declined", decline_code="generic_decline"
        ) from None


@bp.delete("/subscriptions/<number>")
def cancel_subscription(number):
    subscription = find("subscription", number)
    if subscription["status"] in ("canceled", "incomplete_expired"):
        words = f"No such subscription: '{number}'"
        raise Refused(404, "invalid_request_error", words, code="resource_missing")
    billing().end(subscription)
    return answer(subscription)


@bp.get("/invoices/<number>")
def show_invoice(number):
    return answer(find("invoice", number))


@bp.get("/invoices")
def list_invoices():
    names = {"customer": "customer", "subscription": "subscription_id", "status": "status"}
    return page_of(world().all("invoice", **{names[k]: v for k, v in g.asked.items() if k in names}))


@bp.get("/invoice_payments")
def list_invoice_payments():
    which = {"invoice": g.asked["invoice"]} if "invoice" in g.asked else {}
    if "payment" in g.asked:
        which["intent_id"] = g.asked["payment"]["payment_intent"]
    return page_of(world().all("invoice_payment", **which))


@bp.get("/charges/<number>")
def show_charge(number):
    return answer(find("charge", number))


@bp.get("/charges")
def list_charges():
    return page_of(world().all("charge", payment_intent=need("payment_intent")))


@bp.post("/refunds")
def create_refund():
    charges = world().all("charge", payment_intent=need("payment_intent"), status="succeeded")
    if not charges:
        raise Refused(400, "invalid_request_error", "This PaymentIntent has no successful charge.")
    if charges[0]["refunded"]:
        words = f"Charge {charges[0]['id']} has already been refunded."
        raise Refused(400, "invalid_request_error", words, code="charge_already_refunded")
    amount = int(g.asked["amount"]) if "amount" in g.asked else None
    return answer(billing().refund(charges[0], amount, g.asked.get("reason")))


@bp.get("/refunds/<number>")
def show_refund(number):
    return answer(find("refund", number))


@bp.get("/refunds")
def list_refunds():
    return page_of(world().all("refund", payment_intent=need("payment_intent")))


@bp.get("/disputes/<number>")
def show_dispute(number):
    return answer(find("dispute", number))


@bp.get("/disputes")
def list_disputes():
    return page_of(world().all("dispute", payment_intent=need("payment_intent")))


@bp.get("/events/<number>")
def show_event(number):
    return answer(find("event", number))


@bp.get("/events")
def list_events():
    oldest, wanted = world().now() - 30 * DAY, g.asked.get("type", "*")
    rows = [event for event in world().all("event") if event["created"] > oldest]
    return page_of([event for event in rows if fnmatch(event["type"], wanted)])
