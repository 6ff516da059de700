from math import ceil, floor

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from wtforms import RadioField, SelectField, ValidationError

from caloria.filters.numbers import amount
from caloria.forms.amounts import AmountField, WholeEnergyField, WholeField
from caloria.forms.base import CreatingForm
from caloria.forms.fields import DayField, choices
from caloria.models.body import EARLIEST_BIRTH, PACES_KG_PER_WEEK, SHORTEST_CM, TALLEST_CM
from caloria.models.clock import utc_now
from caloria.models.target import LEAST_ENERGY_KCAL, MOST_ENERGY_KCAL, MOST_GRAMS
from caloria.models.units import CM_PER_INCH, KG_PER_POUND
from caloria.models.weight import HEAVIEST_KG, LIGHTEST_KG

INCHES_PER_FOOT = 12
YOUNGEST = 10
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class BodyForm(CreatingForm):
    """Height, weight, birth year, sex, activity and aim. Everything may be left out."""

    birth_year = WholeField(_l("Year of birth"), EARLIEST_BIRTH, 2200)
    sex = RadioField(
        _l("Sex"),
        choices=choices(("female", _l("Female")), ("male", _l("Male")), ("", _l("I'd rather not say"))),
        description=_l("The formula differs. Without it we take the middle."),
        default="",
    )
    activity = SelectField(
        _l("How active are your days?"),
        choices=choices(
            ("", _l("I'd rather not say")),
            ("low", _l("Mostly sitting")),
            ("moderate", _l("On my feet, or sport now and then")),
            ("active", _l("Physical work, or sport most days")),
            ("very_active", _l("Hard physical work and sport")),
        ),
        default="",
    )
    aim = RadioField(
        _l("What would you like?"),
        choices=choices(
            ("lose", _l("Lose weight")), ("keep", _l("Keep my weight")), ("gain", _l("Gain weight"))
        ),
        default="keep",
    )
    pace = SelectField(
        _l("How fast, if you want to change it?"),
        choices=choices(
            *(
                (str(pace), _l("%(pace)s kg a week", pace=LazyString(amount, pace)))
                for pace in PACES_KG_PER_WEEK
            )
        ),
        default=str(PACES_KG_PER_WEEK[0]),
    )

    def validate_birth_year(self, field):
        if field.data and field.data > utc_now().year - YOUNGEST:
            raise ValidationError(_("Please check the year: it makes you younger than Caloria is for."))


class MetricBodyForm(BodyForm):
    height = AmountField(_l("Height in cm"), SHORTEST_CM, TALLEST_CM)
    weight = AmountField(_l("Weight in kg"), LIGHTEST_KG, HEAVIEST_KG)

    @property
    def height_cm(self) -> float | None:
        return self.height.data

    @property
    def weight_kg(self) -> float | None:
        return self.weight.data

    def show(self, height_cm: float | None, weight_kg: float | None) -> None:
        """Fill in what is known."""
        self.height.data, self.weight.data = height_cm, weight_kg


class UsBodyForm(BodyForm):
    feet = WholeField(_l("Height: feet"), 3, 8)
    inches = AmountField(_l("Inches"), 0, 11.99)
    weight = AmountField(
        _l("Weight in pounds"), ceil(LIGHTEST_KG / KG_PER_POUND), floor(HEAVIEST_KG / KG_PER_POUND)
    )

    @property
    def height_cm(self) -> float | None:
        if self.feet.data is None:
            return None
        return (self.feet.data * INCHES_PER_FOOT + (self.inches.data or 0)) * CM_PER_INCH

    @property
    def weight_kg(self) -> float | None:
        return None if self.weight.data is None else self.weight.data * KG_PER_POUND

    def validate_feet(self, field):
        if self.height_cm and not SHORTEST_CM <= self.height_cm <= TALLEST_CM:
            raise ValidationError(_("Please check the feet and the inches: they come to an unusual height."))

    def validate_inches(self, field):
        if field.data is not None and self.feet.data is None:
            raise ValidationError(_("Please write the feet too."))

    def show(self, height_cm: float | None, weight_kg: float | None) -> None:
        """Fill in what is known."""
        if height_cm is not None:
            feet, inches = divmod(round(height_cm / CM_PER_INCH, 1), INCHES_PER_FOOT)
            self.feet.data, self.inches.data = int(feet), round(inches, 1)
        if weight_kg is not None:
            self.weight.data = round(weight_kg / KG_PER_POUND, 1)


BODY_FORMS = {"metric": MetricBodyForm, "us": UsBodyForm}


class TargetForm(CreatingForm):
    energy_kcal = WholeEnergyField(
        LEAST_ENERGY_KCAL,
        MOST_ENERGY_KCAL,
        _l("Please write how much energy."),
        _l("Energy in %(unit)s a day", unit=WholeEnergyField.unit),
    )
    protein_g = AmountField(_l("Protein in g"), 0, MOST_GRAMS)
    carbohydrate_g = AmountField(_l("Carbohydrate in g"), 0, MOST_GRAMS)
    fat_g = AmountField(_l("Fat in g"), 0, MOST_GRAMS)
    fiber_g = AmountField(_l("Fibre in g"), 0, MOST_GRAMS)
    starts_on = DayField(_l("From"), description=_l("Days before this date keep the target they had."))

    monday_kcal = WholeEnergyField(LEAST_ENERGY_KCAL, MOST_ENERGY_KCAL, label=_l("Monday"))
    tuesday_kcal = WholeEnergyField(LEAST_ENERGY_KCAL, MOST_ENERGY_KCAL, label=_l("Tuesday"))
    wednesday_kcal = WholeEnergyField(LEAST_ENERGY_KCAL, MOST_ENERGY_KCAL, label=_l("Wednesday"))
    thursday_kcal = WholeEnergyField(LEAST_ENERGY_KCAL, MOST_ENERGY_KCAL, label=_l("Thursday"))
    friday_kcal = WholeEnergyField(LEAST_ENERGY_KCAL, MOST_ENERGY_KCAL, label=_l("Friday"))
    saturday_kcal = WholeEnergyField(LEAST_ENERGY_KCAL, MOST_ENERGY_KCAL, label=_l("Saturday"))
    sunday_kcal = WholeEnergyField(LEAST_ENERGY_KCAL, MOST_ENERGY_KCAL, label=_l("Sunday"))

    @property
    def of_weekdays(self) -> list[WholeEnergyField]:
        """The fields of the days of the week, Monday first."""
        return [self[f"{day}_kcal"] for day in WEEKDAYS]

    @property
    def weekdays(self) -> dict[int, float]:
        """The energy of the days of the week that differ, Monday being 0."""
        return {number: field.data for number, field in enumerate(self.of_weekdays) if field.data is not None}

    @property
    def amounts(self) -> dict[str, float | None]:
        names = ("energy_kcal", "protein_g", "fat_g", "carbohydrate_g", "fiber_g")
        return {name: self[name].data for name in names}
