"""What can go wrong with the one who takes the money. Their words are not repeated: they may name people."""


class PaymentsUnavailable(Exception):
    """Nothing was changed: the provider is away or refuses, or payments wait until they are compared."""

    # Whether asking once more under the same key would be told the same.
    is_final = False


class PaymentRefused(PaymentsUnavailable):
    """The provider understood, and does not do it."""

    is_final = True


class PaymentDeclined(PaymentRefused):
    """The card was declined. Nothing was changed."""


class PriceDiffers(PaymentsUnavailable):
    """The provider would charge something else than people are told."""


class NothingToTake(ValueError):
    """What the provider says makes no sense here: a negative amount, say."""
