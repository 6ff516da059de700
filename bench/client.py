"""Ask for pages as fast as they come, over connections that stay open, in a process of its own.

Standard input says what to ask for, as JSON: port, requests, seconds, connections. Each request has a kind,
the status that it should get, and its text, in which FRESH_ID becomes another id each time. Standard output
says what came of it: how many answers of each other status, how long each took in milliseconds by kind, and
over how many seconds.
"""

import json
import re
import selectors
import socket
import sys
import time
import uuid
from collections import Counter, defaultdict
from itertools import cycle

MOST_REQUESTS = 500_000
MOST_FAILURES = 100
SECONDS_FOR_AN_ANSWER = 10
# New connections now and then: the workers share them out anew, as they do those of browsers.
ANSWERS_ON_A_CONNECTION = 100
FRESH_ID = "00000000-0000-7000-8000-000000000000"
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


def fresh_id():
    """A time-ordered id, as forms of the app carry one."""
    moment, chance = time.time_ns() // 1_000_000, uuid.uuid4().hex
    return str(uuid.UUID(f"{moment:012x}7{chance[13:]}"))


class Connection:
    def __init__(self, port):
        self.port = port
        self.open()

    def open(self):
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=SECONDS_FOR_AN_ANSWER)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.answered = 0

    def ask(self, request):
        self.request, self.received, self.expected = request, b"", None
        text = request["text"].replace(FRESH_ID, fresh_id())
        self.asked_at = time.perf_counter()
        self.socket.sendall(text.encode("latin-1"))

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
        self.requests, self.seconds = cycle(requests), seconds
        self.connections = [Connection(port) for _ in range(connections)]
        self.unexpected, self.latencies = Counter(), defaultdict(list)

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
        answers = sum(map(len, self.latencies.values()))
        enough = answers >= MOST_REQUESTS or self.unexpected.total() >= MOST_FAILURES
        return not enough and time.perf_counter() - started < self.seconds

    def ask(self, selector, connection):
        connection.ask(next(self.requests))
        selector.register(connection.socket, selectors.EVENT_READ, connection)

    def read(self, selector, connection, may_go_on):
        status = connection.read()
        if status is None:
            return
        asked = connection.request
        self.latencies[asked["kind"]].append((time.perf_counter() - connection.asked_at) * 1000)
        if status != asked["status"]:
            self.unexpected[status] += 1
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
                self.unexpected[0] += 1
                selector.unregister(connection.socket)


def main():
    load = Load(**json.load(sys.stdin))
    seconds = load.run()
    json.dump({"unexpected": load.unexpected, "latencies": load.latencies, "seconds": seconds}, sys.stdout)


if __name__ == "__main__":
    main()
