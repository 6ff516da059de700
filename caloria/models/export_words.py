"""What the files of an export hold, in words, and in which unit each of their columns is."""

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import JSON, Column

from caloria.words import N_

UNITS = {"kcal": "kcal", "g": "g", "mg": "mg", "ug": "µg", "ml": "ml", "kg": "kg", "cm": "cm"}
# Where the name of a column does not end with its unit.
OF_THEIR_OWN = {
    "users.day_starts_at": "local time",
    "bodies.pace_kg_per_week": "kg per week",
    "foods.density_g_per_ml": "g per ml",
    "measurements.amount": "what the column unit says",
    "entries.portion_amount": "times portion_unit",
    "saved_meal_items.portion_amount": "times portion_unit",
    "portions.amount": "times unit",
    "weekday_targets.weekday": "0 is Monday, 6 is Sunday",
    "subscriptions.amount_minor": "the smallest unit of currency",
    "payments.amount_minor": "the smallest unit of currency",
    "payments.tax_minor": "the smallest unit of currency",
}
WEIGHTS = ("gram_weight",)
# Nutrients of foods are of 100 g; those of entries and of saved meals are what was eaten.
PER_100_G = "foods"
SHARED_FOODS = "shared_foods"

INTRODUCTION = N_(
    "This is everything that Caloria knows of you. caloria.json holds all of it, exactly, for programs; "
    "Caloria reads it again at “Bring a diary along”. The CSV files hold the same for spreadsheets."
)
UNIT_WORDS = N_(
    "Units end the names of the columns, such as energy_kcal; columns.csv names the unit of every column. "
    "Times are in UTC where they say so. What is empty is not known, which is not zero."
)
CELL_WORDS = N_(
    "In the CSV files, a text that a spreadsheet would execute has an apostrophe in front, and so has one "
    "that begins with an apostrophe: take one away from each text that begins so. Numbers are as they are."
)
WHAT = {
    SHARED_FOODS: N_("Foods of everybody's that yours refers to: where each comes from."),
    "acts": N_("What you did to entries, with what it takes to undo it."),
    "bodies": N_("What you told about your body."),
    "check_ins": N_("What you decided when another target was proposed."),
    "columns": N_("Every column of these files, with its kind and its unit."),
    "day_marks": N_("Days of which you said whether they are complete."),
    "day_notes": N_("What you wrote about days."),
    "diary_imports": N_("Files that you brought along, and what became of them."),
    "drinks": N_("Water that you drank."),
    "email_confirmations": N_("Links that were mailed to confirm an address."),
    "entries": N_("Your diary: each food with all that it held."),
    "food_merges": N_("Foods of your own that are another one."),
    "food_requests": N_("Foods that you asked for."),
    "foods": N_("Foods of your own, with what 100 g of each hold."),
    "meals": N_("The meals of your day."),
    "measurements": N_("What you measured of yourself beside weight."),
    "own_portions": N_("Portions that you measured for yourself."),
    "password_resets": N_("Links that were mailed for a new password."),
    "payment_calls": N_("What was asked of whoever takes payments."),
    "payment_customers": N_("Under which number whoever takes payments knows you."),
    "payments": N_("What you paid, and what went back."),
    "portions": N_("Portions of the foods of your own."),
    "reminders": N_("Mails that you want at a time of day."),
    "saved_meal_items": N_("The foods of meals that you saved."),
    "saved_meals": N_("Meals that you saved to log them at once."),
    "sessions": N_("Where you are signed in."),
    "subscriptions": N_("What you subscribe to, or tried."),
    "targets": N_("What you aim at, from a date on."),
    "users": N_("Your account."),
    "weekday_targets": N_("Days of the week on which a target aims at another energy."),
    "weights": N_("What you weighed."),
}  # fmt: skip


def kind_of(column: Column) -> str:
    """What a column holds, in a word."""
    if isinstance(column.type, JSON):
        return "JSON"
    kinds = {UUID: "id", datetime: "moment", date: "date", time: "time", bool: "yes or no", str: "text"}
    return {**kinds, float: "number", int: "whole number"}[python_type(column)]


def python_type(column: Column) -> type:
    """The type of the values of a column; a moment's stands behind what makes it UTC."""
    return getattr(column.type, "impl_instance", column.type).python_type


def unit_of(column: Column) -> str:
    """The unit of a column, or nothing where it has none."""
    name = f"{column.table.name}.{column.name}"
    if name in OF_THEIR_OWN:
        return OF_THEIR_OWN[name]
    if column.name in WEIGHTS:
        return "g"
    unit = UNITS.get(column.name.rpartition("_")[2], "")
    if unit and column.table.name == PER_100_G:
        return f"{unit} in 100 g"
    return unit or {"moment": "UTC", "time": "local time"}.get(kind_of(column), "")
