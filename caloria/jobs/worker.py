"""The process that works on the queue, until it is told to stop."""

import logging
import os
import signal

from flask import Flask
from huey.consumer import Consumer

# So that the queue knows what is done.
from caloria.jobs import (  # noqa: F401
    addresses,
    billing,
    figures,
    foods,
    mails,
    nightly,
    plan_mails,
    reminders,
    requests,
    sealing,
)
from caloria.jobs.heartbeat import Heartbeat
from caloria.jobs.queue import queue
from caloria.models.server import worker_name

THREADS = 2
ALL_THREADS = THREADS + 2  # the clock, and the heartbeat
DRAINS = "The worker finishes what is under way, and stops"
log = logging.getLogger(__name__)
# A mail waits for so long at most before it is seen.
LOOK_SECONDS = 2
RENEW_SECONDS = 10
# What is under way may take so long after SIGTERM, which is less than a lease lasts. Then it is given back.
DRAIN_SECONDS = 30


class Worker(Consumer):
    """The consumer of huey. A hang-up ends it too: huey would start another program in its place."""

    def start(self) -> None:
        super().start()
        signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))

    def stop(self, graceful: bool = False) -> None:
        self.stop_flag.set()
        log.warning(DRAINS if graceful else "The worker stops at once")
        super().stop(graceful)


def work(app: Flask) -> None:
    """Do what is due until SIGTERM; then finish what is under way, and take nothing new."""
    logging.getLogger("huey").setLevel(logging.WARNING)  # it would tell of each look at the clock
    # Whole tables are tidied up here, which takes longer than a page may.
    app.extensions["caloria_patience"].begin(ALL_THREADS, times=4)
    heartbeat = Heartbeat(app, worker_name(app.extensions["caloria_config"].server))
    heartbeat.start()
    queue.serve(app, lambda: heartbeat.is_home)
    Worker(
        queue,
        workers=THREADS,
        max_delay=LOOK_SECONDS,
        scheduler_interval=RENEW_SECONDS,
        shutdown_timeout=DRAIN_SECONDS,
        graceful_signal="TERM",
    ).run()
