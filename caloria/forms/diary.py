from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, ValidationError

from caloria.filters.numbers import number, typed
from caloria.forms.amounts import AmountField, EnergyField, SeenField
from caloria.forms.base import CreatingForm, Form
from caloria.forms.fields import DayField, IdField, IdsField, TextField
from caloria.models.food import HEAVIEST_GRAMS
from caloria.models.ids import id_for
from caloria.models.nutrients import KCAL_PER_G, energy_of_macros
from caloria.models.snapshot import LARGEST_PORTION

LEAST_AMOUNT = 0.001
MOST_QUICK_KCAL = 20_000
MOST_QUICK_GRAMS = 2_000
PORTION_PUT_AWAY = _l("That portion was put away meanwhile. Please choose another.")


def check_weight(grams: float) -> None:
    """Refuse what nobody eats at once. Raises ValidationError."""
    if grams > HEAVIEST_GRAMS:
        most = number(HEAVIEST_GRAMS / 1000)
        raise ValidationError(_("That is more than %(weight)s kg. Please check the amount.", weight=most))
    if grams < LEAST_AMOUNT:
        least = number(LEAST_AMOUNT)
        raise ValidationError(_("That is less than %(weight)s g. Please check the amount.", weight=least))


class AmountForm(Form):
    """How much of a portion."""

    amount = AmountField(_l("Amount"), LEAST_AMOUNT, LARGEST_PORTION, _l("Please write how much."))

    # What one of it weighs, set by the view once it knows of what.
    grams_per_unit = 1.0

    def validate_amount(self, field):
        check_weight((field.data or 1) * self.grams_per_unit)


class SeenForm(Form):
    """A change of a figure that a page showed: another page may have been quicker."""

    seen = SeenField()

    # What is stored now.
    stored: float | None = None

    def ask_before_overwriting(self, field) -> None:
        """Raise a ValidationError, once, where what is stored is not what was shown, nor what was typed."""
        said = [None if each is None else typed(each) for each in (self.seen.data, self.stored, field.data)]
        if said[0] is None or said[1] in (said[0], said[2]):
            return
        self.seen.data = self.stored
        raise ValidationError(
            _(
                "This was changed to %(amount)s on another page meanwhile. To use yours, save again.",
                amount=typed(field.shown(self.stored)),
            )
        )


class ChangeForm(AmountForm, SeenForm):
    """Another amount of an entry."""

    def validate_amount(self, field):
        super().validate_amount(field)
        self.ask_before_overwriting(field)


class EntryForm(CreatingForm, AmountForm):
    """A food, how much of it, and at which meal; planned, it is for later."""

    planned = BooleanField(_l("Planned, not eaten yet"))

    food_id = IdField()
    portion_id = IdField()
    meal_id = IdField()


class SeveralForm(CreatingForm):
    """Foods that were ticked, each to be logged in its usual portion at one meal."""

    food = IdsField()
    meal_id = IdField()

    def validate_food(self, field):
        if not field.data and not field.errors:
            raise ValidationError(_("Please tick at least one food."))


class RepeatForm(CreatingForm):
    """An earlier entry to log again, one of several that a form has a button for."""

    entry_id = IdField()
    meal_id = IdField()

    @property
    def made_id(self) -> UUID:
        """The id of what this button logs: another one of the same form logs another entry."""
        return id_for(self.id.data, self.entry_id.data)


class CopyForm(CreatingForm):
    """Which day, and which meal of it, to copy; no meal means all of it."""

    other_day = DayField(_l("From"))
    meal_id = IdField()


class QuickEntryForm(CreatingForm):
    """Calories without a food."""

    name = TextField(
        _l("What was it?"), 200, render_kw={"autocomplete": "off", "placeholder": _l("Quick calories")}
    )
    energy_kcal = EnergyField(0, MOST_QUICK_KCAL)
    protein_g = AmountField(_l("Protein (g)"), 0, MOST_QUICK_GRAMS)
    carbohydrate_g = AmountField(_l("Carbohydrate (g)"), 0, MOST_QUICK_GRAMS)
    fat_g = AmountField(_l("Fat (g)"), 0, MOST_QUICK_GRAMS)
    meal_id = IdField()

    def validate_energy_kcal(self, field):
        nothing_else = all(self[name].data is None for name in KCAL_PER_G)
        if field.data is None and not field.errors and nothing_else:
            raise ValidationError(_("Please write the energy, or the protein, carbohydrate and fat."))

    @property
    def title(self) -> str:
        return self.name.data or _("Quick calories")

    @property
    def amounts(self) -> dict[str, float | None]:
        """What was typed; energy that was left out is worked out from the rest (4, 4 and 9 kcal/g)."""
        amounts = {name: self[name].data for name in ("energy_kcal", *KCAL_PER_G)}
        if amounts["energy_kcal"] is None:
            amounts["energy_kcal"] = energy_of_macros(amounts)
        return amounts


class QuickChangeForm(QuickEntryForm, SeenForm):
    """Other figures of quick calories."""

    def validate_energy_kcal(self, field):
        super().validate_energy_kcal(field)
        self.ask_before_overwriting(field)
