from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FormField, StringField, ValidationError
from wtforms import Form as Part
from wtforms.widgets import HiddenInput

from caloria.forms.amounts import AmountField
from caloria.forms.base import CreatingForm
from caloria.forms.diary import LEAST_AMOUNT, check_weight
from caloria.forms.fields import OUT_OF_DATE, IdField, TextField
from caloria.models.line.grammar import LONGEST, MOST_ITEMS
from caloria.models.line.line import Line, Row
from caloria.models.meal import AnyMeal
from caloria.models.nutrients import Sum
from caloria.models.snapshot import LARGEST_PORTION


class ChoiceField(StringField):
    """A food and one of its portions, as one value: "food:portion", or "food:" for grams."""

    def process_formdata(self, valuelist):
        self.data, self.food_id, self.portion_id = valuelist[0] if valuelist else "", None, None
        food, _colon, portion = self.data.partition(":")
        try:
            self.food_id = UUID(food) if food else None
            self.portion_id = UUID(portion) if portion else None
        except ValueError:
            raise ValueError(OUT_OF_DATE) from None

    food_id: UUID | None = None
    portion_id: UUID | None = None

    def refuse(self, sentence: str, instead: str) -> None:
        """Say what is wrong with what was chosen before the form is checked; another stands in for it."""
        self.process_errors = [*self.process_errors, sentence]
        self.data = instead


class RowForm(Part):
    """One food of a line: how much of which portion, and whether it is to be logged."""

    taken = BooleanField(_l("Log this"))
    amount = AmountField(_l("Amount"), LEAST_AMOUNT, LARGEST_PORTION)
    choice = ChoiceField(_l("Food and portion"))

    # What one of the portion weighs, set by the view once it knows of what.
    grams_per_unit = 1.0

    def validate_amount(self, field):
        if field.data is None and not field.errors:
            raise ValidationError(_("Please write how much."))
        check_weight((field.data or 1) * self.grams_per_unit)

    def validate(self, extra_validators=None):
        """What is left out may say anything."""
        return super().validate(extra_validators) if self.taken.data else True

    @property
    def is_chosen(self) -> bool:
        return self.taken.data and self.choice.food_id is not None


class RowsField(FieldList):
    """The rows of a line; what is wrong with them is said sentence by sentence."""

    def validate(self, form, extra_validators=()):
        is_good = super().validate(form, extra_validators)
        texts = [text for row in self for texts in row.form.errors.values() for text in texts]
        texts += [text for text in self.errors if not isinstance(text, dict)]
        self.errors = list(dict.fromkeys(map(str, texts)))
        return is_good


class LineEntriesForm(CreatingForm):
    """The rows that a line was read as, to be logged together."""

    text = TextField(_l("What did you eat?"), LONGEST, widget=HiddenInput())
    meal_id = IdField()
    rows = RowsField(FormField(RowForm), label=_l("Foods"), max_entries=MOST_ITEMS)

    @classmethod
    def of(cls, line: Line, meal: AnyMeal) -> "LineEntriesForm":
        """The rows as they were read, to be checked."""
        form = cls(formdata=None, text=line.text, meal_id=meal.id)
        form.show(line.rows)
        return form

    def show(self, rows: list[Row]) -> None:
        """Say what was read, instead of anything that was said before."""
        while self.rows.entries:
            self.rows.pop_entry()
        for row in rows:
            self.rows.append_entry(_said(row))

    def beside(self, line: Line) -> dict:
        """What a page needs to show: each row with its fields, and what all that are ticked come to."""
        rows = list(zip(line.rows, self.rows, strict=True))
        taken = [row for row, said in rows if said.form.taken.data]
        energy = Sum.over(row.energy_kcal for row in taken)
        return {"line": line, "form": self, "rows": rows, "taken": taken, "energy": energy}

    @property
    def chosen(self) -> list[RowForm]:
        return [row.form for row in self.rows if row.form.is_chosen]

    def validate_rows(self, field):
        if not self.chosen:
            raise ValidationError(_("Nothing is chosen. Please tick at least one food."))


def _said(row: Row) -> dict:
    if row.food is None or row.serving is None:
        return {"taken": False}
    choice = option(row.food, row.serving.portion)
    return {"taken": True, "amount": row.serving.amount, "choice": choice}


def option(food, portion) -> str:
    """The value that stands for a portion of a food."""
    return f"{food.id}:{portion.id or ''}"
