"""A mail server on this machine that keeps what it is given."""

import socketserver
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread


@dataclass
class Mailbox:
    port: int = 0
    refuses: bytes = b""
    heard: list[str] = field(default_factory=list)
    mails: list[bytes] = field(default_factory=list)
    # At this verb, or at KEPT when it has a mail and has not said so, it waits until told to go on.
    holds_at: str = ""
    holds: Event = field(default_factory=Event)
    goes_on: Event = field(default_factory=Event)

    def hold(self, moment: str) -> None:
        if moment == self.holds_at:
            self.holds.set()
            self.goes_on.wait(30)

    def let_go(self) -> None:
        self.holds_at = ""
        self.goes_on.set()


@contextmanager
def smtp_server():
    """Listen on a free port for as long as the block runs."""
    mailbox = Mailbox()

    class Conversation(socketserver.StreamRequestHandler):
        timeout = 10

        def handle(self):
            self.say(b"220 a test")
            while line := self.rfile.readline().rstrip(b"\r\n"):
                mailbox.heard.append(line.decode())
                verb = line.split()[0].upper()
                mailbox.hold(verb.decode())
                if verb in mailbox.refuses.upper().split():
                    self.say(b"550 no")
                elif verb == b"DATA":
                    self.say(b"354 go on")
                    mailbox.mails.append(b"".join(iter(self.rfile.readline, b".\r\n")))
                    mailbox.hold("KEPT")
                    self.say(b"250 kept")
                elif verb == b"QUIT":
                    self.say(b"221 bye")
                    return
                else:
                    self.say(b"250-a test\r\n250 AUTH PLAIN" if verb == b"EHLO" else b"250 good")

        def say(self, words: bytes):
            with suppress(OSError):  # whoever was there was killed
                self.wfile.write(words + b"\r\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation) as server:
        server.daemon_threads = True
        mailbox.port = server.server_address[1]
        Thread(target=server.serve_forever, daemon=True).start()
        yield mailbox
        server.shutdown()
