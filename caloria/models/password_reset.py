import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ForeignKey, Index, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from caloria.extensions import db
from caloria.models.clock import utc_now
from caloria.models.email_confirmation import EmailConfirmation
from caloria.models.ids import new_id
from caloria.models.session import Session, digest
from caloria.models.user import User

LASTS = timedelta(minutes=60)


class PasswordReset(db.Model):
    """A link that was mailed to a person who forgot the password."""

    __tablename__ = "password_resets"
    __table_args__ = (Index(None, "user_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    token_hash: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)

    @classmethod
    def begin(cls, user: User) -> str:
        """Make a link for this person; return its token, which only the mail holds."""
        token = secrets.token_urlsafe(32)
        db.session.add(cls(token_hash=digest(token), user_id=user.id))
        return token

    @classmethod
    def holder(cls, token: str) -> User | None:
        """Find whose password this token may change."""
        return db.session.scalar(
            select(User)
            .join(cls, cls.user_id == User.id)
            .where(cls.token_hash == digest(token), cls.created_at > utc_now() - LASTS, User.active)
        )

    @classmethod
    def use(cls, token: str, password: str) -> bool:
        """Set the new password, once; every other link and every session of this person ends with it."""
        user = cls.holder(token)
        claimed = db.session.scalar(delete(cls).where(cls.token_hash == digest(token)).returning(cls.id))
        if user is None or not claimed:
            return False
        user.change_password(password)
        # The link came by mail to this address.
        user.email_confirmed_at = user.email_confirmed_at or utc_now()
        cls.revoke(user)
        Session.end_all(user)
        return True

    @classmethod
    def take_back(cls, token: str) -> None:
        """Make a link worthless that nobody got."""
        db.session.execute(delete(cls).where(cls.token_hash == digest(token)))

    @classmethod
    def revoke(cls, user: User) -> None:
        """Make the links that were mailed to this person worthless, whatever they are for."""
        EmailConfirmation.revoke(user)
        db.session.execute(delete(cls).where(cls.user_id == user.id))

    @classmethod
    def prune(cls) -> None:
        """Forget the links that are too old to work."""
        db.session.execute(delete(cls).where(cls.created_at < utc_now() - LASTS))
