from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db, insert
from caloria.models.clock import utc_now
from caloria.models.creation import FormReused
from caloria.models.ownership import FromForm, Owned

LEAST_ENERGY_KCAL, MOST_ENERGY_KCAL = 500, 10_000
MOST_GRAMS = 2000


def _grams(name: str) -> CheckConstraint:
    return CheckConstraint(f"{name} BETWEEN 0 AND {MOST_GRAMS}", name=name)


class Target(Owned, FromForm, db.Model):
    """The daily amounts that a person aims at, in force from a date until the next target."""

    __tablename__ = "targets"
    __table_args__ = (
        UniqueConstraint("user_id", "starts_on"),
        CheckConstraint(
            f"energy_kcal BETWEEN {LEAST_ENERGY_KCAL} AND {MOST_ENERGY_KCAL}", name="energy_kcal"
        ),
        *(_grams(name) for name in ("protein_g", "fat_g", "carbohydrate_g", "fiber_g")),
        CheckConstraint("starts_on BETWEEN '1900-01-01' AND '2200-12-31'", name="starts_on"),
    )

    starts_on: Mapped[date]
    energy_kcal: Mapped[float]
    protein_g: Mapped[float | None]
    fat_g: Mapped[float | None]
    carbohydrate_g: Mapped[float | None]
    fiber_g: Mapped[float | None]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)

    @classmethod
    def set(cls, user, starts_on: date, amounts: dict, form_id: UUID, form_digest: str) -> None:
        """Aim at these amounts from a date on; a target that begins on the same date is replaced.

        Raises FormReused where the form's id was used for another target, or a later form's target stands.
        """
        before = db.session.get(cls, (user.id, form_id))
        if before is not None and before.form_digest != form_digest:
            raise FormReused
        values = {**amounts, "form_digest": form_digest}
        key = {"user_id": user.id, "starts_on": starts_on}
        written = db.session.scalar(
            insert(cls)
            .values(**key, id=form_id, **values)
            # Ids sort by the time of their form: one that arrives late does not bring an old target back.
            .on_conflict_do_update(
                index_elements=list(key), set_={**values, "id": form_id}, where=cls.id <= form_id
            )
            .returning(cls.id)
        )
        if written is None:
            raise FormReused

    @classmethod
    def of(cls, user):
        """Select this person's targets, the newest first."""
        return select(cls).where(cls.user_id == user.id).order_by(cls.starts_on.desc())
