"""What waits in the queue is done: here and now, or by a worker in a process of its own."""

import subprocess
from contextlib import contextmanager

from flask import Flask
from forked import start
from surroundings import ROOT, environment

# For a database of which no app of this process knows.
A_JOB_WAITS = """INSERT INTO jobs (id, task, arguments, due_at, attempts, created_at) VALUES
    ('019ab000000070008000000000000001', 'password_reset', '{}', CURRENT_TIMESTAMP, 0, CURRENT_TIMESTAMP)"""
WAITING = "SELECT count(*) FROM jobs WHERE finished_at IS NULL"


def do_jobs(app: Flask) -> int:
    """Do every job that is due, one after the other; how many there were."""
    from caloria.jobs import worker  # noqa: F401  it brings along what is done
    from caloria.jobs.queue import queue

    queue.serve(app)
    done = 0
    while task := queue.dequeue():
        queue.execute(task)
        done += 1
    return done


@contextmanager
def worker(url: str, **more: str):
    """A worker for as long as the block lasts, unless it ends before; what it says is read at its end."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    process = start(["-m", "flask", "jobs", "work"], ROOT, environment(url, **more), **pipes)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(40)
        process.stdout.close()
