import click
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import MultiDict

from caloria.extensions import db, settings
from caloria.forms.people import ForgottenPasswordForm, SignupForm
from caloria.models import EmailTaken, PasswordReset, Session, Signup, User
from caloria.models.user import email_key
from caloria.operations import invitations

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
    user = db.session.scalar(select(User).where(User.email_key == email_key(old)))
    if user is None:
        raise click.ClickException(f"There is no account for {old}.")
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


def valid(form_class: type, **answers: str):
    """A form, so filled in. Raises ClickException with what the page would say."""
    form = form_class(formdata=MultiDict(answers), meta={"csrf": False})
    if not form.validate():
        raise click.ClickException(" ".join(form.summary))
    return form
