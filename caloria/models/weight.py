from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, and_, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db, insert
from caloria.models.clock import utc_now
from caloria.models.creation import FormReused, create_once
from caloria.models.ownership import FromForm, Owned

LIGHTEST_KG, HEAVIEST_KG = 20, 500


class Weight(Owned, FromForm, db.Model):
    """What a person weighed on a day."""

    __tablename__ = "weights"
    __table_args__ = (
        Index(None, "user_id", "day"),
        CheckConstraint(f"weight_kg BETWEEN {LIGHTEST_KG} AND {HEAVIEST_KG}", name="weight_kg"),
        CheckConstraint("day BETWEEN '1900-01-01' AND '2200-12-31'", name="day"),
    )

    day: Mapped[date]
    weight_kg: Mapped[float]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    deleted_at: Mapped[datetime | None]

    @classmethod
    def log(cls, user, day: date, weight_kg: float, form_id: UUID, digest: str) -> "Weight":
        """Log what somebody weighed on a day, once for each form. Raises FormReused."""
        row = cls(user_id=user.id, id=form_id, day=day, weight_kg=weight_kg, form_digest=digest)
        return create_once(row)

    def delete(self) -> None:
        self.deleted_at = self.deleted_at or utc_now()

    def restore(self) -> None:
        self.deleted_at = None

    @classmethod
    def note(cls, user, weight_kg: float, form_id: UUID) -> None:
        """Note today's weight, once for each form, and not again what was noted already.

        Raises FormReused where the form's id was used for another weight.
        """
        before = db.session.get(cls, (user.id, form_id))
        if before is not None and before.weight_kg != weight_kg:
            raise FormReused
        latest = db.session.scalar(cls.latest(user.id))
        if latest and latest.day == user.today() and latest.weight_kg == weight_kg:
            return
        row = {"user_id": user.id, "id": form_id, "day": user.today(), "weight_kg": weight_kg}
        db.session.execute(insert(cls).values(row).on_conflict_do_nothing(index_elements=["user_id", "id"]))

    @classmethod
    def latest(cls, user_id):
        """Select what this person weighed last."""
        return cls.of(user_id).limit(1)

    @classmethod
    def of(cls, user_id, before: "Weight | None" = None):
        """Select what this person weighed, the newest first; or those that come after one of them."""
        mine = select(cls).where(cls.user_id == user_id, cls.deleted_at.is_(None))
        if before is not None:
            same_day = and_(cls.day == before.day, cls.id < before.id)
            mine = mine.where(or_(cls.day < before.day, same_day))
        return mine.order_by(cls.day.desc(), cls.id.desc())
