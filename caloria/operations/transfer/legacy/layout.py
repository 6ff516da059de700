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
    "admin_user": {"id", "email"},
    "subscription": {"id", "user_id", "status", "created_at"},
}
MUST_BE_THERE = {"user", "food_log"}
# Every column that is read; where a file lacks one, it holds nothing.
READ = {
    "user": (
        *("id", "whatsapp_id", "email", "name", "username", "first_name", "last_name", "created_at"),
        *("is_active", "height", "weight", "age", "gender", "activity_level", "goal", "daily_calorie_goal"),
        *("subscription_status", "trial_start_time", "trial_end_time"),
    ),
    "food_log": ("id", "user_id", "food_name", "created_at", *AMOUNTS.values()),
    "admin_user": ("id", "username", "email", "is_active", "created_at"),
    "subscription": (
        *("id", "user_id", "status", "amount", "currency", "frequency", "next_payment_date"),
        *("created_at", "cancelled_at", "updated_at"),
    ),
}
# In which table most of a row arrives.
ARRIVES_IN = {
    "user": "users",
    "admin_user": "users",
    "food_log": "entries",
    "subscription": "subscriptions",
}
# Columns whose values arrive as they are. Those that are read and not here are kept in their own words too.
EXACT = {
    "user": {"email", "created_at", "is_active", "height", "weight", "daily_calorie_goal"},
    "food_log": {"user_id", "food_name", "created_at", *AMOUNTS.values()},
    "admin_user": {"username", "email", "is_active", "created_at"},
    "subscription": {"user_id", "next_payment_date", "created_at", "cancelled_at", "updated_at"},
}
THEIR_SEXES = {"female": "female", "male": "male"}
THEIR_GOALS = {"lose_weight": "lose", "maintain": "keep", "gain_weight": "gain"}
# By the nearest factor: the original multiplies with 1.2, 1.375, 1.55, 1.725 and 1.9.
THEIR_ACTIVITIES = {
    "sedentary": "low",
    "lightly_active": "low",
    "moderately_active": "moderate",
    "very_active": "active",
    "extra_active": "very_active",
}
# The original takes 500 kcal a day away, or adds them: about half a kilogram a week.
PACE_KG_PER_WEEK = 0.5
THEIR_STATUSES = {
    "active": "active",
    "pending": "incomplete",
    "paused": "paused",
    "cancelled": "canceled",
    "expired": "canceled",
}
THEIR_INTERVALS = {"monthly": "month", "yearly": "year"}
# The column of the original that a column of today's was made of, by where the row comes from.
MADE_OF = {
    ("users", "user"): {"active": "is_active", "email_key": "email"},
    ("users", "admin_user"): {"active": "is_active", "email_key": "email", "name": "username"},
    ("bodies", "user"): {"height_cm": "height", "birth_year": "age"},
    ("weights", "user"): {"weight_kg": "weight", "day": "created_at"},
    ("targets", "user"): {"energy_kcal": "daily_calorie_goal", "starts_on": "created_at"},
    ("entries", "food_log"): {"name": "food_name", "day": "created_at", **AMOUNTS},
    ("subscriptions", "user"): {"started_at": "trial_start_time", "paid_until": "trial_end_time"},
    ("subscriptions", "subscription"): {
        "provider_id": "id",
        "amount_minor": "amount",
        "billed_per": "frequency",
        "started_at": "created_at",
        "paid_until": "next_payment_date",
        "canceled_at": "cancelled_at",
    },
}
