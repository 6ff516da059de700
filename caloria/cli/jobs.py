from uuid import UUID

import click
from flask import current_app
from flask.cli import AppGroup

from caloria.extensions import db
from caloria.models import Job, QueueStanding

group = AppGroup("jobs", help="What is done outside of pages: mails, and what is tidied up at night.")


@group.command()
def work():
    """Do what waits, until SIGTERM: then what is under way is finished, within half a minute."""
    from caloria.jobs.worker import work as do_work

    do_work(current_app._get_current_object())


@group.command("list")
def list_():
    """Show what waits, what is being done and what was given up; exit with 1 where nobody does what waits."""
    standing = QueueStanding()
    for job in standing.shown:
        error = f"  {job.last_error}" if job.last_error else ""
        click.echo(f"{job.id}  {standing.state(job):<8}{job.task:<16}{job.due_at:%Y-%m-%d %H:%M}Z{error}")
    click.echo(f"{standing.waiting:,} wait, {standing.running:,} run, {standing.given_up:,} were given up.")
    if standing.nobody_works:
        click.echo("Nobody works on the queue. To mend: flask jobs work", err=True)
        raise click.exceptions.Exit(1)


@group.command()
@click.argument("job_id", metavar="ID", type=click.UUID)
def retry(job_id: UUID):
    """Have a job done that was given up."""
    job = db.session.get(Job, job_id)
    if job is None or not job.retry():
        raise not_given_up(job_id)
    db.session.commit()
    click.echo(f"{job.task} is tried again now.")


@group.command()
@click.argument("job_id", metavar="ID", type=click.UUID)
def forget(job_id: UUID):
    """Have a job done no more that was given up."""
    job = db.session.get(Job, job_id)
    if job is None or not job.forget():
        raise not_given_up(job_id)
    task = job.task
    db.session.commit()
    click.echo(f"{task} is forgotten.")


def not_given_up(job_id: UUID) -> click.ClickException:
    return click.ClickException(f"No job {job_id} was given up. flask jobs list shows those that were.")
