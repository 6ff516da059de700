"""From an export of Caloria to the rows of a diary: table by table, as the schema says."""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint, and_, delete, or_, select

from caloria.extensions import db, insert_rows
from caloria.models.clock import utc_now
from caloria.models.imported.own_row import reader_of
from caloria.models.imported.pages import Pages
from caloria.models.imported_batches import among, batched, run
from caloria.models.kept import cached_property
from caloria.models.meal import Meal
from caloria.models.meals import MOST as MOST_MEALS
from caloria.models.own_ids import OwnIds
from caloria.models.own_undoing import take_out
from caloria.models.round_trip import FOODS, MEALS, Traveller, pointed_at, travellers
from caloria.models.user import User


class OwnRows:
    """The rows of an export on their way into a diary: what is there already stays as it is."""

    def __init__(self, person: User, content: dict[str, Any]):
        self.person, self.content = person, content
        self.ids = OwnIds(person, content["shared"], self.rows)
        # The rows that were stored, by what tells them apart, and what others point to of them.
        self.made: dict[str, list[list[Any]]] = {}
        self._pointed: dict[tuple[str, str], set] = {each: set() for each in pointed_at()}
        self.replaced: list[list[Any]] = []

    # What is in it

    def rows(self, each: Traveller) -> Iterator[dict[str, Any]]:
        """The rows of a table as their columns have them."""
        read = {column.name: reader_of(column) for column in each.columns}
        names = self.content["columns"].get(each.name, [])
        for said in Pages(self.content["rows"].get(each.name, [])):
            pairs = zip(names, said, strict=True)
            yield {name: read[name](value) for name, value in pairs if name in read}

    @cached_property
    def counts(self) -> list[tuple[str, int, int]]:
        """Of each table that is shown, how many rows there are in the file and how many are here already."""
        shown = [each for each in travellers() if not each.whole and self.content["rows"].get(each.name)]
        return [(each.name, *self._count(each)) for each in shown]

    @property
    def new(self) -> int:
        return sum(count - here for _name, count, here in self.counts)

    def _count(self, each: Traveller) -> tuple[int, int]:
        count = here = 0
        for some in batched(self.rows(each)):
            count += len(some)
            here += min(self._count_here(each, some), len(some))
        return count, here

    def _count_here(self, each: Traveller, some: list[dict[str, Any]]) -> int:
        ids = self.ids.every.get(each.name, {})
        uniques = [[key.name for key in each.keys], *self._uniques(each)]
        alike = [
            among(each.table, names, [[ids.get(row[name], row[name]) for name in names] for row in some])
            for names in uniques
            if names
        ]
        mine = self._mine(each)
        if not alike:  # one row for each person
            return len(db.session.execute(select(mine.left).where(mine)).all())
        return len(db.session.execute(select(*each.keys).where(mine, or_(*alike))).all())

    def _uniques(self, each: Traveller) -> list[list[str]]:
        """What else is there once for each person, such as the date of a target."""
        owner = "" if each.owner is None else each.owner.name
        rules = (rule for rule in each.table.constraints if isinstance(rule, UniqueConstraint))
        names = ([column.name for column in rule.columns] for rule in rules)
        return [[name for name in some if name != owner] for some in names if owner in some]

    def _mine(self, each: Traveller) -> Any:
        return each.belonging.column == self.person.id

    # Storing

    def store(self) -> None:
        """Store what is not here."""
        _ids = self.ids.every  # by what is here before anything comes
        self._replace_unused_meals()
        for each in travellers():
            for some in batched(self._placed(each)):
                self._insert(each, some)
            if each.name == FOODS:
                self.ids.forget_own_foods()

    def _replace_unused_meals(self) -> None:
        unused = self.ids.unused_meals
        self.replaced = [[meal.id, meal.position, meal.name, meal.usual_from] for meal in unused]
        ids = [meal.id for meal in unused]
        mine = and_(Meal.user_id == self.person.id, Meal.id.in_(ids))
        run(delete(Meal).where(mine))
        self._rooms = MOST_MEALS - sum(
            meal.archived_at is None for meal in self.ids.meals_here if meal not in unused
        )

    def _placed(self, each: Traveller) -> Iterator[dict[str, Any]]:
        for some in batched(self.rows(each)):
            ids = (
                self.ids.portions_renamed(some)
                if each.name == "portions"
                else self.ids.every.get(each.name, {})
            )
            for values in some:
                if self._point(each, values) and self._name(each, values, ids):
                    yield values

    def _name(self, each: Traveller, values: dict[str, Any], ids: dict[UUID, UUID]) -> bool:
        """Say whose a row is, and what it is called here; whether it is to come."""
        if each.owner is not None:
            values[each.owner.name] = self.person.id
        id_ = values.get("id")
        if id_ in ids:
            values["id"] = ids[id_]
        if each.name == FOODS and id_ in ids:
            values["source_id"] = str(values["id"])
        if each.name == MEALS:
            self._find_room(values)
            return id_ not in ids
        return True

    def _find_room(self, meal: dict[str, Any]) -> None:
        """A day shows only so many meals: those beyond are put away."""
        if meal["archived_at"] is None:
            self._rooms -= 1
            meal["archived_at"] = utc_now() if self._rooms < 0 else None

    def _point(self, each: Traveller, values: dict[str, Any]) -> bool:
        """Let a row refer to what is here; whether it can be."""
        for to in each.references:
            value = values[to.column.name]
            if value is None:
                continue
            is_food, is_part = to.table == FOODS, to.table == each.whole
            value = self.ids.food(value) if is_food else self.ids.every.get(to.table, {}).get(value, value)
            if is_part and value not in self._pointed[to.table, to.key]:
                return False
            if value is None and not to.column.nullable:
                return False
            values[to.column.name] = value
        return True

    def _insert(self, each: Traveller, rows: list[dict[str, Any]]) -> None:
        """Insert rows, but for those that are there; remember which came."""
        keys = [key for table, key in self._pointed if table == each.name]
        said = [*each.keys, *(each.table.c[key] for key in keys)] or [each.belonging.column]
        came = insert_rows(each.table, rows, *said)
        self.made.setdefault(each.name, []).extend(list(row)[: len(each.keys)] for row in came)
        for place, key in enumerate(keys, start=len(each.keys)):
            self._pointed[each.name, key].update(row[place] for row in came)

    def bring_out(self, ids: Iterable[str]) -> None:
        """Have foods of this file in use again that were put away when an import was taken back."""
        foods = next(each for each in travellers() if each.name == FOODS)
        coming = {
            self.ids.every[FOODS].get(row["id"], row["id"])
            for row in self.rows(foods)
            if row["archived_at"] is None
        }
        wanted = coming.intersection(map(UUID, ids))
        self.made.setdefault(FOODS, []).extend([id_] for id_ in wanted)
        take_out(self.person, wanted)

    @property
    def keys(self) -> dict[str, Any]:
        """What it takes to take all of it back."""
        keys = {name: Pages.of(rows).packed() for name, rows in self.made.items() if rows}
        replaced = [[str(id_), place, name, at and str(at)] for id_, place, name, at in self.replaced]
        return {"keys": keys, "replaced": replaced}
