from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, select
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db, insert
from caloria.models.clock import utc_now
from caloria.models.creation import FormReused
from caloria.models.ownership import Owned

LIGHTEST_KG, HEAVIEST_KG = 20, 500


class Weight(Owned, db.Model):
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
        return select(cls).where(cls.user_id == user_id).order_by(cls.day.desc(), cls.id.desc()).limit(1)
