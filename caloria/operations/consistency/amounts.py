"""Amounts that cannot be: outside their bounds, or with a part greater than its whole."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, ColumnElement, Table, and_, func, literal_column, or_

from caloria.operations.consistency.relations import beside
from caloria.operations.consistency.rows import Beside, Rule

# Figures are analysed one by one and rounded, so parts come to a little more than their whole: in the foods
# that Caloria ships to 0.98 g in 100 g. A label may say up to 105 g, which is what its form lets pass.
PART_SLACK, MOST_OF_WEIGHT = 0.015, 1.06
PARTS = {
    "saturated fat than fat": (("saturated_fat_g",), "fat_g"),
    "kinds of fat than fat": (("saturated_fat_g", "monounsaturated_fat_g", "polyunsaturated_fat_g"), "fat_g"),
    "sugars than carbohydrate": (("sugars_g",), "carbohydrate_g"),
    "sugars and fibre than carbohydrate": (("sugars_g", "fiber_g"), "carbohydrate_g"),
}
HOLDS_FIBRE = "by_difference"
WEIGHED = ("protein_g", "fat_g", "carbohydrate_g", "water_g", "alcohol_g")
Condition = ColumnElement[bool]


def rules(table: Table) -> Iterator[Rule]:
    """Every CHECK holds, also where the database lost it; and totals agree with their parts."""
    for check in sorted(check_texts(table)):
        yield Rule(f"{table.name} that break {check}", literal_column(f"NOT ({check})", Boolean))
    if table.name == "foods":
        yield from food_rules(table)
    if table.name == "entries":
        yield from entry_rules(table)


def check_texts(table: Table) -> list[str]:
    """The CHECKs of the models. NaN and infinity break those with two bounds."""
    return [str(each.sqltext) for each in table.constraints if isinstance(each, CheckConstraint)]


def food_rules(foods: Table) -> Iterator[Rule]:
    """What a person copied from a label may be off by a gram in each small serving: only shared foods."""
    for what, too_much in more_parts_than_whole(foods, foods, 100):
        yield Rule(f"shared foods with more {what}", and_(foods.c.owner_id.is_(None), too_much))
    yield Rule("foods that hold more than 100 g in 100 g", total(foods, WEIGHED) > 100 * MOST_OF_WEIGHT)


def entry_rules(entries: Table) -> Iterator[Rule]:
    food = its_food(entries)
    shared = and_(food.table.c.id.is_not(None), food.table.c.owner_id.is_(None))
    for what, too_much in more_parts_than_whole(entries, food.table, entries.c.gram_weight):
        yield Rule(f"entries of shared foods with more {what}", and_(shared, too_much), (food,))
    too_heavy = total(entries, WEIGHED) > entries.c.gram_weight * MOST_OF_WEIGHT
    yield Rule("entries that hold more than they weigh", too_heavy)
    yield Rule("entries with an amount but no weight, or the other way round", half_said(entries))
    weighs_else = func.abs(entries.c.gram_weight - entries.c.portion_amount) > entries.c.gram_weight / 1000
    in_grams = and_(shared, entries.c.portion_unit == "g", weighs_else)
    yield Rule("entries in grams that weigh something else", in_grams, (food,))


def its_food(entries: Table) -> Beside:
    return beside(next(k for k in entries.foreign_key_constraints if k.referred_table.name == "foods"))


def more_parts_than_whole(table: Table, foods: Any, grams: Any) -> Iterator[tuple[str, Condition]]:
    """Each total beside its parts; what is unknown is none. Only carbohydrate by difference holds fibre."""
    for what, (parts, whole) in PARTS.items():
        too_much = total(table, parts) > table.c[whole] + grams * PART_SLACK
        of_difference = foods.c.carbohydrate_basis == HOLDS_FIBRE
        yield what, and_(of_difference, too_much) if "fiber_g" in parts else too_much


def total(table: Table, names: Iterable[str]) -> ColumnElement[float]:
    first, *rest = (func.coalesce(table.c[name], 0) for name in names)
    return sum(rest, start=first)


def half_said(entries: Table) -> Condition:
    amount, weight = entries.c.portion_amount, entries.c.gram_weight
    return or_(and_(amount.is_(None), weight.is_not(None)), and_(amount.is_not(None), weight.is_(None)))
