"""Ask for pages as fast as they come, over connections that stay open, in a process of its own.

Standard input says what to ask for, as JSON: port, requests, seconds, connections. Standard output says what
came of it: how many answers of each status, how long each took in milliseconds, over how many seconds.
"""

import json
import re
import selectors
import socket
import sys
import time
from collections import Counter
from itertools import cycle

MOST_REQUESTS = 500_000
MOST_FAILURES = 100
SECONDS_FOR_AN_ANSWER = 10
# New connections now and then: the workers share them out anew, as they do those of browsers.
ANSWERS_ON_A_CONNECTION = 100
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class Connection:
    def __init__(self, port):
        self.port = port
        self.open()

    def open(self):
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=SECONDS_FOR_AN_ANSWER)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.answered = 0

    def ask(self, request):
        self.received, self.expected = b"", None
        self.asked_at = time.perf_counter()
        self.socket.sendall(request)

    def read(self):
        """Take what has come; return the status of a whole answer, 0 for a broken connection, else None."""
        try:
            part = self.socket.recv(262144)
        except OSError:
            part = b""
        self.received += part
        if not part:
            return 0
        if self.expected is None:
            head, end, _ = self.received.partition(b"\r\n\r\n")
            if not end:
                return None
            self.expected = len(head) + 4 + int(LENGTH.search(head)[1])
        if len(self.received) < self.expected:
            return None
        self.answered += 1
        return int(self.received[9:12])


class Load:
    """A bounded number of connections, each asking again as soon as it is answered."""

    def __init__(self, port, requests, seconds, connections):
        self.requests, self.seconds = cycle(request.encode("latin-1") for request in requests), seconds
        self.connections = [Connection(port) for _ in range(connections)]
        self.statuses, self.latencies = Counter(), []

    def run(self):
        started = time.perf_counter()
        with selectors.DefaultSelector() as selector:
            for connection in self.connections:
                self.ask(selector, connection)
            while selector.get_map():
                for key, _ in selector.select(1):
                    self.read(selector, key.data, may_go_on=self.goes_on(started))
                self.give_up_on_silent(selector)
        return time.perf_counter() - started

    def goes_on(self, started):
        enough = len(self.latencies) >= MOST_REQUESTS or self.failures >= MOST_FAILURES
        return not enough and time.perf_counter() - started < self.seconds

    @property
    def failures(self):
        return sum(count for status, count in self.statuses.items() if status != 200)

    def ask(self, selector, connection):
        connection.ask(next(self.requests))
        selector.register(connection.socket, selectors.EVENT_READ, connection)

    def read(self, selector, connection, may_go_on):
        status = connection.read()
        if status is None:
            return
        self.latencies.append((time.perf_counter() - connection.asked_at) * 1000)
        self.statuses[status] += 1
        selector.unregister(connection.socket)
        if not may_go_on:
            connection.socket.close()
            return
        if not status or connection.answered == ANSWERS_ON_A_CONNECTION:
            connection.socket.close()
            connection.open()
        self.ask(selector, connection)

    def give_up_on_silent(self, selector):
        now = time.perf_counter()
        for connection in [key.data for key in selector.get_map().values()]:
            if now - connection.asked_at > SECONDS_FOR_AN_ANSWER:
                self.statuses[0] += 1
                selector.unregister(connection.socket)


def main():
    load = Load(**json.load(sys.stdin))
    seconds = load.run()
    json.dump({"statuses": load.statuses, "latencies": load.latencies, "seconds": seconds}, sys.stdout)


if __name__ == "__main__":
    main()
