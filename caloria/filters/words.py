"""What things are called: foods, acts, doubts, problems and where figures come from."""

from babel.lists import format_list
from flask_babel import get_locale, gettext, ngettext
from flask_babel import gettext as _

from caloria.filters.amounts import energy, grams
from caloria.filters.numbers import rounded
from caloria.languages import spoken
from caloria.models.gtin import NotABarcode, shown
from caloria.models.nutrients import BY_NAME
from caloria.models.plausibility import PARTS
from caloria.models.round_trip import CALLED


def food_name(food) -> str:
    """What a food is called in the language of this answer."""
    return food.name_in(spoken())


def unit(portion) -> str:
    """What a portion is called in the language of this answer."""
    return portion.unit_in(spoken())


def printed_barcode(gtin: str) -> str:
    """A barcode as it is printed on a packet; digits that are none, as they are."""
    try:
        return shown(gtin)
    except NotABarcode:
        return gtin


def doubt_words(doubt) -> str:
    """What does not go together in the figures of a food."""
    if doubt.kind == "energy":
        return _(
            "In 100 g, protein, carbohydrate and fat give about %(given)s; the label says %(said)s."
            " Alcohol or sweeteners may explain that.",
            given=energy(doubt.other),
            said=energy(doubt.figure),
        )
    if doubt.kind == "weight":
        return _(
            "Protein, carbohydrate, fat and salt come to %(weight)s g in 100 g.", weight=rounded(doubt.figure)
        )
    return _(
        "%(part)s (%(less)s) is part of %(whole)s (%(more)s), which is less.",
        part=_(BY_NAME[doubt.kind].label),
        less=grams(doubt.figure),
        whole=_(BY_NAME[PARTS[doubt.kind]].label).lower(),
        more=grams(doubt.other),
    )


def act_words(act) -> str:
    """What was done, to be read after "Undone:"."""
    number = act.entry_count
    # One entry is called by its name.
    what = act.subject or ngettext("%(num)s food", "%(num)s foods", number)
    said = {
        "logged": _("logged %(what)s", what=what),
        "copied": _("copied %(what)s", what=what),
        "changed": _("changed %(what)s", what=what),
        "moved": _("moved %(what)s", what=what),
        "shared": _("took a share of %(what)s", what=what),
        "eaten": _("ate %(what)s", what=what),
        "planned": _("planned %(what)s", what=what),
        "deleted": _("deleted %(what)s", what=what),
        "corrected": _("corrected %(what)s", what=what),
        "imported": _("imported %(what)s", what=what),
    }
    return said[act.kind]


def told(problem: dict) -> str:
    """What is wrong with a row of a file, in the language of whoever is signed in."""
    text = problem["text"]
    return _(text, **problem["said"])


def travelling(table: str) -> str:
    """What the rows of a table that is imported are called; nothing for parts of others."""
    return _(CALLED[table]) if table in CALLED else ""


def device_words(device: str | None) -> str:
    """What somebody signed in with: "Firefox on Android"."""
    browser, on, system = (device or "").partition(" on ")
    known = _("%(browser)s on %(system)s", browser=browser, system=system) if on else browser
    return known or _("Some device")


def feature_name(feature: str) -> str:
    """What people call something that a plan allows."""
    said = {
        "receipts": _("Receipts become food, from a photo"),
        "meal_plans": _("Meal plans and shopping lists"),
        "assistant": _("An assistant that drafts what you ate"),
        "adaptive_target": _("What you use in a day, measured, and a target that follows it"),
        "micronutrient_trends": _("The vitamins and minerals you get least of, and what supplies them"),
    }
    return said[feature]


def field_name(name: str) -> str:
    """What to call the field of a form that is shown by its name alone: "Portion id"."""
    return gettext(name.replace("_", " ").capitalize())


def listed(words: list[str]) -> str:
    """Words as a list: "protein, carbs, and fat"."""
    return format_list(words, locale=get_locale())


def sentence(words: str) -> str:
    """Words with a capital letter in front; the others stay as they are."""
    return words[:1].upper() + words[1:]


FILTERS = (
    listed,
    field_name,
    device_words,
    feature_name,
    act_words,
    food_name,
    printed_barcode,
    doubt_words,
    unit,
    sentence,
    told,
    travelling,
)
