"""From an export of Caloria to the rows of a diary, and back: table by table, as the schema says."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Table,
    UniqueConstraint,
    and_,
    delete,
    exists,
    or_,
    select,
    tuple_,
    update,
)

from caloria.extensions import db, insert
from caloria.models.clock import utc_now
from caloria.models.entry import Entry
from caloria.models.food import OWN, Food
from caloria.models.ids import id_for
from caloria.models.imported.own_row import reader_of
from caloria.models.imported.packing import packed, unpacked
from caloria.models.kept import cached_property
from caloria.models.meal import Meal
from caloria.models.meals import MOST as MOST_MEALS
from caloria.models.meals import Meals
from caloria.models.reminder import Reminder
from caloria.models.round_trip import FOODS, MEALS, Traveller, pointed_at, travellers
from caloria.models.user import User

AT_ONCE = 1000
# The database would look for each food through all entries of everybody, so foods are put away instead.
PUT_AWAY = (FOODS, "portions")


class OwnRows:
    """The rows of an export on their way into a diary: what is there already stays as it is."""

    def __init__(self, person: User, content: dict[str, Any]):
        self.person, self.content = person, content
        # The rows that were stored, by what tells them apart, and what others point to of them.
        self.made: dict[str, list[list[Any]]] = {}
        self._pointed: dict[tuple[str, str], set] = {each: set() for each in pointed_at()}
        self.replaced: list[list[Any]] = []

    # What is in it

    def rows(self, each: Traveller) -> Iterator[dict[str, Any]]:
        """The rows of a table as their columns have them."""
        read = {column.name: reader_of(column) for column in each.columns}
        names = self.content["columns"].get(each.name, [])
        for said in unpacked(self.content["rows"].get(each.name, "")):
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
        ids = self._ids.get(each.name, {})
        uniques = [[key.name for key in each.keys], *self._uniques(each)]
        alike = [
            _among(each.table, names, [[ids.get(row[name], row[name]) for name in names] for row in some])
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

    # What is called otherwise here

    @cached_property
    def _ids(self) -> dict[str, dict[UUID, UUID]]:
        """The ids that foods and meals of the file have here, where those are others."""
        by_name = {each.name: each for each in travellers()}
        return {FOODS: self._foods_renamed(by_name[FOODS]), MEALS: self._meals_renamed(by_name[MEALS])}

    def _foods_renamed(self, foods: Traveller) -> dict[UUID, UUID]:
        """Foods are not keyed by person: where another has one of this id, or did, it gets another."""
        renamed: dict[UUID, UUID] = {}
        for some in batched(self.rows(foods)):
            taken = select(Food.id, Food.source_id).where(
                or_(Food.owner_id.is_(None), Food.owner_id != self.person.id),
                or_(
                    Food.id.in_([row["id"] for row in some]),
                    and_(Food.source == OWN, Food.source_id.in_([row["source_id"] for row in some])),
                ),
            )
            words = {str(word) for row in db.session.execute(taken) for word in row}
            alike = (row["id"] for row in some if words & {str(row["id"]), row["source_id"]})
            renamed |= {id_: id_for(id_, self.person.id) for id_ in alike}
        return renamed

    def _meals_renamed(self, meals: Traveller) -> dict[UUID, UUID]:
        """A meal of the same name is the same meal."""
        kept = [meal for meal in self._meals_here if meal not in self._unused_meals]
        by_name = {(meal.name.casefold(), meal.archived_at is None): meal.id for meal in reversed(kept)}
        here = {meal.id for meal in kept}
        alike = {
            row["id"]: by_name.get((row["name"].casefold(), row["archived_at"] is None))
            for row in self.rows(meals)
            if row["id"] not in here
        }
        return {id_: same for id_, same in alike.items() if same}

    @cached_property
    def _meals_here(self) -> list[Meal]:
        return Meals(self.person).all

    @cached_property
    def _unused_meals(self) -> list[Meal]:
        """The meals that an empty diary began with; those of the file take their place."""
        meals = next(each for each in travellers() if each.name == MEALS)
        coming = {row["id"] for row in self.rows(meals) if row["archived_at"] is None}
        if not coming or db.session.scalar(select(exists().where(Entry.user_id == self.person.id))):
            return []
        used = set(
            db.session.scalars(select(Reminder.meal_id).where(Reminder.user_id == self.person.id).distinct())
        )
        unused = (meal for meal in self._meals_here if meal.form_digest is None)
        return [meal for meal in unused if meal.id not in coming | used]

    @cached_property
    def _shared_here(self) -> dict[UUID, UUID]:
        """The ids that shared foods have here, by those in the file."""
        wanted: dict[tuple[str, str], list[UUID]] = {}
        for id_, (source, source_id) in self.content["shared"].items():
            wanted.setdefault((source, source_id), []).append(UUID(id_))
        found: dict[UUID, UUID] = {}
        for source in {source for source, _id in wanted}:
            for some in batched(id_ for its, id_ in wanted if its == source):
                here = select(Food.id, Food.source_id).where(
                    Food.owner_id.is_(None), Food.source == source, Food.source_id.in_(some)
                )
                for row in db.session.execute(here):
                    found |= dict.fromkeys(wanted[source, row.source_id], row.id)
        return found

    @cached_property
    def _own_foods(self) -> set[UUID]:
        return set(db.session.scalars(select(Food.id).where(Food.owner_id == self.person.id)))

    def _food(self, id_: UUID) -> UUID | None:
        """The food of an id in the file, or None where it is not here."""
        own = self._ids[FOODS].get(id_, id_)
        return self._shared_here.get(id_) or (own if own in self._own_foods else None)

    # Storing

    def store(self) -> None:
        """Store what is not here."""
        _ids = self._ids  # by what is here before anything comes
        self._replace_unused_meals()
        for each in travellers():
            for some in batched(self._placed(each)):
                self._insert(each, some)
            if each.name == FOODS:
                self.__dict__.pop("_own_foods", None)

    def _replace_unused_meals(self) -> None:
        unused = self._unused_meals
        self.replaced = [[meal.id, meal.position, meal.name, meal.usual_from] for meal in unused]
        ids = [meal.id for meal in unused]
        mine = and_(Meal.user_id == self.person.id, Meal.id.in_(ids))
        _run(delete(Meal).where(mine))
        self._rooms = MOST_MEALS - sum(
            meal.archived_at is None for meal in self._meals_here if meal not in unused
        )

    def _placed(self, each: Traveller) -> Iterator[dict[str, Any]]:
        for some in batched(self.rows(each)):
            ids = self._portions_renamed(some) if each.name == "portions" else self._ids.get(each.name, {})
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
            value = self._food(value) if is_food else self._ids.get(to.table, {}).get(value, value)
            if is_part and value not in self._pointed[to.table, to.key]:
                return False
            if value is None and not to.column.nullable:
                return False
            values[to.column.name] = value
        return True

    def _portions_renamed(self, some: list[dict[str, Any]]) -> dict[UUID, UUID]:
        """Portions come with new foods alone: what has one of these ids is somebody else's."""
        table = Food.portions.property.mapper.local_table
        taken = select(table.c.id).where(table.c.id.in_([row["id"] for row in some]))
        return {id_: id_for(id_, self.person.id) for id_ in db.session.scalars(taken)}

    def _insert(self, each: Traveller, rows: list[dict[str, Any]]) -> None:
        """Insert rows, but for those that are there; remember which came."""
        keys = [key for table, key in self._pointed if table == each.name]
        said = [*each.keys, *(each.table.c[key] for key in keys)] or [each.belonging.column]
        statement = insert(each.table).on_conflict_do_nothing().returning(*said)
        came = db.session.connection().execute(statement, rows).all()
        self.made.setdefault(each.name, []).extend(list(row)[: len(each.keys)] for row in came)
        for place, key in enumerate(keys, start=len(each.keys)):
            self._pointed[each.name, key].update(row[place] for row in came)

    def bring_out(self, ids: Iterable[str]) -> None:
        """Have foods of this file in use again that were put away when an import was taken back."""
        foods = next(each for each in travellers() if each.name == FOODS)
        coming = {
            self._ids[FOODS].get(row["id"], row["id"])
            for row in self.rows(foods)
            if row["archived_at"] is None
        }
        wanted = coming.intersection(map(UUID, ids))
        self.made.setdefault(FOODS, []).extend([id_] for id_ in wanted)
        take_out(self.person, wanted)

    @property
    def keys(self) -> dict[str, Any]:
        """What it takes to take all of it back."""
        keys = {name: packed(rows) for name, rows in self.made.items() if rows}
        replaced = [[str(id_), place, name, at and str(at)] for id_, place, name, at in self.replaced]
        return {"keys": keys, "replaced": replaced}


