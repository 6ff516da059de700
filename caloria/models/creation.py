"""Creating a row once, however often its form arrives."""

from sqlalchemy import inspect

from caloria.extensions import db, insert


class FormReused(Exception):
    """A form arrived with the id of an earlier one but says something else."""


def create_once(row):
    """Insert a row whose form carried its id; return it, or the row that the same form made before.

    A row that was edited or deleted since is returned as it is now. Raises FormReused where the id was used
    for other content, or by somebody else.
    """
    model = type(row)
    columns = inspect(model).column_attrs
    values = {column.key: getattr(row, column.key) for column in columns}
    statement = insert(model).values({key: value for key, value in values.items() if value is not None})
    keys = [column.name for column in inspect(model).primary_key]
    inserted = db.session.execute(statement.on_conflict_do_nothing(index_elements=keys)).rowcount
    stored = db.session.get_one(model, tuple(values[key] for key in keys))
    if not inserted and stored.form_digest != row.form_digest:
        raise FormReused
    return stored
