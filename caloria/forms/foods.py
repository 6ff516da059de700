from wtforms import RadioField, ValidationError

from caloria.forms.base import CreatingForm
from caloria.forms.fields import AmountField, TextField, choices
from caloria.models.food import HEAVIEST_GRAMS, Label
from caloria.models.nutrients import BY_NAME, scaled

# What a label declares. Salt is asked for as it stands on labels of the EU; sodium is what is stored.
LABEL = ("energy_kcal", "fat_g", "saturated_fat_g", "carbohydrate_g", "sugars_g", "fiber_g", "protein_g")
SODIUM_MG_PER_G_SALT = 400  # EU labels: salt = sodium x 2.5


def _label_field(name: str) -> AmountField:
    nutrient = BY_NAME[name]
    return AmountField(f"{nutrient.label} ({nutrient.unit})", 0, nutrient.ceiling * HEAVIEST_GRAMS / 100)


class FoodForm(CreatingForm):
    """A food of one's own, from its label."""

    name = TextField("Name", 200, "Please name the food.", render_kw={"autocomplete": "off"})
    brand = TextField("Brand", 100, render_kw={"autocomplete": "off"})
    basis = RadioField(
        "The figures are for",
        choices=choices(("100g", "100 g"), ("serving", "one serving")),
        default="100g",
    )
    serving_grams = AmountField("One serving weighs (g)", 0.1, HEAVIEST_GRAMS)
    serving_name = TextField("What is a serving called?", 40, description="slice, bar, bottle …")
    energy_kcal = AmountField("Energy (kcal)", 0, 1_000_000, "Please write the energy; 0 is fine for water.")
    protein_g = _label_field("protein_g")
    carbohydrate_g = _label_field("carbohydrate_g")
    sugars_g = _label_field("sugars_g")
    fat_g = _label_field("fat_g")
    saturated_fat_g = _label_field("saturated_fat_g")
    fiber_g = _label_field("fiber_g")
    salt_g = AmountField("Salt (g)", 0, 100_000)
    sodium_mg = AmountField("or sodium (mg)", 0, 100_000_000)

    def validate_serving_grams(self, field):
        if self.basis.data == "serving" and field.data is None and not field.errors:
            raise ValidationError(
                "Please write what one serving weighs, so that any amount can be worked out."
            )

    def validate(self, extra_validators=None) -> bool:
        return super().validate(extra_validators) and self._is_possible()

    def _is_possible(self) -> bool:
        """Refuse what no 100 g can hold: a misread label, most likely figures of another basis."""
        per_100_g = self.per_100_g
        for name, amount in per_100_g.items():
            if amount is not None and amount > BY_NAME[name].ceiling:
                most = f"{BY_NAME[name].ceiling:,.0f} {BY_NAME[name].unit}"
                self._field_of(name).errors = [
                    f"That is more than 100 g can hold ({most}). Is the basis right?"
                ]
        solids = sum(per_100_g[name] or 0 for name in ("protein_g", "carbohydrate_g", "fat_g"))
        if solids > BY_NAME["fat_g"].ceiling + 5:
            self.form_errors.append(
                f"Protein, carbohydrate and fat come to {solids:,.0f} g in 100 g. Is the basis right?"
            )
        return not self.errors

    def _field_of(self, name: str):
        return self["salt_g" if name == "sodium_mg" and self.sodium_mg.data is None else name]

    @property
    def label(self) -> Label:
        return Label(
            self.name.data,
            self.brand.data,
            self.per_100_g,
            self.serving_name.data,
            self.serving_grams.data,
        )

    @property
    def per_100_g(self) -> dict[str, float | None]:
        """The figures of the label per 100 g; what the label does not say is unknown."""
        amounts = {name: self[name].data for name in LABEL}
        amounts["sodium_mg"] = self.sodium_mg.data
        if self.sodium_mg.data is None and self.salt_g.data is not None:
            amounts["sodium_mg"] = self.salt_g.data * SODIUM_MG_PER_G_SALT
        factor = 1 if self.basis.data == "100g" else 100 / self.serving_grams.data
        return scaled(amounts, factor)