def take_out(person: User, ids: Iterable[UUID]) -> None:
    """Have foods of this person in use again."""
    for some in batched(ids):
        _run(update(Food).where(Food.owner_id == person.id, Food.id.in_(some)).values(archived_at=None))


def take_back(person: User, content: dict[str, Any]) -> dict[str, Any]:
    """Take back the rows that came, but what is still in use; return them as they were, to come again."""
    taken: dict[str, list] = {}
    away: list[str] = []
    for each in reversed(travellers()):
        keys = list(unpacked(content["keys"].get(each.name, "")))
        if each.name == FOODS:
            away = _put_away(person, [UUID(key[0]) for key in keys])
        elif each.name not in PUT_AWAY:
            taken[each.name] = [list(row) for some in batched(keys) for row in _delete(person, each, some)]
    _restore_meals(person, content["replaced"])
    columns = {each.name: [column.name for column in each.columns] for each in travellers()}
    rows = {name: packed(rows) for name, rows in taken.items() if rows}
    return {"rows": rows, "columns": columns, "shared": _shared_in(taken), "put_away": away}


def _put_away(person: User, ids: list[UUID]) -> list[str]:
    away: list[str] = []
    for some in batched(ids):
        used = (Food.owner_id == person.id, Food.id.in_(some), Food.archived_at.is_(None))
        statement = update(Food).where(*used).values(archived_at=utc_now()).returning(Food.id)
        away += map(str, _run(statement).scalars())
    return away


