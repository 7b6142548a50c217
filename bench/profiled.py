"""`python -m bench.profiled FILE serve …`: the `assent` command under cProfile, on the CPU clock of its main thread.

On that clock waiting costs nothing, so what the event loop's C code sleeps is charged to nobody.
"""

from __future__ import annotations

import cProfile
import sys
import time

from cli.main import main

if __name__ == "__main__":
    place = sys.argv.pop(1)
    profile = cProfile.Profile(time.thread_time)
    try:
        profile.runcall(main)
    finally:
        profile.dump_stats(place)
