"""What stands on an invoice."""

# Within the price.
TAX_PERCENT = 21


def whose(subscription: dict) -> dict:
    """Which subscription an invoice is for, as its events say it."""
    details = {"subscription": subscription["id"], "metadata": subscription["metadata"]}
    parent = {"type": "subscription_details", "quote_details": None, "subscription_details": details}
    return {"subscription_id": subscription["id"], "parent": parent, "metadata": {}}


def amounts(total: int) -> dict:
    """What is to be paid; less than nothing is not paid back."""
    due = max(0, total)
    tax = round(due * TAX_PERCENT / (100 + TAX_PERCENT))
    return {
        "subtotal": total,
        "total": total,
        "total_excluding_tax": total - tax,
        "total_taxes": [tax_row(tax, due)] if tax else [],
        "amount_due": due,
        "amount_paid": 0,
        "amount_remaining": due,
    }


def tax_row(tax: int, taxed: int) -> dict:
    return {
        "amount": tax,
        "tax_behavior": "inclusive",
        "tax_rate_details": {"tax_rate": "txr_standard"},
        "taxability_reason": "standard_rated",
        "taxable_amount": taxed - tax,
        "type": "tax_rate_details",
    }


def unpaid(now: int) -> dict:
    """An invoice that was written just now, and that nobody has tried to have paid."""
    later = dict.fromkeys(("paid_at", "voided_at", "marked_uncollectible_at"))
    return {
        "status": "open",
        "collection_method": "charge_automatically",
        "attempt_count": 0,
        "attempted": False,
        "next_payment_attempt": None,
        "auto_advance": True,
        "status_transitions": {"finalized_at": now, **later},
        "hosted_invoice_url": "",
        "lines": {"object": "list", "data": [], "has_more": False, "url": "/v1/invoices/lines"},
    }


def line(invoice: dict, price: dict, amount: int, span: dict) -> dict:
    """A time of a price that is paid for, or taken off where it is less than nothing."""
    pricing = {
        "type": "price_details",
        "price_details": {"price": price["id"], "product": price["product"]},
        "unit_amount_decimal": str(price["unit_amount"]),
    }
    return {
        "invoice": invoice["id"],
        "amount": amount,
        "subtotal": amount,
        "currency": invoice["currency"],
        "description": "Caloria Plus",
        "quantity": 1,
        "period": span,
        "pricing": pricing,
        "metadata": {},
    }


def shown(invoice: dict) -> dict:
    """Without what only this provider needs to know."""
    return {name: value for name, value in invoice.items() if name != "subscription_id"}
