import unicodedata
from datetime import date, datetime, time, timedelta
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, select, true
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db
from caloria.models import passwords
from caloria.models.audit_event import AuditEvent
from caloria.models.clock import utc_now
from caloria.models.ids import new_id
from caloria.models.kept import cached_property
from caloria.models.plan import Plan
from caloria.models.plan_standing import PlanStanding

UNITS = ("metric", "us")
ENERGY_UNITS = ("kcal", "kJ")
LANGUAGES = ("en", "es")
# RFC 2606: no mail ever goes there. Of people who came from where nobody has an address.
NO_ADDRESS = "no-address.invalid"
ADDRESS_CHANGE = "address change"


def email_key(email: str) -> str:
    """Fold an e-mail address to what makes it unique (done here: databases fold case differently)."""
    return unicodedata.normalize("NFKC", email.strip()).casefold()


class User(db.Model):
    """A person with an account."""

    __tablename__ = "users"
    __table_args__ = (
        UniqueConstraint("email_key"),
        Index(None, "created_at", "id"),
        CheckConstraint(f"units IN {UNITS}", name="units"),
        CheckConstraint(f"energy_unit IN {ENERGY_UNITS}", name="energy_unit"),
        CheckConstraint(f"language IN {LANGUAGES}", name="language"),
        CheckConstraint("day_starts_at < '12:00:00'", name="day_starts_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str]
    email_key: Mapped[str]
    name: Mapped[str]
    password_hash: Mapped[str]
    time_zone: Mapped[str]
    day_starts_at: Mapped[time] = mapped_column(default=time(0))
    units: Mapped[str] = mapped_column(default="metric")
    energy_unit: Mapped[str] = mapped_column(default="kcal", server_default="kcal")
    language: Mapped[str] = mapped_column(default="en", server_default="en")
    # When a mailed link showed that the address is this person's.
    email_confirmed_at: Mapped[datetime | None]
    is_admin: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)

    # What Flask-Login asks of a user.
    is_authenticated = True
    is_anonymous = False
    session = cast("Any", None)  # the Session it signed in with

    @property
    def is_active(self) -> bool:
        return self.active

    def get_id(self) -> str:
        """The token of the session that this person signed in with."""
        return self.session.token

    @classmethod
    def with_email(cls, email: str):
        """Select the account of an address that may sign in."""
        return select(cls).where(cls.email_key == email_key(email), cls.active == true())

    def set_email(self, email: str) -> None:
        self.email = email.strip()
        self.email_key = email_key(email)

    @property
    def has_password(self) -> bool:
        """Not yet, where somebody came from elsewhere."""
        return self.password_hash != passwords.NOBODYS_HASH

    @property
    def may_enter(self) -> bool:
        return self.active and self.has_password

    @property
    def has_address(self) -> bool:
        before, at, domain = self.email_key.partition("@")
        return bool(before and at and domain) and domain != NO_ADDRESS

    def change_email(self, email: str) -> None:
        """Be found by another address than before, which is worth noting."""
        self.set_email(email)
        self.email_confirmed_at = None
        AuditEvent.note(ADDRESS_CHANGE, self)

    def set_password(self, password: str) -> None:
        self.password_hash = passwords.hashed(password)

    def change_password(self, password: str) -> None:
        """Set another password than before, which is worth noting."""
        self.set_password(password)
        AuditEvent.note("password change", self)

    @cached_property
    def plan_standing(self) -> PlanStanding:
        """As it is at this request or job, which the person lasts no longer than."""
        return PlanStanding(self)

    @property
    def plan(self) -> Plan:
        """What this person may do beside keeping a diary."""
        return self.plan_standing.plan

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def local_time(self, moment: datetime | None = None) -> datetime:
        """The clock on this person's wall."""
        return (moment or utc_now()).astimezone(self.zone)

    def today(self, moment: datetime | None = None) -> date:
        """The calendar date of this person's day, which may begin after midnight."""
        wall = self.local_time(moment).replace(tzinfo=None)
        start = timedelta(hours=self.day_starts_at.hour, minutes=self.day_starts_at.minute)
        return (wall - start).date()
