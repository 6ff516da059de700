"""What can go wrong with the one who takes the money. Their words are not repeated: they may name people."""


class PaymentsUnavailable(Exception):
    """The provider is away or refuses, or payments wait until they are compared: nothing was changed."""

    # Whether asking once more under the same key would be told the same.
    is_final = False


class PaymentUnsure(PaymentsUnavailable):
    """It was asked for, and no answer came: it may have been done, and is found out from the provider."""


class PaymentRefused(PaymentsUnavailable):
    """The provider understood, and does not do it."""

    is_final = True


class PaymentDeclined(PaymentRefused):
    """The card was declined. Nothing was changed."""


class PriceDiffers(PaymentsUnavailable):
    """The provider would charge something else than people are told."""


class NothingToTake(ValueError):
    """What the provider says makes no sense here: a negative amount, say."""
