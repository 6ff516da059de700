from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, func, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db
from caloria.models.audit_event import AuditEvent
from caloria.models.clock import utc_now
from caloria.models.creation import create_once
from caloria.models.food import Food
from caloria.models.job import Job
from caloria.models.ownership import FromForm, Owned
from caloria.models.user import User

PENDING, IN_PROGRESS, COMPLETED, CANCELLED = STATES = ("pending", "in_progress", "completed", "cancelled")
OPEN = (PENDING, IN_PROGRESS)
NOBODYS, MINE, SOMEBODYS = OWNERS = ("nobody", "mine", "somebody")
# More than that at once nobody could work off.
MOST_OPEN = 20
NEWS_FOR = timedelta(days=7)
LONGEST_TITLE, LONGEST_TEXT = 100, 2000


class TooManyOpen(Exception):
    """A person asks for more at once than anybody could work off."""


class NotNow(Exception):
    """What is asked for does not fit how the request stands: somebody else was at it meanwhile."""


@dataclass(frozen=True)
class Asked:
    """What a person asks for: a food that is missing, or what is wrong about one."""

    title: str
    description: str | None = None
    gtin: str | None = None
    about: Food | None = None


class FoodRequest(Owned, FromForm, db.Model):
    """A food that a person misses or finds wrong, and what becomes of that."""

    __tablename__ = "food_requests"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint("length(title) BETWEEN 1 AND 100", name="title"),
        CheckConstraint("length(description) BETWEEN 1 AND 2000", name="description"),
        CheckConstraint("length(answer) BETWEEN 1 AND 2000", name="answer"),
        CheckConstraint("length(gtin) = 14", name="gtin"),
        CheckConstraint("(state IN ('completed', 'cancelled')) = (ended_at IS NOT NULL)", name="ended"),
        # The oldest first, of one state.
        Index(None, "state", "id"),
        Index(None, "owner_id", "id"),
    )

    title: Mapped[str]
    description: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="pending", server_default="pending")
    # The food that is wrong; none where one is missing.
    about_id: Mapped[UUID | None] = mapped_column(ForeignKey("foods.id"))
    gtin: Mapped[str | None]
    # The admin who works on it.
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    # What the person is told at the end, and the food that came of it.
    answer: Mapped[str | None]
    food_id: Mapped[UUID | None] = mapped_column(ForeignKey("foods.id"))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)
    ended_at: Mapped[datetime | None]

    @classmethod
    def of(cls, person: User):
        """Select what a person asked for, the newest first."""
        return select(cls).where(cls.user_id == person.id).order_by(cls.id.desc())

    @classmethod
    def news_for(cls, person: User):
        """Select how many of a person's came to an end lately, by somebody else's hand."""
        ended = (cls.ended_at > utc_now() - NEWS_FOR, cls.owner_id.is_not(None))
        return select(func.count()).where(cls.user_id == person.id, *ended)

    @classmethod
    def create(cls, person: User, asked: Asked, form_id: UUID, digest: str) -> "FoodRequest":
        """Ask for a food, once for each form. Raises TooManyOpen and FormReused."""
        # One of a person's after the other: each has to count those before it.
        db.session.execute(select(User.id).where(User.id == person.id).with_for_update(key_share=True))
        others = select(func.count()).where(cls.user_id == person.id, cls.state.in_(OPEN), cls.id != form_id)
        if (db.session.scalar(others) or 0) >= MOST_OPEN:
            raise TooManyOpen
        request = cls(user_id=person.id, id=form_id, form_digest=digest, title=asked.title)
        request.description, request.gtin = asked.description, asked.gtin
        request.about_id = asked.about.id if asked.about else None
        return create_once(request)

    @classmethod
    def locked(cls, user_id: UUID, id_: UUID) -> "FoodRequest | None":
        """A request as it is now; whoever else is about to change it waits."""
        return db.session.get(cls, (user_id, id_), with_for_update=True, populate_existing=True)

    @classmethod
    def wanted(cls, state: str | None, owner: str | None, admin: User, text: str = ""):
        """Select those in a state, of an owner, that have a text in them; in no order."""
        said = select(cls)
        if state in STATES:
            said = said.where(cls.state == state)
        if owner in OWNERS:
            nobodys, mine = cls.owner_id.is_(None), cls.owner_id == admin.id
            others = cls.owner_id != admin.id
            said = said.where({NOBODYS: nobodys, MINE: mine, SOMEBODYS: others}[owner])
        if text:
            in_title = cls.title.icontains(text, autoescape=True)
            said = said.where(or_(in_title, cls.description.icontains(text, autoescape=True)))
        return said

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    def is_worked_on_by(self, admin: User) -> bool:
        return self.state == IN_PROGRESS and self.owner_id == admin.id

    def withdraw(self) -> None:
        """The person needs it no longer, and nobody is at it yet. Raises NotNow."""
        if self.state == CANCELLED and self.owner_id is None:
            return
        if self.state != PENDING:
            raise NotNow
        self.state, self.ended_at = CANCELLED, utc_now()

    def take(self, admin: User, seen_owner_id: UUID | None) -> None:
        """Work on it, in the place of whom the page said. Raises NotNow."""
        if self.is_worked_on_by(admin):
            return
        if not self.is_open or self.owner_id != seen_owner_id:
            raise NotNow
        self._change("request take", state=IN_PROGRESS, owner_id=admin.id)

    def give_back(self, admin: User) -> None:
        """Let somebody else work on it. Raises NotNow."""
        if self.state == PENDING:
            return
        self._require_mine(admin)
        self._change("request give back", state=PENDING, owner_id=None)

    def complete(self, admin: User, answer: str | None, food: Food | None) -> None:
        """Say that it is done, and which food came of it. Raises NotNow."""
        food_id = food.id if food else None
        if (self.state, self.owner_id, self.food_id) == (COMPLETED, admin.id, food_id):
            return
        self._require_mine(admin)
        self._end("request complete", COMPLETED, answer, food_id)

    def cancel(self, admin: User, answer: str) -> None:
        """Say that nothing comes of it, and why. Raises NotNow."""
        if (self.state, self.owner_id) == (CANCELLED, admin.id):
            return
        self._require_mine(admin)
        self._end("request cancel", CANCELLED, answer, None)

    def _require_mine(self, admin: User) -> None:
        if not self.is_worked_on_by(admin):
            raise NotNow

    def _end(self, act: str, state: str, answer: str | None, food_id: UUID | None) -> None:
        """End it, and have the person told once."""
        self._change(act, state=state, food_id=food_id)
        self.answer, self.ended_at = answer, utc_now()
        key = f"request ended {self.user_id} {self.id}"
        Job.put("request_ended", key, user_id=str(self.user_id), request_id=str(self.id))

    def _change(self, act: str, **said) -> None:
        """Change what an admin may, and note it; what the person wrote is nobody else's business."""
        before = {name: text_of(getattr(self, name)) for name in said}
        for name, value in said.items():
            setattr(self, name, value)
        AuditEvent.note(
            act,
            f"request {self.id}",
            before=before,
            after={name: text_of(value) for name, value in said.items()},
        )


def text_of(value: object) -> str | None:
    """A state or an id as the audit holds it."""
    return None if value is None else str(value)
