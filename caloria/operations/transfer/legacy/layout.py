"""What the original Caloria's tables are called and hold, and what of it has a place of its own here."""

# Amounts of an entry by what the original calls them: kcal, grams, and milligrams of sodium.
AMOUNTS = {
    "energy_kcal": "calories",
    "protein_g": "protein",
    "carbohydrate_g": "carbs",
    "fat_g": "fat",
    "fiber_g": "fiber",
    "sodium_mg": "sodium",
}
# Without these there is nothing to go by.
NEEDED = {
    "user": {"id", "created_at"},
    "food_log": {"id", "user_id", "food_name", "calories", "created_at"},
}
# Every column that is read; where a file lacks one, it holds nothing.
READ = {
    "user": (
        *("id", "whatsapp_id", "email", "name", "username", "first_name", "last_name", "password_hash"),
        *("created_at", "is_active", "height", "weight", "age", "gender", "activity_level", "goal"),
        *("daily_calorie_goal", "subscription_status", "trial_start_time", "trial_end_time"),
    ),
    "food_log": ("id", "user_id", "food_name", "created_at", *AMOUNTS.values()),
    "admin_user": ("id", "username", "email", "is_active", "created_at"),
    "subscription": (
        *("id", "user_id", "status", "amount", "currency", "frequency", "next_payment_date"),
        *("created_at", "cancelled_at", "updated_at"),
    ),
}
# Read, but told less exactly than it was said: it is kept in its own words as well.
ROUGHLY = {
    "user": {
        *("whatsapp_id", "username", "first_name", "last_name", "password_hash", "age", "activity_level"),
        *("subscription_status", "trial_start_time", "trial_end_time"),
    },
}
SEXES = {"female": "female", "male": "male"}
AIMS = {"lose_weight": "lose", "maintain": "keep", "gain_weight": "gain"}
# By the nearest factor: the original multiplies with 1.2, 1.375, 1.55, 1.725 and 1.9.
ACTIVITIES = {
    "sedentary": "low",
    "lightly_active": "low",
    "moderately_active": "moderate",
    "very_active": "active",
    "extra_active": "very_active",
}
# The original takes 500 kcal a day away, or adds them: about half a kilogram a week.
PACE_KG_PER_WEEK = 0.5
STATUSES = {
    "active": "active",
    "pending": "incomplete",
    "paused": "paused",
    "cancelled": "canceled",
    "expired": "canceled",
}
INTERVALS = {"monthly": "month", "yearly": "year"}
WORDS = {
    ("user", "gender"): SEXES,
    ("user", "goal"): AIMS,
}
# What columns are called there that have another name here.
CALLED = {
    **AMOUNTS,
    "name": "food_name",
    "weight_kg": "weight",
    "height_cm": "height",
    "birth_year": "age",
    "amount_minor": "amount",
    "billed_per": "frequency",
    "paid_until": "next_payment_date",
    "canceled_at": "cancelled_at",
}


def has_place(table: str, column: str, value: object) -> bool:
    """Whether a value arrived as what it is, in a column."""
    if column in ROUGHLY.get(table, ()) or column not in READ.get(table, ()):
        return False
    words = WORDS.get((table, column))
    return words is None or (isinstance(value, str) and value in words)
