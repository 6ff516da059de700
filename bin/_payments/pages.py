"""The pages people see at the provider: paying, the portal, an invoice; and one to move the clock."""

from flask import Blueprint, redirect, render_template, request

from _payments.api import billing, find, world
from _payments.billing import DAY, DECLINED, GOOD

bp = Blueprint("pages", __name__)
CARDS = (GOOD, DECLINED)


@bp.get("/")
def index():
    """Everything there is, with what can be made to happen."""
    w = world()
    people = [(customer, w.cards.get(customer["id"], GOOD)) for customer in w.all("customer")]
    rows = w.all("subscription")
    charges = w.all("charge", status="succeeded")
    return render_template(
        "index.html",
        people=people,
        subscriptions=rows,
        charges=charges,
        events=w.all("event")[:20],
        now=w.now(),
    )


@bp.post("/clock")
def advance():
    """Let days pass."""
    days = request.form.get("days", "")
    if days.isdecimal() and len(days) < 5:
        billing().advance(int(days) * DAY)
    return redirect("/", 303)


@bp.post("/cards/<customer>")
def change_card(customer):
    """Have the card of somebody pay, or fail, from now on."""
    find("customer", customer)
    card = request.form.get("card")
    if card in CARDS:
        world().cards[customer] = card
        if card == GOOD:
            billing().pay_open(customer)
    return redirect(request.form.get("back") or "/", 303)


@bp.post("/charges/<number>/<act>")
def act_on_charge(number, act):
    """Give a charge back, or have the bank take it."""
    charge = find("charge", number)
    if act == "refund" and not charge["refunded"]:
        billing().refund(charge)
    if act == "dispute" and not charge["disputed"]:
        billing().dispute(charge)
    return redirect("/", 303)


@bp.get("/checkout/<number>")
def checkout(number):
    page = find("checkout.session", number)
    price = find("price", page["wanted"]["price"])
    return render_template("checkout.html", page=page, price=price, is_declined="declined" in request.args)


@bp.post("/checkout/<number>")
def pay(number):
    """Pay with a card that works, or with one that is declined."""
    page = find("checkout.session", number)
    if page["status"] == "open" and request.form.get("card") == DECLINED:
        return redirect(f"/checkout/{number}?declined", 303)
    if page["status"] == "open":
        complete(page)
    return redirect(page["success_url"].replace("{CHECKOUT_SESSION_ID}", number), 303)


def complete(page: dict) -> dict:
    """The person has paid: from here on there is a subscription."""
    w, wanted = world(), page["wanted"]
    return complete_in(w, billing(), page, wanted)


def complete_in(w, acts, page: dict, wanted: dict) -> dict:
    w.cards[page["customer"]] = GOOD
    price, trial_end = w.get("price", wanted["price"]), int(wanted.get("trial_end", 0))
    free_days = max(0, trial_end - w.now()) / DAY
    subscription = acts.subscribe(page["customer"], price, wanted["metadata"], free_days)
    page |= {"status": "complete", "payment_status": "paid", "url": None}
    page |= {"subscription": subscription["id"], "invoice": subscription["latest_invoice"]}
    w.emit("checkout.session.completed", page)
    return subscription


@bp.get("/portal/<number>")
def portal(number):
    session = find("billing_portal.session", number)
    w, customer = world(), session["customer"]
    return render_template(
        "portal.html",
        session=session,
        card=w.cards.get(customer, GOOD),
        subscriptions=w.all("subscription", customer=customer),
        invoices=w.all("invoice", customer=customer),
    )


@bp.post("/portal/<number>/subscriptions/<subscription>")
def change_in_portal(number, subscription):
    """End a subscription with its period, or have it go on."""
    session, row = find("billing_portal.session", number), find("subscription", subscription)
    if row["customer"] == session["customer"] and row["status"] in ("active", "trialing", "past_due"):
        ends = request.form.get("ends") == "1"
        end = row["items"]["data"][0]["current_period_end"] if ends else None
        canceled_at = world().now() if ends else None
        billing().update(row, cancel_at_period_end=ends, cancel_at=end, canceled_at=canceled_at)
    return redirect(f"/portal/{number}", 303)


@bp.get("/invoices/<number>")
def invoice(number):
    return render_template("invoice.html", invoice=find("invoice", number))


@bp.app_template_filter()
def money(minor: int, currency: str) -> str:
    return f"{minor / 100:.2f} {currency.upper()}"


@bp.app_template_filter()
def day(seconds: int) -> str:
    from datetime import UTC, datetime

    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC"
