import click
from flask.cli import AppGroup
from werkzeug.datastructures import MultiDict

from caloria.extensions import db
from caloria.forms.people import SignupForm
from caloria.models import EmailTaken, Signup

group = AppGroup("users", help="Accounts from the terminal.")


@group.command()
@click.option("--email", prompt=True)
@click.option("--name", prompt=True)
@click.option("--time-zone", default="UTC", show_default=True, help="Such as Europe/Madrid.")
@click.option("--admin", is_flag=True, help="May see the admin pages.")
@click.password_option(help="Asked for where it is not given, which keeps it out of the shell's history.")
def create(email, name, time_zone, admin, password):
    """Create an account."""
    form = answered(email=email, name=name, time_zone=time_zone, password=password)
    try:
        user = Signup(form.name.data, form.email.data, password, time_zone).complete(is_admin=admin)
    except EmailTaken:
        raise click.ClickException(f"There is an account for {email} already.") from None
    db.session.commit()
    click.echo(f"Created {'the admin' if admin else 'the account'} {user.email}.")


def answered(**answers: str) -> SignupForm:
    """The sign-up form, so filled in. Raises ClickException with what the page would say."""
    form = SignupForm(formdata=MultiDict(answers), meta={"csrf": False})
    if not form.validate():
        raise click.ClickException(" ".join(form.summary))
    return form
