"""The answer that Prometheus gets."""

from flask import Flask
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from caloria.metrics import counted, files
from caloria.metrics.tables import DatabaseFigures

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4


def text(app: Flask) -> bytes:
    """Every figure: what all processes counted together, and what the database says."""
    read = CollectorRegistry()
    read.register(DatabaseFigures(app))
    return of_all_processes() + generate_latest(read)


def of_all_processes() -> bytes:
    place = files.folder()
    if place is None:
        return generate_latest(counted.REGISTRY)
    together = CollectorRegistry()
    with files.alone(place):
        files.fold_ended(place)
        MultiProcessCollector(together, str(place))
        return generate_latest(together)
