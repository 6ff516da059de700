from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db
from caloria.models.clock import utc_now
from caloria.models.creation import insert_if_new
from caloria.models.food import HEAVIEST_GRAMS, OWN, Food, Measured, Portion
from caloria.models.food_sources.open_food_facts import KEPT
from caloria.models.ids import id_from, new_id
from caloria.models.kept import cached_property
from caloria.models.nutrients import bounded
from caloria.models.user import User

MEASURED = ("amount", "unit", "gram_weight")


class OpenFood(Measured, db.Model):
    """A product of Open Food Facts, apart from everybody's foods: it is shared under its own licence (ODbL).

    Nobody's day points at it. Who logs it takes a copy that is their own, which says where it came from.
    """

    __tablename__ = "open_foods"
    __table_args__ = (
        *bounded(1),
        CheckConstraint("length(code) BETWEEN 1 AND 14", name="code"),
        CheckConstraint("length(gtin) = 14", name="gtin"),
        CheckConstraint("length(name) BETWEEN 1 AND 200", name="name"),
        CheckConstraint("density_g_per_ml BETWEEN 0.05 AND 5", name="density_g_per_ml"),
        CheckConstraint("scans BETWEEN 0 AND 2000000000", name="scans"),
        CheckConstraint(f"serving_amount BETWEEN 0.001 AND {HEAVIEST_GRAMS}", name="serving_amount"),
        CheckConstraint(f"serving_grams BETWEEN 0.001 AND {HEAVIEST_GRAMS}", name="serving_grams"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    gtin: Mapped[str] = mapped_column(unique=True)
    # As Open Food Facts writes its barcode, for the link.
    code: Mapped[str]
    name: Mapped[str]
    folded_name: Mapped[str]
    brand: Mapped[str | None]
    category: Mapped[str | None]
    density_g_per_ml: Mapped[float | None]
    serving_amount: Mapped[float | None]
    serving_name: Mapped[str | None]
    serving_grams: Mapped[float | None]
    # How many people scanned it there.
    scans: Mapped[int] = mapped_column(default=0, server_default="0")
    # When it was last changed there, and here.
    changed_at: Mapped[datetime]
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)

    # What pages ask of any food.
    is_own = is_from_label = False
    archived_at = names = None
    everyday = 0
    source = "openfoodfacts"

    @classmethod
    def with_barcode(cls, gtins: list[str]):
        """Select what has one of these barcodes, the likeliest first."""
        return select(cls).where(cls.gtin.in_(gtins)).order_by(cls.gtin != gtins[0])

    @classmethod
    def keep(cls, said: tuple) -> "OpenFood":
        """Store a product as Open Food Facts says it now, or bring it up to date."""
        values = dict(zip(KEPT, said, strict=True))
        stored = db.session.scalar(select(cls).where(cls.gtin == values["gtin"]))
        fresh = stored or cls()
        for name, value in values.items():
            setattr(fresh, name, value)
        return stored or insert_if_new(fresh) or db.session.scalars(cls.with_barcode([fresh.gtin])).one()

    @property
    def open_food_code(self) -> str:
        return self.code

    @cached_property
    def portions(self) -> list[Portion]:
        """The serving of its label; stored nowhere, it has the same id each time."""
        if self.serving_grams is None:
            return []
        amount, unit = self.serving_amount or 1, self.serving_name or "serving"
        id = id_from(self.id, 1)
        return [Portion(id=id, position=1, amount=amount, unit=unit, gram_weight=self.serving_grams)]

    def name_in(self, language: str) -> str:
        """What it is called: Caloria keeps one name of it."""
        return self.name

    def taken_by(self, person: User) -> Food:
        """This person's own copy, to be logged: made once, and theirs to change."""
        id = id_from(self.id, person.id.int >> 64 ^ person.id.int & (1 << 64) - 1)
        copy = Food(id=id, owner_id=person.id, source=OWN, source_id=str(id), carbohydrate_basis="available")
        copy.open_food_code, copy.gtin, copy.density_g_per_ml = self.code, self.gtin, self.density_g_per_ml
        copy.rename(self.name, self.brand)
        copy.set_amounts(self.amounts)
        made = insert_if_new(copy)
        if made is None:
            return db.session.scalars(Food.of(person).where(Food.id == id)).one()
        made.portions = [
            Portion(id=id_from(id, 1), position=1, **{name: getattr(each, name) for name in MEASURED})
            for each in self.portions
        ]
        return made
