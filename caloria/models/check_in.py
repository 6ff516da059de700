from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db
from caloria.models.body import LEAST_KCAL, Body, may_lose, propose
from caloria.models.clock import utc_now
from caloria.models.creation import create_once
from caloria.models.expenditure import Expenditure
from caloria.models.ownership import FromForm, Owned
from caloria.models.target import LEAST_ENERGY_KCAL, MOST_ENERGY_KCAL, Target
from caloria.models.user import User
from caloria.models.weekday_target import DayTarget, WeekdayTarget

EVERY = timedelta(days=7)
# A target moves by a tenth at most in a week, and not for less than what a small apple has.
MOST_CHANGE, LEAST_CHANGE_KCAL = 0.10, 50
STEP_KCAL = 10


class CheckIn(Owned, FromForm, db.Model):
    """What a person decided when, once a week, another target was proposed to them."""

    __tablename__ = "check_ins"
    __table_args__ = (
        Index(None, "user_id", "day"),
        CheckConstraint("day BETWEEN '1900-01-01' AND '2200-12-31'", name="day"),
        CheckConstraint("spent_kcal BETWEEN 0 AND 20000", name="spent_kcal"),
        CheckConstraint("error_kcal BETWEEN 0 AND 20000", name="error_kcal"),
        CheckConstraint(
            f"proposed_kcal BETWEEN {LEAST_ENERGY_KCAL} AND {MOST_ENERGY_KCAL}", name="proposed_kcal"
        ),
    )

    day: Mapped[date]
    spent_kcal: Mapped[float]
    error_kcal: Mapped[float]
    proposed_kcal: Mapped[float]
    accepted: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)

    @classmethod
    def answered(cls, person: User, form_id: UUID) -> "CheckIn | None":
        """What this person answered with a form of this id."""
        return db.session.get(cls, (person.id, form_id))


@dataclass(frozen=True)
class Advice:
    """A target that the measured expenditure suggests in place of the one in force."""

    target: Target
    weekdays: dict[int, float]
    expenditure: Expenditure
    proposed_kcal: float  # of a day, as the mean of a week
    floor_kcal: float
    notes: tuple[str, ...]

    @property
    def now_kcal(self) -> float:
        """What is aimed at now, as the mean of a week."""
        return mean_kcal(self.target, self.weekdays)

    @property
    def fits(self) -> bool:
        """Whether the target may as well stay as it is."""
        return abs(self.proposed_kcal - self.now_kcal) < LEAST_CHANGE_KCAL

    def answer(self, person: User, accepted: bool, form_id: UUID, digest: str) -> CheckIn:
        """Note the decision, and where it is a yes aim at the new target from today on. Raises FormReused."""
        row = CheckIn(
            user_id=person.id,
            id=form_id,
            day=person.today(),
            spent_kcal=self.expenditure.kcal,
            error_kcal=self.expenditure.error_kcal,
            proposed_kcal=self.proposed_kcal,
            accepted=accepted,
            form_digest=digest,
        )
        decided = create_once(row)
        if accepted:
            self._aim(person, form_id, digest)
        return decided

    def _aim(self, person: User, form_id: UUID, digest: str) -> None:
        """Days of the week with a target of their own move as much as the others."""
        amounts = vars(DayTarget.on(self.target, self._moved(self.target.energy_kcal)))
        Target.set(person, person.today(), amounts, form_id, digest)
        moved = {day: self._moved(kcal) for day, kcal in self.weekdays.items()}
        WeekdayTarget.set(person, person.today(), moved)

    def _moved(self, kcal: float) -> float:
        """As much more or less as the whole week, but no day is brought below the floor."""
        return _bounded(max(kcal + self.proposed_kcal - self.now_kcal, min(kcal, self.floor_kcal)))


def mean_kcal(target: Target, weekdays: dict[int, float]) -> float:
    """What a target aims at in a day, as the mean of its week."""
    return (target.energy_kcal * (7 - len(weekdays)) + sum(weekdays.values())) / 7


def advise(expenditure: Expenditure, body: Body | None, weight_kg: float | None, aim, today: date):
    """What to propose; None while it is still learning, or where no target or aim was said.

    aim is the target in force with the energy of its weekdays, or None. What is measured is too low where
    food was eaten that nobody logged: so nothing is proposed below the floor of the body's proposals, nor
    less than now to who should not eat less.
    """
    if body is None or expenditure.is_learning or not expenditure.is_known or aim is None:
        return None
    proposal = propose(body, weight_kg, today.year, spent_kcal=expenditure.kcal)
    if proposal is None:
        return None
    target, weekdays = aim
    now, floor, fitting = mean_kcal(target, weekdays), LEAST_KCAL[body.sex], proposal.energy_kcal
    within = min(max(fitting, now * (1 - MOST_CHANGE)), now * (1 + MOST_CHANGE))
    proposed = _bounded(max(round(within / STEP_KCAL) * STEP_KCAL, floor))
    # Who aims lower than the floor is not told that this fits, nor to eat more than they would need.
    if (fitting < floor and now <= floor) or (proposed < now and not may_lose(body, weight_kg, today.year)):
        return None
    notes = _notes(proposal.notes, fitting, within, floor)
    return Advice(target, weekdays, expenditure, proposed, floor, notes)


def _notes(said: tuple[str, ...], fitting: float, within: float, floor: float) -> tuple[str, ...]:
    """What held a proposal back; on a step down to the floor the floor is not yet a reason."""
    if within < floor:
        return (*(note for note in said if note != "floor"), "floor")
    if within != fitting:
        return (*(note for note in said if note != "floor"), "step")
    return said


def _bounded(kcal: float) -> float:
    return float(min(max(kcal, LEAST_ENERGY_KCAL), MOST_ENERGY_KCAL))
