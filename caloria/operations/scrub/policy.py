"""What a developer may see of each column of each table. What is not said here is not given away.

KEEP leaves a column as it is, NULL empties it and fake() writes something else into it; TRUNCATE takes all
rows of a table away. Nothing is hashed: what people write is short, and found again by hashing guesses.

Ids, moments, days and amounts stay: they are the shape of the data, and nobody's name is beside them.
"""

from caloria.models.nutrients import NUTRIENT_NAMES
from caloria.operations.scrub import fakes
from caloria.operations.scrub.fakes import as_long, as_shared, if_any, if_listed, unless_of_own, unless_own

# An expression for an UPDATE, the same on both engines or one for each.
Rule = str | dict[str, str] | None

KEEP: Rule = None
NULL: Rule = "NULL"
TRUNCATE: dict[str, Rule] = {}


def fake(expression: str | dict[str, str]) -> Rule:
    return expression


def snapshot(table: str) -> dict[str, Rule]:
    """What entries and the items of saved meals say alike."""
    return {
        "food_id": KEEP,
        # Those of shared foods are public; as they are today, for what stands here might have been typed.
        "name": fake(as_shared(table, "name", fakes.EATEN)),
        "brand": fake(if_any("brand", as_shared(table, "brand", fakes.EATEN_BRAND))),
        "portion_amount": KEEP,
        "portion_unit": fake(if_listed("portion_unit", fakes.units(), fakes.EATEN_PORTION)),
        "gram_weight": KEEP,
        **NUTRIENTS,
    }


NUTRIENTS: dict[str, Rule] = dict.fromkeys(NUTRIENT_NAMES, KEEP)

