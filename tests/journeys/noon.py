"""Where on earth it is noon, so that what the journeys see does not depend on when they run."""

from datetime import UTC, datetime

# The zone in which it is noon at each hour of UTC, and the date is that of UTC; none changes its clocks.
# Noon is lunch, and as far from midnight as can be.
NOON = (
    "Pacific/Tarawa",
    "Pacific/Guadalcanal",
    "Australia/Brisbane",
    "Asia/Tokyo",
    "Asia/Singapore",
    "Asia/Bangkok",
    "Asia/Dhaka",
    "Asia/Karachi",
    "Asia/Dubai",
    "Africa/Nairobi",
    "Africa/Maputo",
    "Africa/Lagos",
    "Africa/Abidjan",
    "Atlantic/Cape_Verde",
    "Atlantic/South_Georgia",
    "America/Montevideo",
    "America/Puerto_Rico",
    "America/Bogota",
    "America/Costa_Rica",
    "America/Phoenix",
    "Pacific/Pitcairn",
    "Pacific/Gambier",
    "Pacific/Honolulu",
    "Pacific/Pago_Pago",
)


def where_it_is_noon() -> str:
    """A time zone whose clocks show something past twelve now."""
    return NOON[datetime.now(UTC).hour]
