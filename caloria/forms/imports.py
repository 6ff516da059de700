from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FieldList, RadioField, SelectField, ValidationError

from caloria.forms.barcodes import PhotoField
from caloria.forms.base import CreatingForm, Form
from caloria.forms.fields import OUT_OF_DATE, choices
from caloria.models import DiaryImport, Meal
from caloria.models.imported.reading import MOST_MEALS, OTHER_MEALS
from caloria.models.imported_rows import BY_TIME, NEW, Choices, guessed
from caloria.models.meals import LONGEST_NAME, MOST

NO_FILE = _l("Please choose the file that the other tracker gave you.")

# What is asked, and where a file says whether it has to be.
QUESTIONS = {
    "date_order": "dates_open",
    "energy_unit": "energy_open",
    "weight_unit": "weights_open",
    "length_unit": "lengths_open",
}


class UploadField(PhotoField):
    """A file, as its bytes; None where none was chosen."""

    file_name = ""

    def process_formdata(self, valuelist):
        super().process_formdata(valuelist)
        if self.data is not None:
            self.file_name = request.files[self.name].filename or ""


class UploadForm(CreatingForm):
    """A file that another tracker, or Caloria, exported."""

    file = UploadField(_l("The file"), render_kw={"accept": ".csv,.zip,.xlsx,.tsv,.txt,.json"})

    def validate_file(self, field):
        if field.data is None and not field.errors:
            raise ValidationError(NO_FILE)


class MealsField(FieldList):
    """Which meal of the diary each meal of a file is; what is wrong with them is said in sentences."""

    def validate(self, form, extra_validators=()):
        super().validate(form, extra_validators)
        of_all = [text for text in self.errors if isinstance(text, str)]
        self.errors = list(dict.fromkeys([*of_all, *(str(text) for meal in self for text in meal.errors)]))
        return not self.errors


class ImportForm(Form):
    """What only the person can say of a file: at which meals, in which units, on which days."""

    meals = MealsField(SelectField(_l("Meal"), choices=[]), label=_l("Meals"), max_entries=MOST_MEALS + 1)
    date_order = RadioField(
        _l("How are its dates written?"),
        choices=choices(("month", _l("Month first")), ("day", _l("Day first"))),
        default="month",
    )
    energy_unit = RadioField(
        _l("In what is its energy?"), choices=choices(("kcal", "kcal"), ("kJ", "kJ")), default="kcal"
    )
    weight_unit = RadioField(
        _l("In what are its weights?"), choices=choices(("kg", "kg"), ("lb", "lb")), default="kg"
    )
    length_unit = RadioField(
        _l("In what are its other measures?"),
        choices=choices(("cm", "cm"), ("in", _l("inches"))),
        default="cm",
    )
    days = RadioField(
        _l("Days on which something is logged already"),
        choices=choices(("all", _l("Add to them")), ("empty", _l("Leave them as they are"))),
        default="all",
    )

    @classmethod
    def of(cls, upload: DiaryImport, meals: list[Meal], units: str) -> "ImportForm":
        """The form for a file, as it was sent or as is likely; what is clear is not asked."""
        names = upload.summary["meals"]
        likely = [guessed(each["name"], meals, timed=each["timed"] > 0) for each in names]
        in_us = units == "us"
        said = {"weight_unit": "lb" if in_us else "kg", "length_unit": "in" if in_us else "cm"}
        form = cls(data={"meals": likely, **said})
        for question, is_open in QUESTIONS.items():
            if not upload.summary.get(is_open):
                del form[question]
        form.name_meals(names, likely, meals)
        return form

    def name_meals(self, names: list[dict], likely: list[str], meals: list[Meal]) -> None:
        """Offer the meals of the diary for each of the file; what was not sent is as is likely."""
        while len(self.meals) > len(names):
            self.meals.pop_entry()
        for choice in likely[len(self.meals) :]:
            self.meals.append_entry(choice)
        by_time = [(BY_TIME, _("By the time of day"))]
        self.known_meals = {meal.name.casefold() for meal in meals}
        for field, name in zip(self.meals, names, strict=True):
            options = [(str(meal.id), meal.name) for meal in meals]
            field.choices = [*(by_time if name["timed"] else []), *options, *self._new_meal(name["name"])]
            field.label.text = name["name"] or _("Without a meal")

    def _new_meal(self, name: str) -> list[tuple[str, str]]:
        """A meal that has no counterpart may become one of the diary."""
        is_one = name not in ("", OTHER_MEALS) and name.casefold() not in self.known_meals
        return [(NEW, _("A new meal: %(name)s", name=name[:LONGEST_NAME]))] if is_one else []

    def validate_meals(self, field):
        new = {meal.label.text[:LONGEST_NAME].casefold() for meal in field if meal.data == NEW}
        if new and len(self.known_meals | new) > MOST:
            raise ValidationError(_("A day has room for %(most)s meals. Put one away first.", most=MOST))

    def validate_days(self, field):
        if not field.raw_data:
            raise ValidationError(OUT_OF_DATE)

    def chosen(self, upload: DiaryImport) -> Choices:
        names = [each["name"] for each in upload.summary["meals"]]
        said = {"meals": {name: field.data for name, field in zip(names, self.meals, strict=True)}}
        for name in QUESTIONS:
            if name in self:
                said[name] = self[name].data
        return Choices(empty_days_alone=self.days.data == "empty", **said)