POLICY: dict[str, dict[str, Rule]] = {
    "alembic_version": {
        "version_num": KEEP,
    },
    # It becomes a database of its own, which belongs to no server until somebody says so.
    "identity": {
        "id": KEEP,
        "uuid": fake(fakes.NEW_ID),
        "environment": fake("'development'"),
        "created_at": KEEP,
        "system_identifier": NULL,
        "database_oid": NULL,
        "epoch": fake("0"),
        "restored_from": fake("'a scrubbed copy of another database'"),
        "oldest_compatible_revision": KEEP,
        "retired_at": NULL,
    },
    "users": {
        "id": KEEP,
        # user1@example.invalid and so on, in the order in which they came.
        "email": fake(fakes.ADDRESS),
        "email_key": fake(fakes.ADDRESS),
        "name": fake(fakes.PERSON),
        # No password matches it. A mailed link sets another one: in development, mail is a file.
        "password_hash": fake("'unusable'"),
        "time_zone": fake(fakes.TIME_ZONE),
        "day_starts_at": KEEP,
        "units": KEEP,
        "energy_unit": KEEP,
        "language": KEEP,
        "email_confirmed_at": KEEP,
        "is_admin": KEEP,
        "active": KEEP,
        "created_at": KEEP,
    },
    # To five years and five centimetres: a target is proposed of much the same, and nobody is found by it.
    "bodies": {
        "user_id": KEEP,
        "height_cm": fake("round(height_cm / 5) * 5"),
        "birth_year": fake("birth_year - birth_year % 5"),
        "sex": KEEP,
        "activity": KEEP,
        "aim": KEEP,
        "pace_kg_per_week": KEEP,
    },
    "sessions": TRUNCATE,
    "throttles": TRUNCATE,
    "password_resets": TRUNCATE,
    # Those of everybody are public; what a person made keeps its figures.
    "foods": {
        "id": KEEP,
        "owner_id": KEEP,
        "source": KEEP,
        "source_id": fake(unless_own("source_id", "CAST(id AS text)")),
        "name": fake(unless_own("name", fakes.FOOD)),
        "folded_name": fake(unless_own("folded_name", fakes.FOLDED)),
        "names": fake(unless_own("names")),
        "brand": fake(unless_own("brand", if_any("brand", fakes.BRAND))),
        "category": fake(unless_own("category")),
        "carbohydrate_basis": KEEP,
        # It would name the product that somebody has at home.
        "gtin": fake(unless_own("gtin")),
        "density_g_per_ml": KEEP,
        "everyday": KEEP,
        "popularity": KEEP,
        "tier": KEEP,
        "label_per_serving": KEEP,
        "label_says_salt": KEEP,
        "created_at": KEEP,
        "updated_at": KEEP,
        "archived_at": KEEP,
        "reviewed_at": KEEP,
        "corrected_at": KEEP,
        # It would name the product that somebody has at home.
        "open_food_code": NULL,
        "form_digest": NULL,
        **NUTRIENTS,
    },
    # What Open Food Facts says of products, which is public.
    "open_foods": {
        "id": KEEP,
        "gtin": KEEP,
        "code": KEEP,
        "name": KEEP,
        "folded_name": KEEP,
        "brand": KEEP,
        "category": KEEP,
        "density_g_per_ml": KEEP,
        "serving_amount": KEEP,
        "serving_name": KEEP,
        "serving_grams": KEEP,
        "scans": KEEP,
        "changed_at": KEEP,
        "updated_at": KEEP,
        **NUTRIENTS,
    },
    "portions": {
        "id": KEEP,
        "food_id": KEEP,
        "position": KEEP,
        "amount": KEEP,
        "unit": fake(unless_of_own("portions", "unit", if_listed("unit", fakes.units(), fakes.PORTION))),
        "gram_weight": KEEP,
    },
    "own_portions": {
        "user_id": KEEP,
        "id": KEEP,
        "food_id": KEEP,
        "unit": fake(if_listed("unit", fakes.units(), fakes.PORTION)),
        "gram_weight": KEEP,
        "created_at": KEEP,
        "archived_at": KEEP,
        "form_digest": NULL,
    },
    "food_merges": {
        "user_id": KEEP,
        "id": KEEP,
        "food_id": KEEP,
        "into_id": KEEP,
        "created_at": KEEP,
        "undone_at": KEEP,
        "form_digest": NULL,
    },
    # Taken from the names of shared foods alone.
    "food_words": {
        "remains": KEEP,
        "word": KEEP,
        "foods": KEEP,
    },
    "meals": {
        "user_id": KEEP,
        "id": KEEP,
        "position": KEEP,
        "name": fake(if_listed("name", fakes.first_meals(), fakes.MEAL)),
        "usual_from": KEEP,
        "archived_at": KEEP,
        "form_digest": NULL,
    },
    "entries": {
        "user_id": KEEP,
        "id": KEEP,
        "day": KEEP,
        "eaten_at": KEEP,
        "meal_id": KEEP,
        "planned": KEEP,
        **snapshot("entries"),
        "created_at": KEEP,
        "updated_at": KEEP,
        "deleted_at": KEEP,
        "form_digest": NULL,
    },
    # They repeat what entries said before they were changed.
    "acts": TRUNCATE,
    # What people ate, in the words of other trackers.
    "diary_imports": TRUNCATE,
    "saved_meals": {
        "user_id": KEEP,
        "id": KEEP,
        "name": fake(fakes.SAVED_MEAL),
        "created_at": KEEP,
        "archived_at": KEEP,
        "form_digest": NULL,
    },
    "saved_meal_items": {
        "user_id": KEEP,
        "id": KEEP,
        "saved_meal_id": KEEP,
        "position": KEEP,
        **snapshot("saved_meal_items"),
    },
    "drinks": {
        "user_id": KEEP,
        "id": KEEP,
        "day": KEEP,
        "water_ml": KEEP,
        "created_at": KEEP,
        "deleted_at": KEEP,
        "form_digest": NULL,
    },
    "day_notes": {
        "user_id": KEEP,
        "day": KEEP,
        "text": fake(as_long("text")),
        "updated_at": KEEP,
    },
    "targets": {
        "user_id": KEEP,
        "id": KEEP,
        "starts_on": KEEP,
        "energy_kcal": KEEP,
        "protein_g": KEEP,
        "fat_g": KEEP,
        "carbohydrate_g": KEEP,
        "fiber_g": KEEP,
        "created_at": KEEP,
        "form_digest": NULL,
    },
    # To the kilogram: the curve stays, and not the figures that a person may have told others.
    "weights": {
        "user_id": KEEP,
        "id": KEEP,
        "day": KEEP,
        "weight_kg": fake("round(weight_kg)"),
        "created_at": KEEP,
        "deleted_at": KEEP,
        "form_digest": NULL,
    },
    "weekday_targets": {
        "user_id": KEEP,
        "starts_on": KEEP,
        "weekday": KEEP,
        "energy_kcal": KEEP,
    },
    "measurements": {
        "user_id": KEEP,
        "id": KEEP,
        "day": KEEP,
        "name": fake(fakes.MEASURED),
        "unit": KEEP,
        "amount": fake("round(amount)"),
        "created_at": KEEP,
        "deleted_at": KEEP,
        "form_digest": NULL,
    },
    "day_marks": {
        "user_id": KEEP,
        "day": KEEP,
        "complete": KEEP,
        "updated_at": KEEP,
    },
    "check_ins": {
        "user_id": KEEP,
        "id": KEEP,
        "day": KEEP,
        "spent_kcal": KEEP,
        "error_kcal": KEEP,
        "proposed_kcal": KEEP,
        "accepted": KEEP,
        "created_at": KEEP,
        "form_digest": NULL,
    },
    # No provider knows the made-up number: nothing is charged from a developer's machine.
    "subscriptions": {
        "user_id": KEEP,
        "id": KEEP,
        "provider": KEEP,
        "provider_id": fake("CAST(id AS text)"),
        "status": KEEP,
        "amount_minor": KEEP,
        "currency": KEEP,
        "billed_per": KEEP,
        "started_at": KEEP,
        "paid_until": KEEP,
        "canceled_at": KEEP,
        "customer_id": fake(if_any("customer_id", "CAST(id AS text)")),
        "price_id": NULL,
        "cancel_at_period_end": KEEP,
        "past_due_since": KEEP,
        "checked_at": NULL,
        "updated_at": KEEP,
    },
    # Numbers of people and of what they paid, which lead somewhere else.
    "payment_customers": TRUNCATE,
    "payment_calls": TRUNCATE,
    "payment_events": TRUNCATE,
    "payments": {
        "id": KEEP,
        "user_id": KEEP,
        "provider": KEEP,
        "provider_id": fake("CAST(id AS text)"),
        "kind": KEEP,
        "amount_minor": KEEP,
        "tax_minor": KEEP,
        "currency": KEEP,
        "invoice_id": NULL,
        "invoice_number": NULL,
        "subscription_id": NULL,
        "period_start": KEEP,
        "period_end": KEEP,
        "at": KEEP,
        "created_at": KEEP,
    },
    "email_confirmations": TRUNCATE,
    # Of people who are not in it any more.
    "erasures": TRUNCATE,
    "food_requests": {
        "user_id": KEEP,
        "id": KEEP,
        "title": fake(fakes.FOOD),
        "description": fake(as_long("description")),
        "state": KEEP,
        "about_id": KEEP,
        "gtin": NULL,
        "owner_id": KEEP,
        "answer": fake(as_long("answer")),
        "food_id": KEEP,
        "created_at": KEEP,
        "updated_at": KEEP,
        "ended_at": KEEP,
        "form_digest": NULL,
    },
    # Who did what, and on which machine.
    "audit_events": TRUNCATE,
    "audit_seals": TRUNCATE,
    "audit_archives": TRUNCATE,
    # How many people somebody has, and what they pay.
    "daily_figures": TRUNCATE,
    "servers": TRUNCATE,
    # Nobody is mailed by a copy.
    "reminders": TRUNCATE,
    # Nobody may hear twice of what the original does, and their keys name people.
    "jobs": TRUNCATE,
    "backup_runs": TRUNCATE,
}

EMPTIED = {table for table, rules in POLICY.items() if rules is TRUNCATE}
LISTED = {(table, column) for table, rules in POLICY.items() for column in rules}
