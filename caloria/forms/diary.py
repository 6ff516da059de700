from wtforms import ValidationError

from caloria.forms.base import CreatingForm, Form
from caloria.forms.fields import AmountField, DayField, IdField, TextField
from caloria.models.food import HEAVIEST_GRAMS
from caloria.models.nutrients import KCAL_PER_G, energy_of_macros
from caloria.models.snapshot import LARGEST_PORTION

LEAST_AMOUNT = 0.001
MOST_QUICK_KCAL = 20_000
MOST_QUICK_GRAMS = 2_000


class AmountForm(Form):
    """How much of a portion."""

    amount = AmountField("Amount", LEAST_AMOUNT, LARGEST_PORTION, "Please write how much.")

    # What one of it weighs, set by the view once it knows of what.
    grams_per_unit = 1.0

    def validate_amount(self, field):
        grams = (field.data or 1) * self.grams_per_unit
        if grams > HEAVIEST_GRAMS:
            raise ValidationError(
                f"That is more than {HEAVIEST_GRAMS / 1000:,.0f} kg. Please check the amount."
            )
        if grams < LEAST_AMOUNT:
            raise ValidationError(f"That is less than {LEAST_AMOUNT:g} g. Please check the amount.")


class EntryForm(CreatingForm, AmountForm):
    """A food, how much of it, and at which meal."""

    food_id = IdField()
    portion_id = IdField()
    meal_id = IdField()


class RepeatForm(CreatingForm):
    """An earlier entry to log again."""

    entry_id = IdField()
    meal_id = IdField()


class CopyForm(CreatingForm):
    """Which day, and which meal of it, to copy; no meal means all of it."""

    other_day = DayField("From")
    meal_id = IdField()


class QuickEntryForm(CreatingForm):
    """Calories without a food."""

    name = TextField("What was it?", 200, render_kw={"autocomplete": "off", "placeholder": "Quick calories"})
    energy_kcal = AmountField("Energy (kcal)", 0, MOST_QUICK_KCAL)
    protein_g = AmountField("Protein (g)", 0, MOST_QUICK_GRAMS)
    carbohydrate_g = AmountField("Carbohydrate (g)", 0, MOST_QUICK_GRAMS)
    fat_g = AmountField("Fat (g)", 0, MOST_QUICK_GRAMS)
    meal_id = IdField()

    def validate_energy_kcal(self, field):
        nothing_else = all(self[name].data is None for name in KCAL_PER_G)
        if field.data is None and not field.errors and nothing_else:
            raise ValidationError("Please write the energy, or the protein, carbohydrate and fat.")

    @property
    def title(self) -> str:
        return self.name.data or "Quick calories"

    @property
    def amounts(self) -> dict[str, float | None]:
        """What was typed; energy that was left out is worked out from the rest (4, 4 and 9 kcal/g)."""
        amounts = {name: self[name].data for name in ("energy_kcal", *KCAL_PER_G)}
        if amounts["energy_kcal"] is None:
            amounts["energy_kcal"] = energy_of_macros(amounts)
        return amounts
