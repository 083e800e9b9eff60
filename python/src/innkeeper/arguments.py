"""A secret among a command's arguments is in every process list; this takes it out again."""

from __future__ import annotations

import ctypes
from pathlib import Path


def hide_argument(secret: str, arguments: list[str]) -> None:
    """Overwrites `secret` in the memory that `ps` reads (/proc/PID/cmdline) and in `arguments`.

    Where the system has no /proc, nothing happens: the key is better given in the environment.
    """
    arguments[:] = [argument.replace(secret, "(hidden)") for argument in arguments]
    try:
        fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
        command_line = Path("/proc/self/cmdline").read_bytes()
    except OSError:
        return
    start = int(fields[45])  # arg_start, the 48th field of the line; see proc(5)
    if not start:
        return
    wanted = secret.encode()
    place = command_line.find(wanted)
    while place >= 0:
        ctypes.memset(start + place, ord("*"), len(wanted))
        place = command_line.find(wanted, place + 1)
