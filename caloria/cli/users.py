import os
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import UUID

import click
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import MultiDict

from caloria.extensions import db, settings
from caloria.forms.people import ForgottenPasswordForm, SignupForm
from caloria.models import (
    EmailTaken,
    Erasure,
    Export,
    LastAdmin,
    PasswordReset,
    Session,
    Signup,
    Standing,
    User,
)
from caloria.models.user import email_key
from caloria.operations import invitations
from caloria.operations.farewell import farewell_to

group = AppGroup("users", help="Accounts from the terminal.")


@group.command()
@click.option("--email", prompt=True)
@click.option("--name", prompt=True)
@click.option("--time-zone", default="UTC", show_default=True, help="Such as Europe/Madrid.")
@click.option("--admin", is_flag=True, help="May see the admin pages.")
@click.password_option(help="Asked for where it is not given, which keeps it out of the shell's history.")
def create(email, name, time_zone, admin, password):
    """Create an account."""
    form = valid(SignupForm, email=email, name=name, time_zone=time_zone, password=password)
    try:
        user = Signup(form.name.data, form.email.data, password, time_zone).complete(is_admin=admin)
    except EmailTaken:
        raise click.ClickException(f"There is an account for {email} already.") from None
    db.session.commit()
    click.echo(f"Created {'the admin' if admin else 'the account'} {user.email}.")


@group.command()
@click.argument("old")
@click.argument("new")
def address(old, new):
    """Give the account of the address OLD the address NEW."""
    form = valid(ForgottenPasswordForm, email=new)
    user = find(old)
    try:
        user.change_email(form.email.data)
        PasswordReset.revoke(user)  # the links lie in the mail of the old address
        Session.end_all(user)
        db.session.commit()
    except IntegrityError:
        raise click.ClickException(f"There is an account for {new} already.") from None
    click.echo(f"The account of {old} is that of {user.email} now, and signed out everywhere.")


@group.command()
def invite():
    """Have everybody who came from elsewhere mailed how to choose a password, each of them once."""
    people = invitations.waiting()
    reachable = [(user, key) for user, key in people if user.has_address]
    try:
        put = invitations.invite(settings(), reachable)
    except invitations.InvitationFailed as failed:
        raise click.ClickException(str(failed)) from None
    db.session.commit()
    before = len(reachable) - put
    click.echo(f"Mails about choosing a password, for a worker to send: {put:,}.")
    if before:
        click.echo(f"Waiting since an earlier time, or given up: {before:,}. flask jobs list shows them.")
    unreachable = [user.email for user, _key in people if not user.has_address]
    if unreachable:
        click.echo(f"Without an address: {len(unreachable):,}. To give one to each, for example:")
        click.echo(f"  flask users address {unreachable[0]} NEW")


@group.command()
@click.argument("who")
@click.option("--to", type=click.Path(path_type=Path), help="Where to write it; else into this folder.")
def export(who, to):
    """Write everything of the account WHO, an address or a number, into a zip file."""
    user = find(who)
    to = to or Path(f"caloria-{user.id}.zip")
    try:
        with open(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            Export(user).write(file)
    except OSError as error:
        raise click.ClickException(f"{to} was not written: {error.strerror}.") from None
    db.session.commit()
    click.echo(f"Everything of {user.email} is in {to}, for nobody else to read.")


@group.command()
@click.argument("who")
@click.option("--yes", is_flag=True, help="Do not ask for the address again.")
def erase(who, yes):
    """Delete the account WHO, an address or a number, and everything in it, for good."""
    user = find(who)
    if not yes and email_key(click.prompt(f"Type {user.email} to delete it for good")) != user.email_key:
        raise click.ClickException("That is another address. Nothing was changed.")
    say_farewell, number = farewell_to(user, settings()), user.id
    with refusing_the_last_admin():
        payments = Erasure.complete(user)
    db.session.commit()
    say_farewell()
    kept = f" Payments kept for tax law, without a name: {payments:,}." if payments else ""
    click.echo(f"The account {number} is deleted.{kept}")


@group.command()
@click.argument("who")
def disable(who):
    """Let the account WHO in no more; nothing of theirs is lost."""
    with refusing_the_last_admin():
        Standing(find(who)).disable()
    db.session.commit()
    click.echo(f"{who} cannot sign in, and is signed out everywhere.")


@group.command()
@click.argument("who")
def enable(who):
    """Let the account WHO in again."""
    Standing(find(who)).enable()
    db.session.commit()
    click.echo(f"{who} can sign in.")


@group.command()
@click.argument("who")
def promote(who):
    """Let the account WHO see the admin pages."""
    Standing(find(who)).promote()
    db.session.commit()
    click.echo(f"{who} is an admin.")


@group.command()
@click.argument("who")
def demote(who):
    """Keep the account WHO from the admin pages."""
    with refusing_the_last_admin():
        Standing(find(who)).demote()
    db.session.commit()
    click.echo(f"{who} is no admin.")


@contextmanager
def refusing_the_last_admin():
    try:
        yield
    except LastAdmin:
        raise click.ClickException("This is the only admin. Promote somebody else first.") from None


def find(who: str) -> User:
    """The account of an address, or of a number. Raises ClickException."""
    user = db.session.scalar(select(User).where(User.email_key == email_key(who)))
    if user is None:
        with suppress(ValueError):
            user = db.session.get(User, UUID(who))
    if user is None:
        raise click.ClickException(f"There is no account for {who}.")
    return user


def valid(form_class: type, **answers: str):
    """A form, so filled in. Raises ClickException with what the page would say."""
    form = form_class(formdata=MultiDict(answers), meta={"csrf": False})
    if not form.validate():
        raise click.ClickException(" ".join(form.summary))
    return form
