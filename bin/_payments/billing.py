"""What happens to subscriptions: invoices, charges, what fails, and what time brings."""

from datetime import UTC, datetime

from _payments.invoices import amounts, line, shown, unpaid, whose

GOOD, DECLINED = "good", "declined"
DAY = 24 * 60 * 60
# After the first, a charge is tried again so many days later each time; then the subscription ends.
RETRIES = (3 * DAY, 5 * DAY, 7 * DAY)


class Declined(Exception):
    """The card does not pay."""


class Billing:
    """Acts on a world."""

    def __init__(self, world, after_retries: str = "canceled"):
        self.world, self.after_retries = world, after_retries

    # Beginning and ending

    def subscribe(self, customer: str, price: dict, metadata=None, trial_days: float = 0) -> dict:
        """Begin a subscription; where the card does not pay, it is incomplete."""
        world, now = self.world, self.world.now()
        end = now + round(trial_days * DAY) if trial_days else after(now, price["recurring"]["interval"])
        subscription = world.make(
            "subscription",
            customer=customer,
            status="trialing" if trial_days else "incomplete",
            currency=price["currency"],
            metadata=metadata or {},
            start_date=now,
            billing_cycle_anchor=end if trial_days else now,
            billing_mode={"type": "flexible", "flexible": None},
            collection_method="charge_automatically",
            automatic_tax={"enabled": False, "liability": None, "disabled_reason": None},
            cancel_at=None,
            cancel_at_period_end=False,
            canceled_at=None,
            ended_at=None,
            trial_start=now if trial_days else None,
            trial_end=end if trial_days else None,
            latest_invoice=None,
            default_payment_method=None,
            items={"object": "list", "data": [], "has_more": False, "url": "/v1/subscription_items"},
        )
        item = world.make("subscription_item", subscription=subscription["id"], price=price, quantity=1)
        item |= {"current_period_start": now, "current_period_end": end, "metadata": {}, "discounts": []}
        subscription["items"]["data"] = [item]
        world.emit("customer.subscription.created", subscription)
        amount = 0 if trial_days else price["unit_amount"]
        self.invoice(subscription, "subscription_create", amount)
        return subscription

    def end(self, subscription: dict) -> None:
        """It is over at this moment."""
        now = self.world.now()
        subscription |= {"status": "canceled", "ended_at": now}
        subscription["canceled_at"] = subscription["canceled_at"] or now
        for invoice in self.world.all("invoice", subscription_id=subscription["id"], status="open"):
            invoice |= {"status": "void", "next_payment_attempt": None}
            self.world.emit("invoice.voided", shown(invoice))
        self.world.emit("customer.subscription.deleted", subscription)

    def update(self, subscription: dict, **columns) -> None:
        subscription |= columns
        self.world.emit("customer.subscription.updated", subscription)

    def switch(self, subscription: dict, price: dict, must_pay: bool) -> None:
        """Another price from now on: what was not used is taken off. Raises Declined."""
        item, now = subscription["items"]["data"][0], self.world.now()
        if item["price"]["id"] == price["id"]:
            return
        card = self.world.cards.get(subscription["customer"], GOOD)
        whole = item["current_period_end"] - item["current_period_start"]
        unused = item["price"]["unit_amount"] * max(0, item["current_period_end"] - now) // max(1, whole)
        owed = price["unit_amount"] - unused
        if must_pay and owed > 0 and card != GOOD:
            raise Declined
        item |= {"price": price, "current_period_start": now}
        item["current_period_end"] = after(now, price["recurring"]["interval"])
        self.update(subscription, billing_cycle_anchor=now)
        self.invoice(subscription, "subscription_update", owed, taken_off=unused)

    # Invoices and charges

    def invoice(self, subscription: dict, reason: str, total: int, taken_off: int = 0) -> dict:
        """Make an invoice and try to have it paid."""
        world, item = self.world, subscription["items"]["data"][0]
        span = {"start": item["current_period_start"], "end": item["current_period_end"]}
        invoice = world.make(
            "invoice",
            billing_reason=reason,
            currency=item["price"]["currency"],
            period_start=span["start"],
            period_end=span["start"],
            **whose(subscription),
            **self.billed_to(subscription["customer"]),
            **amounts(total),
            **unpaid(world.now()),
        )
        invoice["hosted_invoice_url"] = f"{world.url}/invoices/{invoice['id']}"
        invoice["lines"]["data"] = self.lines(invoice, item, span, taken_off)
        subscription["latest_invoice"] = invoice["id"]
        world.emit("invoice.finalized", shown(invoice))
        self.begin_payment(invoice)
        self.attempt(invoice, subscription)
        return invoice

    def billed_to(self, customer_id: str) -> dict:
        """Whom an invoice goes to, with the next number of theirs."""
        customer = self.world.get("customer", customer_id)
        customer["next_invoice_sequence"] += 1
        number = f"{customer['invoice_prefix']}-{customer['next_invoice_sequence'] - 1:04d}"
        return {"customer": customer["id"], "customer_email": customer["email"], "number": number}

    def lines(self, invoice: dict, item: dict, period: dict, taken_off: int) -> list[dict]:
        """What is paid for: the time to come, and what is taken off for the time that was paid already."""
        spans = [(invoice["total"] + taken_off, period)]
        if taken_off:
            spans.insert(0, (-taken_off, period | {"end": period["start"] + 1}))
        make, price = self.world.make, item["price"]
        return [make("line_item", **line(invoice, price, amount, span)) for amount, span in spans]

    def begin_payment(self, invoice: dict) -> None:
        if not invoice["amount_due"]:
            return
        common = {"currency": invoice["currency"], "customer": invoice["customer"]}
        intent = self.world.make(
            "payment_intent", amount=invoice["amount_due"], status="requires_payment_method", **common
        )
        self.world.make(
            "invoice_payment",
            invoice=invoice["id"],
            amount_requested=invoice["amount_due"],
            amount_paid=None,
            currency=invoice["currency"],
            is_default=True,
            status="open",
            payment={"type": "payment_intent", "payment_intent": intent["id"]},
            intent_id=intent["id"],
        )

    def attempt(self, invoice: dict, subscription: dict) -> bool:
        """Try to have an invoice paid by the card."""
        world = self.world
        is_good = world.cards.get(invoice["customer"], GOOD) == GOOD
        if invoice["amount_due"]:
            invoice["attempt_count"] += 1
            invoice["attempted"] = True
            self.charge(invoice, is_good)
        if is_good or not invoice["amount_due"]:
            self.paid(invoice, subscription)
            return True
        self.failed(invoice, subscription)
        return False

    def charge(self, invoice: dict, is_good: bool) -> dict:
        (payment,) = self.world.all("invoice_payment", invoice=invoice["id"])
        charge = self.world.make(
            "charge",
            amount=invoice["amount_due"],
            amount_captured=invoice["amount_due"] if is_good else 0,
            amount_refunded=0,
            captured=is_good,
            currency=invoice["currency"],
            customer=invoice["customer"],
            disputed=False,
            failure_code=None if is_good else "card_declined",
            failure_message=None if is_good else "Your card was declined.",
            metadata={},
            paid=is_good,
            payment_intent=payment["intent_id"],
            refunded=False,
            status="succeeded" if is_good else "failed",
        )
        if is_good:
            payment |= {"status": "paid", "amount_paid": charge["amount"]}
        self.world.emit("charge.succeeded" if is_good else "charge.failed", charge)
        return charge

    def paid(self, invoice: dict, subscription: dict) -> None:
        invoice |= {"status": "paid", "amount_paid": invoice["amount_due"], "amount_remaining": 0}
        invoice["next_payment_attempt"] = None
        invoice["status_transitions"]["paid_at"] = self.world.now()
        self.world.emit("invoice.paid", shown(invoice))
        self.world.emit("invoice.payment_succeeded", shown(invoice))
        if subscription["status"] in ("incomplete", "past_due", "unpaid"):
            self.update(subscription, status="active")

    def failed(self, invoice: dict, subscription: dict) -> None:
        tried, is_first = invoice["attempt_count"], invoice["billing_reason"] == "subscription_create"
        if not is_first and tried <= len(RETRIES):
            invoice["next_payment_attempt"] = self.world.now() + RETRIES[tried - 1]
        else:
            invoice["next_payment_attempt"] = None
        self.world.emit("invoice.payment_failed", shown(invoice))
        if is_first:
            return
        if invoice["next_payment_attempt"]:
            if subscription["status"] != "past_due":
                self.update(subscription, status="past_due")
        elif self.after_retries == "canceled":
            self.end(subscription)
        else:
            self.update(subscription, status=self.after_retries)

    def pay_open(self, customer: str) -> None:
        """A person gave another card: what is owed is tried at once."""
        for subscription in self.world.all("subscription", customer=customer):
            if subscription["status"] in ("past_due", "unpaid", "incomplete"):
                invoice = self.world.get("invoice", subscription["latest_invoice"])
                if invoice["status"] == "open":
                    self.attempt(invoice, subscription)

    # Giving back, and what banks do

    def refund(self, charge: dict, amount: int | None = None, reason: str | None = None) -> dict:
        amount = charge["amount"] - charge["amount_refunded"] if amount is None else amount
        charge["amount_refunded"] += amount
        charge["refunded"] = charge["amount_refunded"] == charge["amount"]
        refund = self.world.make(
            "refund",
            amount=amount,
            charge=charge["id"],
            currency=charge["currency"],
            customer=charge["customer"],
            payment_intent=charge["payment_intent"],
            metadata={},
            reason=reason,
            status="succeeded",
        )
        self.world.emit("refund.created", refund)
        self.world.emit("charge.refunded", charge)
        return refund

    def fail_refund(self, refund: dict) -> None:
        """The bank did not take it: it is the account's again."""
        refund |= {"status": "failed", "failure_reason": "lost_or_stolen_card"}
        charge = self.world.get("charge", refund["charge"])
        charge["amount_refunded"] -= refund["amount"]
        charge["refunded"] = False
        self.world.emit("refund.failed", refund)

    def dispute(self, charge: dict) -> dict:
        charge["disputed"] = True
        dispute = self.world.make(
            "dispute",
            amount=charge["amount"],
            charge=charge["id"],
            currency=charge["currency"],
            payment_intent=charge["payment_intent"],
            reason="fraudulent",
            status="needs_response",
            metadata={},
            is_charge_refundable=False,
            balance_transactions=[self.moved(charge, -charge["amount"])],
        )
        self.world.emit("charge.dispute.created", dispute)
        self.world.emit("charge.dispute.funds_withdrawn", dispute)
        return dispute

    def close_dispute(self, dispute: dict, is_won: bool) -> None:
        dispute["status"] = "won" if is_won else "lost"
        if is_won:
            dispute["balance_transactions"].append(self.moved(dispute, dispute["amount"]))
            self.world.emit("charge.dispute.funds_reinstated", dispute)
        self.world.emit("charge.dispute.closed", dispute)

    def moved(self, thing: dict, amount: int) -> dict:
        return self.world.make(
            "balance_transaction", amount=amount, currency=thing["currency"], type="adjustment"
        )

    # Time

    def advance(self, seconds: int) -> None:
        """Let so much time pass, with all that becomes due meanwhile, in its order."""
        end = self.world.now() + seconds
        while due := self.next_due(end):
            moment, act = due
            self.world.offset += max(0, moment - self.world.now())
            act()
        self.world.offset += max(0, end - self.world.now())

    def next_due(self, end: int):
        found = [each for sub in self.world.all("subscription") for each in self.due_of(sub)]
        found += [
            (page["expires_at"], lambda page=page: self.expire(page))
            for page in self.world.all("checkout.session", status="open")
        ]
        return min((each for each in found if each[0] <= end), key=lambda each: each[0], default=None)

    def due_of(self, subscription: dict):
        status, item = subscription["status"], subscription["items"]["data"][0]
        if status in ("active", "trialing"):
            yield (
                min(item["current_period_end"], subscription["cancel_at"] or 10**11),
                lambda: self.turn(subscription),
            )
        if status == "incomplete":
            yield subscription["start_date"] + 23 * 60 * 60, lambda: self.give_up(subscription)
        if status in ("past_due", "unpaid"):
            invoice = self.world.get("invoice", subscription["latest_invoice"])
            if invoice["next_payment_attempt"]:
                yield invoice["next_payment_attempt"], lambda: self.attempt(invoice, subscription)

    def turn(self, subscription: dict) -> None:
        """A period is over."""
        if subscription["cancel_at_period_end"] or subscription["cancel_at"]:
            return self.end(subscription)
        item = subscription["items"]["data"][0]
        item["current_period_start"] = item["current_period_end"]
        item["current_period_end"] = after(item["current_period_end"], item["price"]["recurring"]["interval"])
        self.update(subscription, status="active")
        self.invoice(subscription, "subscription_cycle", item["price"]["unit_amount"])
        return None

    def give_up(self, subscription: dict) -> None:
        invoice = self.world.get("invoice", subscription["latest_invoice"])
        invoice["status"] = "void"
        subscription["ended_at"] = self.world.now()
        self.update(subscription, status="incomplete_expired")

    def expire(self, page: dict) -> None:
        page |= {"status": "expired", "url": None}
        self.world.emit("checkout.session.expired", page)


def after(moment: int, interval: str) -> int:
    """The same day of the next month or year, or the last one that it has."""
    at = datetime.fromtimestamp(moment, UTC)
    months = at.year * 12 + at.month - 1 + (12 if interval == "year" else 1)
    for day in range(at.day, 27, -1):
        try:
            return int(at.replace(year=months // 12, month=months % 12 + 1, day=day).timestamp())
        except ValueError:
            continue
    return int(at.replace(year=months // 12, month=months % 12 + 1).timestamp())
