import click
from flask.cli import AppGroup

from caloria.extensions import settings
from caloria.integrations.payments import PaymentsUnavailable
from caloria.integrations.payments.client import is_on
from caloria.operations.reconciliation import Reconciliation

group = AppGroup("subscriptions", help="What people pay, compared with the provider of payments.")


@group.command()
@click.option("--repair", is_flag=True, help="Mend what differs, noting each change in the audit.")
def reconcile(repair):
    """Compare subscriptions, payments and events with the provider.

    Exits with 0 only where everything agrees, or was mended; 1 where something differs.
    """
    if not is_on():
        click.echo(f"Payments are {said_of_off()}: there is no provider to compare with.")
        return
    comparison = Reconciliation(mends=repair)
    try:
        for difference in comparison.run():
            click.echo(f"{'mended  ' if difference.is_mended else 'differs '}{difference.words}")
    except PaymentsUnavailable as error:
        raise click.ClickException(f"The provider did not answer to the end ({error}). Try again.") from None
    conclude(comparison, repair)


def said_of_off() -> str:
    return "by hand (PAYMENTS=manual)" if settings().payments == "manual" else "off (PAYMENTS=off)"


def conclude(comparison: Reconciliation, repair: bool) -> None:
    left = sum(not each.is_mended for each in comparison.found)
    if not comparison.found:
        click.echo("Everything agrees with the provider.")
    elif left == 0:
        click.echo(f"{len(comparison.found)} mended. Everything agrees with the provider now.")
    else:
        mend = "" if repair else " To mend what can be: flask subscriptions reconcile --repair"
        click.echo(f"{left} {'differs' if left == 1 else 'differ'}.{mend}", err=True)
        raise click.exceptions.Exit(1)
