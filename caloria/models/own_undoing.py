"""What came with an export, taken back: row by row, as far as nothing refers to it that stays."""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, delete, exists, select, update

from caloria.extensions import db, insert
from caloria.models.clock import utc_now
from caloria.models.food import Food
from caloria.models.imported.own_row import reader_of
from caloria.models.imported.pages import Pages
from caloria.models.imported_batches import among, batched, run
from caloria.models.meal import Meal
from caloria.models.meals import Meals
from caloria.models.round_trip import FOODS, Traveller, travellers
from caloria.models.user import User

# The database would look for each food through all entries of everybody, so foods are put away instead.
PUT_AWAY = (FOODS, "portions")


def take_out(person: User, ids: Iterable[UUID]) -> None:
    """Have foods of this person in use again."""
    for some in batched(ids):
        run(update(Food).where(Food.owner_id == person.id, Food.id.in_(some)).values(archived_at=None))


def take_back(person: User, content: dict[str, Any]) -> dict[str, Any]:
    """Take back the rows that came, but what is still in use; return them as they were, to come again."""
    taken: dict[str, list] = {}
    away: list[str] = []
    for each in reversed(travellers()):
        keys = list(Pages(content["keys"].get(each.name, [])))
        if each.name == FOODS:
            away = _put_away(person, [UUID(key[0]) for key in keys])
        elif each.name not in PUT_AWAY:
            taken[each.name] = [list(row) for some in batched(keys) for row in _delete(person, each, some)]
    _restore_meals(person, content["replaced"])
    columns = {each.name: [column.name for column in each.columns] for each in travellers()}
    rows = {name: Pages.of(rows).packed() for name, rows in taken.items() if rows}
    return {"rows": rows, "columns": columns, "shared": _shared_in(taken), "put_away": away}


def _put_away(person: User, ids: list[UUID]) -> list[str]:
    away: list[str] = []
    for some in batched(ids):
        used = (Food.owner_id == person.id, Food.id.in_(some), Food.archived_at.is_(None))
        statement = update(Food).where(*used).values(archived_at=utc_now()).returning(Food.id)
        away += map(str, run(statement).scalars())
    return away


def _delete(person: User, each: Traveller, keys: list[list[Any]]) -> list[Any]:
    """Delete rows to which nothing refers that is still there; return them."""
    readers = [reader_of(column) for column in each.keys]
    values = [[read(said) for read, said in zip(readers, key, strict=True)] for key in keys]
    these = [among(each.table, [key.name for key in each.keys], values)] if each.keys else []
    free = [~referring for referring in _referring(each.table)]
    gone = delete(each.table).where(each.belonging.column == person.id, *these, *free)
    return list(run(gone.returning(*each.columns)).all())


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
