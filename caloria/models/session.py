import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import ForeignKey, Index, bindparam, delete, or_, select, true
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db
from caloria.models.audit_event import AuditEvent
from caloria.models.clock import utc_now
from caloria.models.device import address_named, device_named
from caloria.models.user import User

IDLE_FOR_AT_MOST = timedelta(days=30)
LASTS_AT_MOST = timedelta(days=180)
# Noting every request would write on every page.
NOTED_EVERY = timedelta(hours=1)


def digest(token: str) -> str:
    """What is stored of a token: a copy of the database signs nobody in."""
    return sha256(token.encode()).hexdigest()


class Session(db.Model):
    """One device that a person is signed in on."""

    __tablename__ = "sessions"
    __table_args__ = (Index(None, "user_id"), Index(None, "last_seen_at"))

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    last_seen_at: Mapped[datetime] = mapped_column(default=utc_now)
    # When the password was last given; None where that was before it was noted.
    confirmed_at: Mapped[datetime | None] = mapped_column(default=utc_now)
    # What the person recognises it by, such as "Firefox on Android", and the address it came from.
    device: Mapped[str | None]
    address: Mapped[str | None]

    # Known only while the person holds it.
    token = ""

    @classmethod
    def start(cls, user: User, user_agent: str | None = None, address: str | None = None) -> "Session":
        """Sign a person in on this device."""
        token = secrets.token_urlsafe(32)
        session = cls(token_hash=digest(token), user_id=user.id)
        session.device, session.address = device_named(user_agent), address_named(address)
        session.token = token
        user.session = session
        db.session.add(session)
        AuditEvent.note("sign-in", user, actor=user)
        return session

    @classmethod
    def person(cls, token: str) -> User | None:
        """Find who holds this token: one statement for the session and its person."""
        now = utc_now()
        key = {"token_hash": digest(token), "seen": now - IDLE_FOR_AT_MOST, "made": now - LASTS_AT_MOST}
        found = db.session.execute(_PERSON, key).first()
        if found is None:
            return None
        user, session = found
        user.session, session.token = session, token
        return user

    @classmethod
    def of(cls, user: User):
        """Select where a person is signed in, the last used first."""
        now = utc_now()
        lasting = (cls.last_seen_at > now - IDLE_FOR_AT_MOST, cls.created_at > now - LASTS_AT_MOST)
        return select(cls).where(cls.user_id == user.id, *lasting).order_by(cls.last_seen_at.desc())

    @property
    def id(self) -> UUID:
        """What a page may call it: no token, and not what is stored of one."""
        return UUID(bytes=sha256(self.token_hash.encode()).digest()[:16])

    def note(self, now: datetime) -> bool:
        """Remember that this session was used; True if that changed the row."""
        if now - self.last_seen_at < NOTED_EVERY:
            return False
        self.last_seen_at = now
        return True

    def was_confirmed(self, within: timedelta) -> bool:
        """Whether the password was given here so lately."""
        return self.confirmed_at is not None and utc_now() - self.confirmed_at < within

    def confirm(self) -> None:
        """Note that the password was given; whoever copied the cookie of before is signed out by it."""
        self.confirmed_at = utc_now()
        self.token = secrets.token_urlsafe(32)
        self.token_hash = digest(self.token)

    def end(self) -> None:
        """Sign this device out."""
        AuditEvent.note("sign-out", f"user {self.user_id}")
        db.session.execute(delete(Session).where(Session.token_hash == self.token_hash))

    @classmethod
    def end_all(cls, user: User, *, but: "Session | None" = None) -> None:
        """Sign a person out everywhere, perhaps apart from here."""
        statement = delete(cls).where(cls.user_id == user.id)
        if but is not None:
            statement = statement.where(cls.token_hash != but.token_hash)
        AuditEvent.note("sign-out of other devices" if but else "sign-out everywhere", user)
        db.session.execute(statement)

    @classmethod
    def prune(cls) -> None:
        """Forget the sessions that have ended by age."""
        now = utc_now()
        db.session.execute(
            delete(cls).where(
                or_(cls.last_seen_at < now - IDLE_FOR_AT_MOST, cls.created_at < now - LASTS_AT_MOST)
            )
        )


# Built once: every page asks it.
_PERSON = (
    select(User, Session)
    .join(Session, Session.user_id == User.id)
    .where(
        Session.token_hash == bindparam("token_hash"),
        Session.last_seen_at > bindparam("seen"),
        Session.created_at > bindparam("made"),
        User.active == true(),
    )
    .execution_options(prepared_as="person_of_session")
)
