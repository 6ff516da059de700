"""A disk that tests can fill up."""

import resource
import subprocess
from contextlib import contextmanager
from pathlib import Path


class SmallDisk:
    """A file system that can be filled up. Where none may be mounted, files may not grow instead."""

    def __init__(self, folder: Path):
        self.folder = folder
        mount = ["mount", "-t", "tmpfs", "-o", "size=64m,mode=700", "tmpfs", folder]
        self.is_mounted = subprocess.run(mount, capture_output=True).returncode == 0

    @contextmanager
    def full(self):
        fill, mend = (self.fill, self.empty) if self.is_mounted else (self.forbid, self.allow)
        fill()
        try:
            yield
        finally:
            mend()

    def full_at(self, monkeypatch, place, name: str) -> None:
        """Have it full whenever this is called, which then meets the real thing."""
        real = getattr(place, name)

        def write(*words):
            with self.full():
                return real(*words)

        monkeypatch.setattr(place, name, write)

    def fill(self):
        with (self.folder / "filling").open("wb", buffering=0) as file:
            while True:
                try:
                    file.write(bytes(1 << 16))
                except OSError:
                    return

    @property
    def is_filled(self) -> bool:
        return (self.folder / "filling").exists()

    def empty(self):
        (self.folder / "filling").unlink()

    def forbid(self):
        resource.setrlimit(resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))

    def allow(self):
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    def close(self):
        if self.is_mounted:
            subprocess.run(["umount", "--lazy", self.folder], check=True)
