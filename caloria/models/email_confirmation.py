import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db
from caloria.models.clock import utc_now
from caloria.models.ids import new_id
from caloria.models.session import digest
from caloria.models.user import User, email_key

LASTS = timedelta(hours=24)
# In place of a digest where there is no link yet, and where there will be none.
UNSENT, NOTICE = "not sent yet ", "only a notice "


class EmailConfirmation(db.Model):
    """A link that was mailed to an address, to see that it is the person's: the present one or a new one."""

    __tablename__ = "email_confirmations"
    __table_args__ = (
        Index(None, "user_id"),
        CheckConstraint("length(email) BETWEEN 3 AND 320", name="email"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    token_hash: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    email: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)

    @classmethod
    def ask(cls, user: User, id_: UUID | None = None) -> "EmailConfirmation":
        """Want to know whether the present address is this person's."""
        return cls._add(user, user.email, UNSENT, id_)

    @classmethod
    def ask_for(cls, user: User, email: str) -> "EmailConfirmation":
        """Want to have another address; what was wanted before is wanted no more."""
        cls.revoke(user)
        return cls._add(user, email.strip(), UNSENT)

    @classmethod
    def _add(cls, user: User, email: str, mark: str, id_: UUID | None = None) -> "EmailConfirmation":
        id_ = id_ or new_id()
        confirmation = cls(id=id_, token_hash=f"{mark}{id_}", user_id=user.id, email=email)
        db.session.add(confirmation)
        return confirmation

    def begin(self) -> str:
        """Make the link, which ends one that was made before; return its token, which only the mail holds."""
        token = secrets.token_urlsafe(32)
        self.token_hash = digest(token)
        return token

    def is_of(self, user: User) -> bool:
        """Whether it is about the address that this person has."""
        return email_key(self.email) == user.email_key

    @property
    def is_over(self) -> bool:
        return self.created_at < utc_now() - LASTS

    @property
    def other_holder(self) -> User | None:
        """Somebody else who has this address already."""
        theirs = select(User).where(User.email_key == email_key(self.email), User.id != self.user_id)
        return db.session.scalar(theirs)

    @classmethod
    def held(cls, token: str) -> "tuple[EmailConfirmation, User] | None":
        """Find what this token confirms, and whose address that is to be."""
        valid = (cls.token_hash == digest(token), cls.created_at > utc_now() - LASTS, User.active)
        found = db.session.execute(select(cls, User).join(User, User.id == cls.user_id).where(*valid)).first()
        return (found[0], found[1]) if found else None

    @classmethod
    def wanted_by(cls, user: User) -> str | None:
        """The address that this person asked for and has not confirmed yet."""
        mine = select(cls).where(cls.user_id == user.id, cls.created_at > utc_now() - LASTS)
        links = mine.where(cls.token_hash.not_like(f"{NOTICE}%")).order_by(cls.created_at.desc())
        return next((each.email for each in db.session.scalars(links) if not each.is_of(user)), None)

    @classmethod
    def use(cls, token: str) -> "EmailConfirmation | None":
        """Confirm the address, or change to it: once. Returns the notice for the old one where it changed.

        Raises NoSuchLink, and AddressTaken where somebody else has it by now.
        """
        held = cls.held(token)
        claimed = db.session.scalar(delete(cls).where(cls.token_hash == digest(token)).returning(cls.id))
        if held is None or not claimed:
            raise NoSuchLink
        confirmation, user = held
        notice = None if confirmation.is_of(user) else cls._add(user, user.email, NOTICE)
        if notice:
            change(user, confirmation.email)
            cls.revoke(user)
        user.email_confirmed_at = utc_now()
        return notice

    @classmethod
    def revoke(cls, user: User) -> None:
        """Make the links that were mailed for this person worthless; what the old address is told stays."""
        mine = (cls.user_id == user.id, cls.token_hash.not_like(f"{NOTICE}%"))
        db.session.execute(delete(cls).where(*mine))

    @classmethod
    def prune(cls) -> None:
        """Forget the links that are too old to work."""
        db.session.execute(delete(cls).where(cls.created_at < utc_now() - LASTS))


class NoSuchLink(Exception):
    """The link was used, is too old, or never was."""


class AddressTaken(Exception):
    """There is another account with this address."""


def change(user: User, email: str) -> None:
    """Raises AddressTaken, and then nothing was changed."""
    try:
        with db.session.begin_nested():
            user.change_email(email)
            db.session.flush()
    except IntegrityError:
        raise AddressTaken from None
