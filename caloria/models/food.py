import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    UniqueConstraint,
    bindparam,
    case,
    or_,
    select,
)
from sqlalchemy import (
    text as sql,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from caloria.extensions import db
from caloria.models.clock import utc_now
from caloria.models.creation import insert_if_new, made_before
from caloria.models.ids import new_id
from caloria.models.nutrients import NutrientAmounts, bounded, scaled
from caloria.models.ownership import FromForm
from caloria.models.plausibility import Doubt, doubts
from caloria.models.unit_names import unit_in
from caloria.models.user import User

OWN = "own"
USDA = "usda"
CALORIA = "caloria"
HEAVIEST_GRAMS = 100_000
IN_USE = "archived_at IS NULL"
PRODUCT_PAGE = "https://world.openfoodfacts.org/product/{}"
CODED = f"{IN_USE} AND gtin IS NOT NULL"


def folded(text: str) -> str:
    """Fold text to what a search compares: lower case, no accents, single spaces."""
    if text.isascii():
        return " ".join(text.lower().split())
    plain = unicodedata.normalize("NFKD", text).casefold()
    return " ".join("".join(letter for letter in plain if not unicodedata.combining(letter)).split())


def all_names(*names: str) -> str:
    """Fold the names of a food into what a search compares."""
    return ";".join(dict.fromkeys(name for each in names if (name := folded(each))))


@dataclass(frozen=True)
class Label:
    """What the label of a food says: figures per 100 g, and perhaps a serving."""

    name: str
    brand: str | None
    per_100_g: dict[str, float | None]
    serving_name: str | None
    serving_grams: float | None
    gtin: str | None = None
    # How the figures were copied: for one serving, and salt in the place of sodium.
    per_serving: bool = False
    says_salt: bool = False


class Measured(NutrientAmounts):
    """What is measured per 100 g and taken in portions: a food, or a product of Open Food Facts."""

    portions: Any
    open_food_code: Any

    @property
    def open_food_page(self) -> str | None:
        """Its page at Open Food Facts, where everybody can correct it; None for what is not from there."""
        return PRODUCT_PAGE.format(self.open_food_code) if self.open_food_code else None

    @property
    def doubts(self) -> list[Doubt]:
        """What does not go together in its figures."""
        return doubts(self.amounts)

    def nutrients_in(self, grams: float) -> dict[str, float | None]:
        """The amount of every nutrient in so many grams of this food."""
        return scaled(self.amounts, grams / 100)

    @property
    def usual_portion(self) -> "Portion":
        """What a person most likely takes: the first household portion, or 100 g."""
        return self.portions[0] if self.portions else Portion.of_grams(100)

    def portion(self, portion_id: UUID | None) -> "Portion | None":
        """One of this food's portions; None stands for plain grams."""
        if portion_id is None:
            return Portion.of_grams(1)
        return next((portion for portion in self.portions if portion.id == portion_id), None)


class Food(Measured, FromForm, db.Model):
    """Something people eat or drink, with its nutrients per 100 g of edible portion."""

    __tablename__ = "foods"
    __table_args__ = (
        *bounded(1),
        UniqueConstraint("source", "source_id"),
        Index(None, "owner_id", "folded_name"),
        CheckConstraint("(owner_id IS NOT NULL) = (source = 'own')", name="owner"),
        CheckConstraint("carbohydrate_basis IN ('by_difference', 'available')", name="carbohydrate_basis"),
        CheckConstraint("length(name) BETWEEN 1 AND 200", name="name"),
        CheckConstraint("length(gtin) = 14", name="gtin"),
        CheckConstraint("density_g_per_ml BETWEEN 0.05 AND 5", name="density_g_per_ml"),
        CheckConstraint("everyday BETWEEN 0 AND 9", name="everyday"),
        CheckConstraint("popularity BETWEEN 0 AND 1000000000", name="popularity"),
        CheckConstraint("tier BETWEEN 0 AND 3", name="tier"),
        # What people made, the newest first: beside it there may be millions of shared ones.
        Index(
            "ix_foods_made_by_people",
            "id",
            postgresql_where=sql("owner_id IS NOT NULL"),
            sqlite_where=sql("owner_id IS NOT NULL"),
        ),
        # What is there twice, in the order of the name or the barcode.
        Index("ix_foods_same_name", "folded_name", postgresql_where=sql(IN_USE), sqlite_where=sql(IN_USE)),
        Index("ix_foods_same_gtin", "gtin", postgresql_where=sql(CODED), sqlite_where=sql(CODED)),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    source: Mapped[str]
    source_id: Mapped[str]
    name: Mapped[str]
    # Every name that finds it, folded, with ";" between them; its own comes first.
    folded_name: Mapped[str]
    # What it is called in other languages than English, by their codes.
    names: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    brand: Mapped[str | None]
    category: Mapped[str | None]
    carbohydrate_basis: Mapped[str]
    gtin: Mapped[str | None]
    density_g_per_ml: Mapped[float | None]
    # How usual it is, from 0 to 9, where several foods answer to one word.
    everyday: Mapped[int] = mapped_column(default=0, server_default="0")
    # How much it is used where it comes from, such as how often it was scanned there.
    popularity: Mapped[int] = mapped_column(default=0, server_default="0")
    # Where searching looks for it, from 0 on; what is imported by the million waits in the last.
    tier: Mapped[int] = mapped_column(default=0, server_default="3")
    # How the label was copied, so that it can be shown again as it was.
    label_per_serving: Mapped[bool] = mapped_column(default=False, server_default=sql("false"))
    label_says_salt: Mapped[bool] = mapped_column(default=False, server_default=sql("false"))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)
    archived_at: Mapped[datetime | None]
    # When an admin last looked at what a person made.
    reviewed_at: Mapped[datetime | None]
    # When an admin last corrected what is everybody's: no import changes it after that.
    corrected_at: Mapped[datetime | None]
    # Of which product of Open Food Facts a food of one's own is a copy.
    open_food_code: Mapped[str | None]

    portions: Mapped[list["Portion"]] = relationship(
        order_by="Portion.position", back_populates="food", cascade="all, delete-orphan"
    )

    @classmethod
    def visible_to(cls, user: User):
        """Select the shared foods and this person's own."""
        return select(cls).where(shared_or_of(user.id))

    @classmethod
    def seen_by(cls, user: User, food_id: UUID) -> "Food | None":
        """One of the shared foods and this person's own. One statement."""
        return db.session.scalar(_SEEN, {"user_id": user.id, "food_id": food_id})

    @classmethod
    def of(cls, user: User):
        """Select the foods that this person made, also those that are put away, by name."""
        return select(cls).where(cls.owner_id == user.id).order_by(cls.folded_name, cls.id)

    @classmethod
    def with_barcode(cls, user: User, gtins: list[str]):
        """Select what has one of these barcodes and is in use: own foods, then the likeliest barcode."""
        return (
            cls.visible_to(user)
            .where(cls.gtin.in_(gtins), cls.archived_at.is_(None))
            .order_by(
                case((cls.owner_id.is_not(None), 0), else_=1),
                case((cls.gtin == gtins[0], 0), else_=1),
                cls.id.desc(),
            )
        )

    @classmethod
    def twins(cls, user: User, gtin: str, food_id: UUID):
        """Select the foods of this person's in use, beside one of them, that have its barcode."""
        return cls.of(user).where(cls.gtin == gtin, cls.archived_at.is_(None), cls.id != food_id)

    def rename(self, name: str, brand: str | None = None) -> None:
        self.name = name
        self.brand = brand
        self.folded_name = folded(f"{name} {brand or ''}")

    @classmethod
    def create_own(
        cls, user: User, form_id: UUID, form_digest: str, label: Label, like: "Food | None" = None
    ) -> "Food":
        """Make a food of one's own, once for each form; like another, with what the label does not say.

        Raises FormReused.
        """
        food = cls(id=form_id, owner_id=user.id, source=OWN, source_id=str(form_id))
        # Foods are not keyed by person: somebody else's form with this id must not count as the same.
        food.form_digest = f"{user.id} {form_digest}"
        return food.create_once(label, like)

    def create_once(self, label: Label, like: "Food | None" = None) -> "Food":
        """Store it with what its label says, unless the same form did so before. Raises FormReused."""
        # What EU labels and Open Food Facts declare is without fibre; people copy what the label says.
        self.carbohydrate_basis = "available"
        if like:
            self.set_amounts(like.amounts)
            self.density_g_per_ml = like.density_g_per_ml
            self.open_food_code = like.open_food_code
        self._describe(label)
        if new := insert_if_new(self):
            new._serve(label)
            return new
        return made_before(self)

    def correct(self, label: Label) -> None:
        """Change what a food of one's own says; entries keep what they were logged with."""
        self._describe(label)
        self._serve(label)

    def correct_shared(self, label: Label) -> None:
        """Change what everybody's food says: its other names still find it, and it keeps its portions."""
        was, (first, *others) = (self.name, self.brand), self.folded_name.split(";")
        self._describe(label)
        if (self.name, self.brand) == was:
            self.folded_name = all_names(first, *others)
        else:
            self.folded_name = all_names(self.folded_name, *others)
            self.names = None  # nobody knows whether a translation still says the same
        if label.serving_grams is not None:
            self._measure(label)

    def _describe(self, label: Label) -> None:
        self.rename(label.name, label.brand)
        self.gtin = label.gtin
        self.label_per_serving, self.label_says_salt = label.per_serving, label.says_salt
        self.set_amounts({**self.amounts, **label.per_100_g})

    def _serve(self, label: Label) -> None:
        """Keep the one portion that a label declares, its serving."""
        if label.serving_grams is None:
            self.portions = []
            return
        self._measure(label)
        self.portions = self.portions[:1]

    def _measure(self, label: Label) -> None:
        """Let the first portion be the serving of a label."""
        grams = label.serving_grams or 0
        if not self.portions:
            self.portions = [Portion(position=1, amount=1)]
        portion = self.portions[0]
        portion.unit, portion.gram_weight = label.serving_name or "serving", grams * portion.amount

    def archive(self) -> None:
        self.archived_at = self.archived_at or utc_now()

    def unarchive(self) -> None:
        self.archived_at = None

    def name_in(self, language: str) -> str:
        """What it is called in a language; a food of one's own is called what its maker wrote."""
        return (self.names or {}).get(language) or self.name

    @property
    def is_from_label(self) -> bool:
        """Whether an admin of this Caloria copied it for everybody, where its own dishes are worked out."""
        return self.source == CALORIA and self.form_digest is not None

    @property
    def is_own(self) -> bool:
        return self.owner_id is not None


class FoodNamed(NamedTuple):
    """What is read of a food to log one of its portions: its figures stay in the database."""

    id: UUID
    name: str
    names: dict[str, str] | None
    brand: str | None
    density_g_per_ml: float | None
    # No other than the one that is logged.
    portions: list["Portion"]

    name_in = Food.name_in
    portion = Food.portion


class Portion(db.Model):
    """A discrete amount of a food, such as "1 cup, chopped", and what it weighs."""

    __tablename__ = "portions"
    __table_args__ = (
        UniqueConstraint("food_id", "position"),
        CheckConstraint(f"amount BETWEEN 0.001 AND {HEAVIEST_GRAMS}", name="amount"),
        CheckConstraint(f"gram_weight BETWEEN 0.001 AND {HEAVIEST_GRAMS}", name="gram_weight"),
        CheckConstraint("position BETWEEN 1 AND 1000", name="position"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    food_id: Mapped[UUID] = mapped_column(ForeignKey("foods.id"))
    position: Mapped[int]
    amount: Mapped[float]
    unit: Mapped[str]
    gram_weight: Mapped[float]

    food: Mapped[Food] = relationship(back_populates="portions")

    @classmethod
    def of_grams(cls, grams: float) -> "Portion":
        """So many grams as a portion of any food; it is stored nowhere."""
        return cls(amount=grams, unit="g", gram_weight=grams)

    @property
    def grams_per_unit(self) -> float:
        return self.gram_weight / self.amount

    def unit_in(self, language: str) -> str:
        """Its unit in a language."""
        return unit_in(self.unit, language)


def shared_or_of(user_id: Any) -> Any:
    """Whether a food is everybody's or this person's own."""
    owner_id = Food.__table__.c.owner_id
    return or_(owner_id.is_(None), owner_id == user_id)


# Built once: whatever is logged asks it.
_SEEN = select(Food).where(Food.id == bindparam("food_id"), shared_or_of(bindparam("user_id")))
