"""What a person owns is keyed by the person first, so that no row can point into another's data."""

from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from caloria.models.ids import new_id


class Owned:
    """A table keyed (user_id, id)."""

    # A mixin's keys come out as (id, user_id) unless they are told to sort.
    @declared_attr
    def user_id(cls) -> Mapped[UUID]:
        return mapped_column(ForeignKey("users.id"), primary_key=True, sort_order=-2)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, sort_order=-1)


class FromForm:
    """A row that a form made: the form carried its id, and what it said is remembered.

    The same form sent twice (a double click, a retry, a lost answer) is recognised by id and digest, also
    after the row has been edited or deleted since.
    """

    form_digest: Mapped[str | None] = mapped_column(sort_order=200)


def owned(owner: str, column: str, target: str):
    """Make the relationship of `owner` to the `target` of the same person.

    A plain relationship over a composite key writes user_id too: giving Ann's entry Bob's meal would move the
    entry into Bob's diary without an error. This one joins on both columns and writes only its own.
    """
    return relationship(
        target,
        primaryjoin=f"and_(foreign({owner}.{column}) == {target}.id, {owner}.user_id == {target}.user_id)",
    )
