"""A person's body and aim, and the energy that they suggest."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db, insert
from caloria.models.nutrients import KCAL_PER_G

SHORTEST_CM, TALLEST_CM = 90, 260
EARLIEST_BIRTH = 1900
SEXES = ("female", "male")
AIMS = ("lose", "keep", "gain")
PACES_KG_PER_WEEK = (0.25, 0.5, 0.75)

# Physical activity levels of EFSA's Scientific Opinion on Dietary Reference Values for energy (2013).
ACTIVITY_LEVELS = {"low": 1.4, "moderate": 1.6, "active": 1.8, "very_active": 2.0}

# Energy of a kilogram of body weight, after Wishnofsky, Am J Clin Nutr 1958;6:542-546 (3,500 kcal per pound).
KCAL_PER_KG = 7700
# The lower ends of low-calorie diets in the Practical Guide of the NHLBI (NIH Publication 00-4084, 2000),
# and the higher of the two where the sex is not said.
LEAST_KCAL = {"female": 1200, "male": 1500, None: 1500}
# Below this no adult lives: there the equation says nothing, of whoever is that small and that old.
LEAST_SPENT_KCAL = 800.0
ADULT_AT = 18
# No faster loss than 1 % of body weight a week, and nothing to lose below the WHO's range of normal weight.
FASTEST_LOSS = 0.01
UNDERWEIGHT_BMI = 18.5

# Adult ranges of the IOM's Dietary Reference Intakes (2005): fat 20-35 % and protein 10-35 % of energy,
# fibre 14 g per 1,000 kcal. Protein per kg: the ISSN's position (2017) for active people is 1.4-2.0 g.
PROTEIN_G_PER_KG = 1.4
MOST_PROTEIN_SHARE = 0.35
FAT_SHARE = 0.30
FIBER_G_PER_KCAL = 0.014


class Body(db.Model):
    """What a person told about their body; every part may be missing."""

    __tablename__ = "bodies"
    __table_args__ = (
        CheckConstraint(f"height_cm BETWEEN {SHORTEST_CM} AND {TALLEST_CM}", name="height_cm"),
        CheckConstraint(f"birth_year BETWEEN {EARLIEST_BIRTH} AND 2200", name="birth_year"),
        CheckConstraint("sex IN ('female', 'male')", name="sex"),
        CheckConstraint("activity IN ('low', 'moderate', 'active', 'very_active')", name="activity"),
        CheckConstraint("aim IN ('lose', 'keep', 'gain')", name="aim"),
        CheckConstraint("pace_kg_per_week BETWEEN 0.1 AND 1", name="pace_kg_per_week"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    height_cm: Mapped[float | None]
    birth_year: Mapped[int | None]
    sex: Mapped[str | None]
    activity: Mapped[str | None]
    aim: Mapped[str | None]
    pace_kg_per_week: Mapped[float | None]

    @classmethod
    def tell(cls, user_id: UUID, **told) -> None:
        """Keep what a person tells now in place of what they told before."""
        statement = insert(cls).values(user_id=user_id, **told)
        db.session.execute(statement.on_conflict_do_update(index_elements=["user_id"], set_=told))


@dataclass(frozen=True)
class Proposal:
    """A daily target worked out from a body, with what held it back."""

    resting_kcal: float
    spent_kcal: float
    energy_kcal: float
    protein_g: float
    fat_g: float
    carbohydrate_g: float
    fiber_g: float
    notes: tuple[str, ...]


def resting_kcal(weight_kg: float, height_cm: float, age: int, sex: str | None) -> float:
    """Resting energy in kcal a day: Mifflin, St Jeor et al., Am J Clin Nutr 1990;51:241-247.

    Where the sex is not said, the middle of the two equations.
    """
    constant = {"male": 5, "female": -161, None: -78}[sex]
    return 10 * weight_kg + 6.25 * height_cm - 5 * age + constant


def propose(
    body: Body | None, weight_kg: float | None, year: int, spent_kcal: float | None = None
) -> Proposal | None:
    """Propose a daily target, or None where height, weight or birth year is missing, or the equation ends.

    spent_kcal is what was measured that the person uses in a day, in place of what the formula says.
    """
    if body is None or not (body.height_cm and body.birth_year and weight_kg):
        return None
    age = year - body.birth_year
    resting = resting_kcal(weight_kg, body.height_cm, age, body.sex)
    spent = spent_kcal or resting * ACTIVITY_LEVELS[body.activity or "low"]
    if spent < LEAST_SPENT_KCAL:
        return None
    change, notes = _daily_change(body, weight_kg, body.height_cm, age)
    least = LEAST_KCAL[body.sex]
    if change < 0 and spent + change < least:
        notes.append("floor")
    energy = max(spent + change, min(least, spent)) if change < 0 else spent + change
    return _with_macros(resting, spent, energy, weight_kg, tuple(notes))


def _daily_change(body: Body, weight_kg: float, height_cm: float, age: int) -> tuple[float, list[str]]:
    """The kcal a day to eat above (or below) what is spent, and why it is less than asked."""
    pace = body.pace_kg_per_week or PACES_KG_PER_WEEK[0]
    if body.aim == "gain":
        return pace * KCAL_PER_KG / 7, []
    if body.aim != "lose":
        return 0, []
    if reason := _reason_not_to_lose(weight_kg, height_cm, age):
        return 0, [reason]
    allowed = min(pace, weight_kg * FASTEST_LOSS)
    return -allowed * KCAL_PER_KG / 7, (["pace"] if allowed < pace else [])


def _reason_not_to_lose(weight_kg: float, height_cm: float, age: int) -> str | None:
    # Only the year of birth is known: who turns 18 this year may still be 17.
    if age <= ADULT_AT:
        return "minor"
    return "underweight" if weight_kg / (height_cm / 100) ** 2 < UNDERWEIGHT_BMI else None


def may_lose(body: Body, weight_kg: float | None, year: int) -> bool:
    """Whether somebody is known to be grown up and heavy enough to be proposed less to eat than before."""
    if not (body.height_cm and body.birth_year and weight_kg):
        return False
    return _reason_not_to_lose(weight_kg, body.height_cm, year - body.birth_year) is None


def _with_macros(resting, spent, energy, weight_kg, notes) -> Proposal:
    protein = min(weight_kg * PROTEIN_G_PER_KG, energy * MOST_PROTEIN_SHARE / KCAL_PER_G["protein_g"])
    fat = energy * FAT_SHARE / KCAL_PER_G["fat_g"]
    rest = energy - protein * KCAL_PER_G["protein_g"] - fat * KCAL_PER_G["fat_g"]
    return Proposal(
        resting_kcal=resting,
        spent_kcal=spent,
        energy_kcal=energy,
        protein_g=protein,
        fat_g=fat,
        carbohydrate_g=rest / KCAL_PER_G["carbohydrate_g"],
        fiber_g=energy * FIBER_G_PER_KCAL,
        notes=notes,
    )
