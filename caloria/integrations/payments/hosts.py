from caloria.extensions import settings

# Where Stripe's own pages stand on which people pay, and see to their card.
PAGES = ("https://checkout.stripe.com", "https://billing.stripe.com")


def hosts() -> tuple[str, ...]:
    """To which hosts a person is sent on; none where nothing is paid."""
    told = settings()
    if told.payments != "stripe":
        return ()
    return (told.stripe_api_url.rstrip("/"),) if told.stripe_api_url else PAGES
