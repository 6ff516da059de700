"""A PostgreSQL of one test's own, for what would be in the way of every other test on the shared one."""

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

from evidence import program

DOOR = "local all guarded scram-sha-256\nlocal all all trust\n"


class OwnServer:
    """Its socket lies in a folder of its own; the role postgres is its superuser."""

    def __init__(self, folder: Path):
        self.folder, self.data = folder, folder / "data"

    def run(self, *words: str) -> None:
        """Run one of PostgreSQL's programs; its server refuses to be root's."""
        user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
        subprocess.run(
            [program(words[0]), *words[1:]],
            check=True,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            **user,
        )

    def make(self) -> None:
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres")
        self.run("initdb", "-D", str(self.data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        (self.data / "pg_hba.conf").write_text(DOOR)

    def start(self) -> None:
        options = f"-k {self.folder} -c listen_addresses= -c fsync=off"
        self.run("pg_ctl", "-D", str(self.data), "-l", str(self.folder / "log"), "-w", "-o", options, "start")

    def stop(self) -> None:
        self.run("pg_ctl", "-D", str(self.data), "-m", "immediate", "stop")

    def become_standby(self) -> None:
        """Start again as a server that only follows another one."""
        self.run("pg_ctl", "-D", str(self.data), "-m", "fast", "stop")
        self.run("touch", str(self.data / "standby.signal"))
        self.start()

    def sql(self, *statements: str) -> None:
        commands = (word for statement in statements for word in ("-c", statement))
        self.run("psql", "-h", str(self.folder), "-U", "postgres", "-d", "postgres", *commands)

    def url(self, name: str, role: str = "postgres") -> str:
        return f"postgresql://{role}@/{name}?host={self.folder}"


@contextmanager
def own_server():
    folder = Path(tempfile.mkdtemp(prefix="caloria-own-"))
    server = OwnServer(folder)
    try:
        server.make()
        server.start()
        yield server
        server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
