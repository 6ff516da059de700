"""What each plan allows. Views and templates ask by name: `current_user.plan.allows("receipts")`.

History, export, barcodes and whatever is logged already are in no list: nobody is ever kept from them.
"""

from typing import NamedTuple

from caloria.extensions import settings
from settings.money import Money

FEATURES = ("receipts", "meal_plans", "assistant", "adaptive_target", "micronutrient_trends")
# Not built yet: the pages say so, and nobody pays for them as if they were there.
COMING = frozenset({"receipts", "meal_plans", "assistant"})


class Plan(NamedTuple):
    """What somebody may do beside keeping a diary, and how much of it."""

    name: str
    features: frozenset[str]
    limits: dict[str, int]

    def allows(self, feature: str) -> bool:
        """Whether this feature is part of it. Raises LookupError for one that there is not."""
        if feature not in FEATURES:
            raise LookupError(f"There is no feature called {feature}.")
        return feature in self.features

    def limit(self, what: str) -> int:
        """How many there may be. What exists beyond it stays, and goes on."""
        return self.limits[what]


FREE = Plan("free", frozenset(), {"reminders": 2})
PLUS = Plan("plus", frozenset(FEATURES), {"reminders": 10})


class LimitReached(Exception):
    """The plan has room for no more of these."""

    def __init__(self, plan: Plan, what: str):
        super().__init__(f"The plan {plan.name} has room for {plan.limit(what)} {what}")
        self.most = plan.limit(what)


def payments() -> str:
    """How Plus is had here: "off" where everybody has it, from an admin ("manual"), or paid ("stripe").

    It is a setting of the app rather than of a request, so that jobs and commands see the same.
    """
    return settings().payments


class Prices(NamedTuple):
    """What Plus costs with tax."""

    month: Money
    year: Money

    @property
    def saved_by_year(self) -> int:
        """How much less twelve months cost at once, in the smallest unit; negative where they cost more."""
        return 12 * self.month.amount_minor - self.year.amount_minor


def prices() -> Prices | None:
    """The prices where Plus is sold; None where it is not."""
    told = settings()
    is_sold = told.payments == "stripe" and told.plus_per_month and told.plus_per_year
    return Prices(told.plus_per_month, told.plus_per_year) if is_sold else None
