"""The child's loop: a length and JSON in, a length and JSON out; ends with its parent, and by itself if it hangs.

Processor time is the kernel's to count (ITIMER_PROF): a text that freezes the parser ends the process, parent or none.
"""

from __future__ import annotations

import gc
import json
import logging
import os
import resource
import signal
import struct
from collections.abc import Mapping
from typing import Any, BinaryIO, Final

from .span import Place
from .statement import prove, read

LENGTH: Final = struct.Struct(">I")
REQUEST_BYTES: Final = 4 << 20  # a text and what it becomes with masks
MEMORY_BYTES: Final = 1 << 30
READY: Final = b"ready"


def main(seconds: float) -> None:
    """Serve texts from standard input until it ends, each with so much processor time and no more."""
    confine()
    logging.disable()
    source = os.fdopen(0, "rb")
    out = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)  # nothing that a library prints can be taken for an answer
    os.close(nowhere)
    read("SELECT 1 FROM a.b")
    gc.freeze()
    send(out, READY)
    while (asked := receive(source)) is not None:
        signal.setitimer(signal.ITIMER_PROF, seconds)
        told = json.dumps(answer(json.loads(asked)), ensure_ascii=True).encode()
        signal.setitimer(signal.ITIMER_PROF, 0)
        send(out, told)


def answer(asked: Mapping[str, Any]) -> Mapping[str, object]:
    """Read a text, or prove that one is another with masks in it."""
    if "new" not in asked:
        return read(asked["text"])
    replaced = {Place(start, end): template for start, end, template in asked["replaced"]}
    return prove(asked["text"], asked["new"], replaced)


def confine() -> None:
    """Bound memory, files and core dumps; SIGPROF keeps its default, which ends the process even inside C code."""
    for limit, value in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        _, most = resource.getrlimit(limit)
        bound = value if most == resource.RLIM_INFINITY else min(value, most)
        try:
            resource.setrlimit(limit, (bound, bound))
        except (ValueError, OSError):  # a platform without this limit: the parent's clock remains
            continue


def receive(source: BinaryIO) -> bytes | None:
    """Read one request; None at the end of input."""
    prefix = source.read(LENGTH.size)
    if len(prefix) < LENGTH.size:
        return None
    (size,) = LENGTH.unpack(prefix)
    text = source.read(size) if size <= REQUEST_BYTES else b""
    return text if len(text) == size else None


def send(out: BinaryIO, told: bytes) -> None:
    """Write one answer."""
    out.write(LENGTH.pack(len(told)) + told)
    out.flush()
