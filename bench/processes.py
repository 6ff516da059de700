"""What processes have cost so far, from /proc; None where there is no /proc."""

import os
import pathlib

PROC = pathlib.Path("/proc")
MILLISECONDS = 1000 / os.sysconf("SC_CLK_TCK")


def fields(pid):
    """What the kernel says of a process, from its state (field 3 of proc(5)) on; None when it has gone."""
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None


def parent(pid):
    found = fields(pid)
    return int(found[1]) if found else None


def children(pid):
    if pid is None or not (PROC / "self" / "stat").exists():
        return []
    return [int(path.name) for path in PROC.iterdir() if path.name.isdecimal() and parent(path.name) == pid]


def cpu_ms(pid):
    """The CPU time of a process, the children it has now and those that have ended."""
    known = [found for each in (pid, *children(pid)) if (found := fields(each))] if pid else []
    return sum(sum(map(int, found[11:15])) for found in known) * MILLISECONDS if known else None


def resident_mb(pid):
    """How much memory a process holds, shared pages included."""
    try:
        lines = (PROC / str(pid) / "status").read_text().splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:")), None)


def postmaster(backend):
    """The PostgreSQL server that a backend belongs to, where both run on this machine."""
    found = parent(backend)
    return found if found and is_postgres(backend) and is_postgres(found) else None


def is_postgres(pid):
    return (PROC / str(pid) / "comm").read_text().strip() == "postgres"
