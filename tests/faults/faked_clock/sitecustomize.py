"""A way to sleep under libfaketime, of which some versions refuse the one that Python has."""

import select
import time


def sleep(seconds: float) -> None:
    select.select([], [], [], seconds)


time.sleep = sleep