def _delete(person: User, each: Traveller, keys: list[list[Any]]) -> list[Any]:
    """Delete rows to which nothing refers that is still there; return them."""
    readers = [reader_of(column) for column in each.keys]
    values = [[read(said) for read, said in zip(readers, key, strict=True)] for key in keys]
    these = [_among(each.table, [key.name for key in each.keys], values)] if each.keys else []
    free = [~referring for referring in _referring(each.table)]
    gone = delete(each.table).where(each.belonging.column == person.id, *these, *free)
    return list(_run(gone.returning(*each.columns)).all())


def _referring(table: Table) -> Iterator[ColumnElement[bool]]:
    """Whether a row of another table refers to one of this."""
    for other in db.metadata.tables.values():
        for key in other.foreign_key_constraints:
            if key.referred_table is table:
                pairs = (element.parent == element.column for element in key.elements)
                yield exists(select(1).select_from(other).where(*pairs).correlate(table))


def _restore_meals(person: User, meals: list[list[Any]]) -> None:
    """Where no meal is left, have those again that the diary began with."""
    if Meals(person).in_use:
        return
    for id_, position, name, at in meals:
        clock = reader_of(Meal.__table__.c.usual_from)(at)
        values = {"position": position, "name": name, "usual_from": clock}
        statement = insert(Meal.__table__).values(user_id=person.id, id=UUID(id_), **values)
        db.session.execute(statement.on_conflict_do_nothing())


def _shared_in(taken: dict[str, list]) -> dict[str, list[str]]:
    """Where the shared foods come from that these rows refer to."""
    ids: set[UUID] = set()
    for each in travellers():
        places = [at for at, column in enumerate(each.columns) if column.references(Food.__table__.c.id)]
        ids.update(row[at] for row in taken.get(each.name, []) for at in places if row[at])
    found: dict[str, list[str]] = {}
    for some in batched(ids):
        shared = select(Food.id, Food.source, Food.source_id).where(
            Food.owner_id.is_(None), Food.id.in_(some)
        )
        found |= {str(row.id): [row.source, row.source_id] for row in db.session.execute(shared)}
    return found


def _among(table: Table, names: list[str], values: list[list[Any]]) -> ColumnElement[bool]:
    columns = [table.c[name] for name in names]
    if len(columns) == 1:
        return columns[0].in_([value[0] for value in values])
    return tuple_(*columns).in_([tuple(value) for value in values])


def _run(statement):
    # Nobody holds these as objects: what the session knows need not be searched for them.
    return db.session.execute(statement, execution_options={"synchronize_session": False})


def batched(every: Iterable) -> Iterator[list]:
    rest = iter(every)
    while some := list(islice(rest, AT_ONCE)):
        yield some
