from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, ValidationError

from caloria.filters.numbers import rounded
from caloria.filters.words import doubt_words
from caloria.forms.amounts import AmountField, EnergyField
from caloria.forms.barcodes import BarcodeField
from caloria.forms.base import CreatingForm
from caloria.forms.fields import IdField, TextField, choices
from caloria.models.food import HEAVIEST_GRAMS, Food, Label
from caloria.models.nutrients import BY_NAME, Nutrient, scaled
from caloria.models.plausibility import SODIUM_MG_PER_G_SALT, doubts

# What a label declares. Salt is asked for as it stands on labels of the EU; sodium is what is stored.
LABEL = ("energy_kcal", "fat_g", "saturated_fat_g", "carbohydrate_g", "sugars_g", "fiber_g", "protein_g")


def _label_field(name: str) -> AmountField:
    nutrient = BY_NAME[name]
    label = _l("%(nutrient)s (%(unit)s)", nutrient=_l(nutrient.label), unit=nutrient.unit)
    return AmountField(label, 0, nutrient.ceiling * HEAVIEST_GRAMS / 100)


def _impossible(nutrient: Nutrient) -> str:
    most = f"{rounded(nutrient.ceiling)} {nutrient.unit}"
    if nutrient.unit == "kcal":
        return _(
            "That is more than 100 g can hold (%(most)s). Is it kcal and not kJ? Is the basis right?",
            most=most,
        )
    return _("That is more than 100 g can hold (%(most)s). Is the basis right?", most=most)


class FoodForm(CreatingForm):
    """A food of one's own, from its label."""

    name = TextField(_l("Name"), 200, _l("Please name the food."), render_kw={"autocomplete": "off"})
    brand = TextField(_l("Brand"), 100, render_kw={"autocomplete": "off"})
    gtin = BarcodeField(_l("Barcode"))
    basis = RadioField(
        _l("The figures are for"),
        choices=choices(("100g", _l("100 g")), ("serving", _l("one serving"))),
        default="100g",
    )
    serving_grams = AmountField(_l("One serving weighs (g)"), 0.1, HEAVIEST_GRAMS)
    serving_name = TextField(_l("What is a serving called?"), 40, description=_l("slice, bar, bottle …"))
    energy_kcal = EnergyField(0, 1_000_000, _l("Please write the energy; 0 is fine for water."))
    protein_g = _label_field("protein_g")
    carbohydrate_g = _label_field("carbohydrate_g")
    sugars_g = _label_field("sugars_g")
    fat_g = _label_field("fat_g")
    saturated_fat_g = _label_field("saturated_fat_g")
    fiber_g = _label_field("fiber_g")
    salt_g = AmountField(_l("Salt (g)"), 0, 100_000)
    sodium_mg = AmountField(_l("or sodium (mg)"), 0, 100_000_000)

    # The food that it is a copy of, which says what a label does not: vitamins and minerals.
    like_id = IdField()

    # Another food of this person's with the barcode, where there is one.
    twin: Food | None = None

    def validate_serving_grams(self, field):
        if self.basis.data == "serving" and field.data is None and not field.errors:
            raise ValidationError(
                _("Please write what one serving weighs, so that any amount can be worked out.")
            )

    def validate_serving_name(self, field):
        if field.data and self.serving_grams.data is None and not self.serving_grams.errors:
            raise ValidationError(
                _("Please write what one %(serving)s weighs, or leave this empty.", serving=field.data)
            )

    def validate_sodium_mg(self, field):
        if field.data is not None and self.salt_g.data is not None:
            raise ValidationError(_("Salt is 2.5 times sodium. Please write one and leave the other empty."))

    def validate(self, extra_validators=None) -> bool:
        return super().validate(extra_validators) and self._is_possible()

    def _is_possible(self) -> bool:
        """Refuse what no 100 g can hold: a misread label, most likely figures of another basis."""
        per_100_g = self.per_100_g
        for name, amount in per_100_g.items():
            if amount is not None and amount > BY_NAME[name].ceiling:
                self._field_of(name).errors = [_impossible(BY_NAME[name])]
        return not self.errors

    def refuse_twin(self, twin: Food) -> None:
        """Say that another food has the barcode."""
        self.twin = twin
        self.gtin.errors = [
            _("“%(name)s” has this barcode already. Please change one of the two.", name=twin.name)
        ]

    def _field_of(self, name: str):
        return self["salt_g" if name == "sodium_mg" and self.sodium_mg.data is None else name]

    @classmethod
    def of(cls, food: Food, **more) -> "FoodForm":
        """The form filled in with a food's label as it was copied, such as per serving and with salt."""
        form = cls(obj=food, **more)
        if form.is_submitted():
            return form
        serving = next(iter(food.portions), None)
        if serving:
            form.serving_grams.data = serving.gram_weight / serving.amount
            form.serving_name.data = serving.unit
        form._show_as_copied(food, form.serving_grams.data)
        return form

    def _show_as_copied(self, food: Food, serving_grams: float | None) -> None:
        per_serving = food.label_per_serving and serving_grams
        factor = serving_grams / 100 if per_serving else 1
        self.basis.data = "serving" if per_serving else "100g"
        for name, amount in scaled(
            {name: food.amount(name) for name in (*LABEL, "sodium_mg")}, factor
        ).items():
            self[name].data = amount
        if food.label_says_salt and self.sodium_mg.data is not None:
            self.salt_g.data, self.sodium_mg.data = self.sodium_mg.data / SODIUM_MG_PER_G_SALT, None

    @property
    def label(self) -> Label:
        return Label(
            self.name.data,
            self.brand.data,
            self.per_100_g,
            self.serving_name.data or _("serving"),
            self.serving_grams.data,
            self.gtin.data,
            per_serving=self.basis.data == "serving",
            says_salt=self.salt_g.data is not None,
        )

    @property
    def doubt(self) -> str:
        """What to look at again in the figures, or nothing."""
        found = [doubt_words(doubt) for doubt in doubts(self.per_100_g)]
        return " ".join([*found, _("If it was a slip, you can change the label.")]) if found else ""

    @property
    def per_100_g(self) -> dict[str, float | None]:
        """The figures of the label per 100 g; what the label does not say is unknown."""
        amounts = {name: self[name].data for name in LABEL}
        amounts["sodium_mg"] = self.sodium_mg.data
        if self.sodium_mg.data is None and self.salt_g.data is not None:
            amounts["sodium_mg"] = self.salt_g.data * SODIUM_MG_PER_G_SALT
        factor = 1 if self.basis.data == "100g" else 100 / self.serving_grams.data
        return scaled(amounts, factor)
