"""What waits in the queue is done here and now, as a worker would do it."""

from flask import Flask


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
