"""Every form of the app: where it is sent to, and something good that it may say."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from surroundings import PASSWORD

from caloria.forms.admin import ErasureForm, UntilForm
from caloria.forms.barcodes import BarcodeForm
from caloria.forms.base import CreatingForm, Form
from caloria.forms.check_ins import CheckInForm
from caloria.forms.confirmations import ConfirmationForm
from caloria.forms.corrections import CorrectionForm, MergeForm
from caloria.forms.day_marks import DayMarkForm
from caloria.forms.deletions import DeletionForm
from caloria.forms.diary import (
    AmountForm,
    ChangeForm,
    CopyForm,
    EntryForm,
    QuickChangeForm,
    QuickEntryForm,
    RepeatForm,
    SeenForm,
    SeveralForm,
)
from caloria.forms.drinks import DrinkForm, MetricDrinkForm, UsDrinkForm
from caloria.forms.emails import NewEmailForm
from caloria.forms.foods import FoodForm
from caloria.forms.imports import ImportForm, UploadForm
from caloria.forms.lines import LineEntriesForm
from caloria.forms.meals import MealForm, MealOrderForm
from caloria.forms.measurements import (
    MeasurementChangeForm,
    MeasurementForm,
    MetricMeasurementForm,
    UsMeasurementForm,
)
from caloria.forms.notes import NoteForm
from caloria.forms.people import (
    AccountForm,
    ChangePasswordForm,
    ForgottenPasswordForm,
    NewPasswordForm,
    SigninForm,
    SignupForm,
)
from caloria.forms.picks import MoveForm, PickForm, ShareForm, StateForm
from caloria.forms.plans import IntervalForm
from caloria.forms.portions import OwnPortionForm
from caloria.forms.reminders import ReminderForm
from caloria.forms.requests import CompletionForm, RefusalForm, RequestForm, SharedFoodForm, TurnForm
from caloria.forms.saved_meals import LoggedMealForm, SavedMealForm
from caloria.forms.targets import BodyForm, MetricBodyForm, TargetForm, UsBodyForm
from caloria.forms.weights import MetricWeightForm, UsWeightForm, WeightForm
from caloria.models.day_note import note_digest

# Only other forms are made of these.
NEVER_SENT = {AmountForm, SeenForm, Form, CreatingForm, BodyForm, DrinkForm, MeasurementForm, WeightForm}
A_PASSWORD = "another good password"
DAY = "/diary/2026-11-21"

ACCOUNT = {
    "name": "Alice B.",
    "time_zone": "Asia/Tokyo",
    "day_starts_at": "04:00",
    "units": "metric",
    "energy_unit": "kJ",
    "language": "en",
}
BODY = {
    "weight": "71.5",
    "birth_year": "1987",
    "sex": "female",
    "activity": "low",
    "aim": "keep",
    "pace": "0.5",
}
TARGET = {
    "energy_kcal": "2011",
    "protein_g": "101",
    "carbohydrate_g": "202",
    "fat_g": "71",
    "fiber_g": "31",
    "starts_on": "2026-11-20",
    "monday_kcal": "2301",
    "tuesday_kcal": "2302",
    "wednesday_kcal": "2303",
    "thursday_kcal": "2304",
    "friday_kcal": "2305",
    "saturday_kcal": "2306",
    "sunday_kcal": "2307",
}
FOOD = {
    "name": "Rye bread",
    "brand": "Baker",
    "gtin": "4006381333931",
    "basis": "100g",
    "serving_grams": "41",
    "serving_name": "slice",
    "energy_kcal": "221",
    "protein_g": "8.5",
    "carbohydrate_g": "42.5",
    "sugars_g": "3.25",
    "fat_g": "1.5",
    "saturated_fat_g": "0.25",
    "fiber_g": "7.75",
    "salt_g": "1.1",
    "sodium_mg": "",
}
# Its days may be written either way, and it says no unit.
DIARY_FILE = b"Date,Meal,Calories,Saturated Fat,Carbohydrates (g)\n1/2/2026,Brunch,300,1,20\n"
REQUEST = {"title": "Rye bread", "description": "From the mill", "gtin": "4006381333931"}
ASKED = "/admin/requests/{user}/{asked}"
WAIST = {"name": "Waist", "amount": "31.5", "unit": "cm"}
PICKED = {"id": "{new}", "entry": "{entry}"}
QUICK = {"name": "Soup", "energy_kcal": "155", "protein_g": "6.5", "carbohydrate_g": "21", "fat_g": "4.5"}


GIFTS = ("trials", "grants")
SOON = (datetime.now(UTC).date() + timedelta(days=30)).isoformat()


@dataclass(frozen=True)
class Place:
    """A form, its address and what it may say; words in braces stand for what the cast has."""

    form: type[Form]
    address: str
    good: dict[str, str]
    visitor: bool = False
    us_units: bool = False
    # What is sent beside the text: the name of a field, and what is in the file.
    file: tuple[str, bytes] | None = None
    admin: bool = False

    def filled_in(self, cast: dict) -> tuple[str, dict[str, str]]:
        said = {name: text.format(**cast) for name, text in self.good.items()}
        return self.address.format(**cast), said

    def __str__(self) -> str:
        return f"{self.form.__name__} at {self.address}"


SIGNUP = {"name": "Carol", "email": "carol@example.org", "password": A_PASSWORD, "time_zone": "UTC"}
PLACES = [
    Place(SignupForm, "/signup", {"id": "{new}", **SIGNUP}, visitor=True),
    Place(SigninForm, "/login", {"email": "alice@example.org", "password": PASSWORD}, visitor=True),
    Place(ForgottenPasswordForm, "/password/forgotten", {"email": "alice@example.org"}, visitor=True),
    Place(NewPasswordForm, "/password/reset/{token}", {"password": A_PASSWORD}, visitor=True),
    Place(ChangePasswordForm, "/password/change", {"current_password": PASSWORD, "password": A_PASSWORD}),
    Place(ConfirmationForm, "/account/confirmation", {"confirmation_password": PASSWORD}),
    Place(NewEmailForm, "/account/email", {"email": "alice-b@example.org"}),
    Place(DeletionForm, "/account/deletion", {"typed_email": "alice@example.org"}),
    Place(AccountForm, "/account", ACCOUNT),
    Place(ReminderForm, "/account/reminders", {"id": "{new}", "at": "20:15", "meal_id": "{meal}"}),
    Place(UploadForm, "/account/imports", {"id": "{new}"}, file=("file", DIARY_FILE)),
    Place(ImportForm, "/account/imports/{upload}", {"meals-0": "{meal}", "days": "all"}),
    Place(MetricBodyForm, "/targets/body", {"id": "{new}", "height": "171.5", **BODY}),
    Place(UsBodyForm, "/targets/body", {"id": "{new}", "feet": "5", "inches": "7.5", **BODY}, us_units=True),
    Place(TargetForm, "/targets", {"id": "{new}", **TARGET}),
    Place(MetricWeightForm, "/weights", {"id": "{new}", "weight": "71.5", "day": "2026-11-20"}),
    Place(UsWeightForm, "/weights", {"id": "{new}", "weight": "159", "day": "2026-11-20"}, us_units=True),
    Place(MetricWeightForm, DAY + "/weights", {"id": "{new}", "weight": "71.5"}),
    Place(MetricWeightForm, "/weights/{weight}", {"weight": "71.5", "day": "2026-11-20"}),
    Place(MetricMeasurementForm, "/measurements", {"id": "{new}", **WAIST}),
    Place(UsMeasurementForm, "/measurements", {"id": "{new}", **WAIST}, us_units=True),
    Place(MeasurementChangeForm, "/measurements/{measurement}", {"amount": "83.5", "day": "2026-11-20"}),
    Place(CheckInForm, "/trends/check-ins", {"id": "{new}", "answer": "keep", "proposed_kcal": "2100"}),
    Place(DayMarkForm, DAY + "/mark", {"complete": "yes"}),
    Place(FoodForm, "/foods", {"id": "{new}", **FOOD}),
    Place(FoodForm, "/foods/{own_food}", {"id": "{own_food}", **FOOD}),
    Place(IntervalForm, "/subscription", {"interval": "year"}),
    Place(IntervalForm, "/subscription/checkouts", {"interval": "month"}),
    Place(BarcodeForm, "/foods/barcode", {"digits": "4006381333931"}),
    Place(
        EntryForm,
        DAY + "/entries",
        {"id": "{new}", "food_id": "{food}", "portion_id": "{portion}", "meal_id": "{meal}", "amount": "1.5"},
    ),
    Place(
        LineEntriesForm,
        DAY + "/lines/entries",
        {
            "id": "{new}",
            "meal_id": "{meal}",
            "text": "60 g oats",
            "rows-0-taken": "y",
            "rows-0-amount": "60",
            "rows-0-choice": "{food}:{portion}",
        },
    ),
    Place(CopyForm, DAY + "/copies", {"id": "{new}", "other_day": "2026-11-20", "meal_id": "{meal}"}),
    Place(RepeatForm, DAY + "/repeats", {"id": "{new}", "entry_id": "{entry}", "meal_id": "{meal}"}),
    Place(QuickEntryForm, DAY + "/quick-entries", {"id": "{new}", "meal_id": "{meal}", **QUICK}),
    Place(QuickChangeForm, DAY + "/entries/{quick}", {"id": "{quick}", **QUICK}),
    Place(ChangeForm, DAY + "/entries/{entry}", {"amount": "2.5"}),
    Place(SeveralForm, DAY + "/several-entries", {"id": "{new}", "food": "{food}", "meal_id": "{meal}"}),
    Place(MoveForm, DAY + "/moves", {**PICKED, "to_day": "2026-11-21", "meal_id": "{meal}"}),
    Place(ShareForm, DAY + "/shares", {**PICKED, "percent": "41"}),
    Place(StateForm, DAY + "/states", {**PICKED, "state": "planned"}),
    Place(PickForm, DAY + "/deletions", PICKED),
    Place(CorrectionForm, "/foods/{food}/corrections", {"id": "{new}", "since": "2026-11-01"}),
    Place(MergeForm, "/foods/{own_food}/merges", {"id": "{new}", "into_id": "{food}"}),
    Place(RequestForm, "/requests", {"id": "{new}", "about_id": "{food}", **REQUEST}),
    Place(TurnForm, "/admin/requests/{user}/{waiting}/turns", {"seen_id": ""}, admin=True),
    Place(CompletionForm, ASKED + "/completions", {"answer": "It is there", "food_id": "{food}"}, admin=True),
    Place(RefusalForm, ASKED + "/refusals", {"reason": "Nobody sells it"}, admin=True),
    Place(SharedFoodForm, ASKED + "/food", {"id": "{new}", "answer": "Here it is", **FOOD}, admin=True),
    Place(
        SharedFoodForm,
        "/admin/requests/{user}/{wrong}/food/correction",
        {"id": "{food}", "answer": "It is right now", **FOOD},
        admin=True,
    ),
    Place(MergeForm, "/admin/foods/{food}/merges", {"id": "{new}", "into_id": "{other_food}"}, admin=True),
    Place(SavedMealForm, DAY + "/meals/{meal}/saved-meals", {"id": "{new}", "name": "Oats and soup"}),
    Place(SavedMealForm, "/saved-meals/{saved_meal}", {"id": "{saved_meal}", "name": "Oats and soup"}),
    Place(ChangeForm, "/saved-meals/{saved_meal}/items/{saved_item}", {"amount": "2.5"}),
    Place(
        LoggedMealForm,
        DAY + "/logged-meals",
        {"id": "{new}", "saved_meal_id": "{saved_meal}", "meal_id": "{meal}", "share": "51"},
    ),
    Place(MealForm, "/meals", {"id": "{new}", "name": "Second breakfast", "usual_from": "10:15"}),
    Place(MealForm, "/meals/{meal}", {"id": "{meal}", "name": "First", "usual_from": "06:15"}),
    Place(MealOrderForm, "/meals/{meal}/order", {"towards": "down"}),
    Place(MetricDrinkForm, DAY + "/drinks", {"id": "{new}", "water_ml": "331"}),
    Place(UsDrinkForm, DAY + "/drinks", {"id": "{new}", "fluid_ounces": "12"}, us_units=True),
    Place(NoteForm, DAY + "/note", {"text": "Slept well", "seen": note_digest("")}),
    Place(OwnPortionForm, "/foods/{food}/portions", {"id": "{new}", "unit": "my bowl", "gram_weight": "57"}),
    *(
        Place(UntilForm, f"/admin/users/{{bobs_user}}/{act}", {"until_day": SOON}, admin=True)
        for act in GIFTS
    ),
    Place(ErasureForm, "/admin/users/{bobs_user}/erasures", {"typed_email": "bob@example.org"}, admin=True),
]


def fields(form: type[Form]) -> dict[str, type]:
    """The fields of a form, and of what kind each is."""
    names = (name for name in dir(form) if hasattr(getattr(form, name), "_formfield"))
    return {name: getattr(form, name).field_class for name in names}


# Where a form stands at several addresses, its fields are told things at one of them.
FIRST_PLACES = {place.form: place for place in reversed(PLACES)}
FIELDS = [
    (place, name) for place in PLACES if place is FIRST_PLACES[place.form] for name in fields(place.form)
]
