"""What admins do to the foods that everybody has. Each act is noted; no entry of a diary changes by it."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from caloria.extensions import db
from caloria.models.audit_event import AuditEvent
from caloria.models.clock import utc_now
from caloria.models.creation import FormReused, create_once, insert_if_new
from caloria.models.food import CALORIA, Food, Label, Portion
from caloria.models.food_merge import FoodMerge
from caloria.models.food_word import FoodWord
from caloria.models.nutrients import NUTRIENT_NAMES
from caloria.models.user import User
from caloria.models.word_forms import words_of

COPIED = ("name", "folded_name", "brand", "category", "carbohydrate_basis", "gtin", "density_g_per_ml")
COPIED_TOO = ("label_per_serving", "label_says_salt", *NUTRIENT_NAMES)
# Of thousands that have a name alike nobody would look at more at once.
SHOWN_OF_EACH = 20
NOTED = ("name", "brand", "gtin", *NUTRIENT_NAMES)


class NotThere(Exception):
    """A food that was put away meanwhile, or that is not everybody's."""


def create(form_id: UUID, digest: str, label: Label) -> Food:
    """Make a food for everybody, once for each form. Raises FormReused."""
    food = Food(id=form_id, source=CALORIA, source_id=str(form_id), form_digest=f"shared {digest}")
    is_new = db.session.get(Food, form_id) is None
    made = food.create_once(label)
    if is_new:
        _learn(made)
        AuditEvent.note("food create", made, after=_said(made))
    return made


def correct(food: Food, label: Label) -> None:
    """Change what a food of everybody's says."""
    before = _said(food)
    food.correct_shared(label)
    after = _said(food)
    changed = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    if changed:
        food.corrected_at = utc_now()
        _learn(food)
        sides = ({name: side.get(name) for name in changed} for side in (before, after))
        AuditEvent.note("food correct", food, **dict(zip(("before", "after"), sides, strict=True)))


def approve(food: Food) -> Food:
    """Give everybody a copy of what a person made, once; the person's own stays as it is, and theirs."""
    copy = Food(source=CALORIA, source_id=str(food.id), form_digest=f"approved {food.id}")
    for name in (*COPIED, *COPIED_TOO):
        setattr(copy, name, getattr(food, name))
    new = insert_if_new(copy)
    review(food)
    if new is None:
        same = select(Food).where(Food.source == CALORIA, Food.source_id == str(food.id))
        return db.session.scalars(same).one()
    new.portions = [
        Portion(position=each.position, amount=each.amount, unit=each.unit, gram_weight=each.gram_weight)
        for each in food.portions
    ]
    _learn(new)
    AuditEvent.note("food approve", new, before={"own": str(food.id)}, after=_said(new))
    return new


def review(food: Food) -> None:
    """Note that an admin looked at what a person made."""
    if food.reviewed_at is None:
        food.reviewed_at = utc_now()
        AuditEvent.note("food review", food, before={"reviewed": False}, after={"reviewed": True})


def merge(admin: User, food_id: UUID, into_id: UUID, form_id: UUID, digest: str) -> tuple[Food, Food]:
    """Put a food of everybody's away for another, once for each form. Raises NotThere and FormReused."""
    food, into = _locked(food_id, into_id)
    stored = FoodMerge(user_id=admin.id, id=form_id, food_id=food.id, into_id=into.id, form_digest=digest)
    if food.archived_at:
        _require_same(stored)
        return food, into
    if into.archived_at or food.id == into.id:
        raise NotThere
    if create_once(stored).undone_at is None:
        food.archive()
        said = {"merged into": str(into.id), "archived": True}
        AuditEvent.note("food merge", food, before={"merged into": None, "archived": False}, after=said)
    return food, into


def archive(food: Food) -> None:
    """Put a food of everybody's away: searching finds it no longer, and days keep what they have."""
    if food.archived_at is None:
        food.archive()
        AuditEvent.note("food archive", food, before={"archived": False}, after={"archived": True})


def restore(food: Food) -> None:
    """Bring a food of everybody's back, also where it was merged into another."""
    if food.archived_at is not None:
        food.unarchive()
        FoodMerge.undo_shared(food)
        AuditEvent.note("food restore", food, before={"archived": True}, after={"archived": False})


def made_by_people(reviewed: bool | None = None) -> Select:
    """Select what people made and use; in no order."""
    # Copies of Open Food Facts stay with whoever took them: its licence is not that of everybody's foods.
    made = select(Food).where(Food.owner_id.is_not(None), Food.open_food_code.is_(None))
    if reviewed is None:
        return made
    return made.where(Food.reviewed_at.is_not(None) if reviewed else Food.reviewed_at.is_(None))


def repeated(column: Any, after: str, most: int) -> list[str]:
    """What several foods in use have alike, of everybody's and of people's own, from there on."""
    some = select(column).where(Food.archived_at.is_(None), column.is_not(None), column > after)
    several = some.group_by(column).having(func.count() > 1)
    return list(db.session.scalars(several.order_by(column).limit(most)))


def alike(column: Any, values: list[str]) -> dict[str, list[Food]]:
    """The first foods in use of each of these, and one more where there are more; everybody's first."""
    order = (Food.owner_id.is_not(None), Food.id)
    place = func.row_number().over(partition_by=column, order_by=order).label("place")
    placed = select(Food.id, place).where(Food.archived_at.is_(None), column.in_(values)).subquery()
    first = select(placed.c.id).where(placed.c.place <= SHOWN_OF_EACH + 1)
    found: dict[str, list[Food]] = {value: [] for value in values}
    for food in db.session.scalars(select(Food).where(Food.id.in_(first)).order_by(*order)):
        found[getattr(food, column.key)].append(food)
    return found


def _locked(*ids: UUID) -> list[Food]:
    """Foods of everybody's as they are now, in one order for all who lock them. Raises NotThere."""
    shared = select(Food).where(Food.id.in_(ids), Food.owner_id.is_(None)).order_by(Food.id)
    locked = shared.with_for_update(of=Food).execution_options(populate_existing=True)
    found = {food.id: food for food in db.session.scalars(locked)}
    if len(found) < len(set(ids)):
        raise NotThere
    return [found[id_] for id_ in ids]


def _require_same(merge: FoodMerge) -> None:
    """That a food which is put away was put away by this very form. Raises NotThere and FormReused."""
    before = db.session.get(FoodMerge, (merge.user_id, merge.id))
    if before is None:
        raise NotThere
    if before.form_digest != merge.form_digest:
        raise FormReused


def _learn(food: Food) -> None:
    """Let a slip in its names be repaired by searching."""
    FoodWord.learn(words_of(food.folded_name))


def _said(food: Food) -> dict[str, Any]:
    """What the audit holds of a food: what it is called, and what is known of it."""
    return {name: value for name in NOTED if (value := getattr(food, name)) is not None}
