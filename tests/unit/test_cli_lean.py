"""What a serving process takes: no library that it does not need, and few rounds of the collector."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def told(code: str) -> str:
    """Run a program of its own and give what it prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return done.stdout.strip()


def test_a_gateway_without_a_warehouse_loads_no_library_that_it_does_not_need() -> None:
    code = (
        "import sys, core.assembly.plain, cli.serve.house, cli.serve.serve, mcp_server.door\n"
        "heavy = ('postgast', 'google', 'sqlglot', 'slack_bolt', 'slack_sdk', 'opentelemetry.sdk', 'onelogin')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    assert told(code) == "[]"


def test_what_lives_as_long_as_the_process_is_not_walked_again_and_again() -> None:
    code = (
        "import gc\n"
        "from cli.serve.serve import ROUNDS, settle\n"
        "settle()\n"
        "print(gc.get_freeze_count() > 10_000, gc.get_threshold() == ROUNDS, gc.isenabled())"
    )
    assert told(code) == "True True True"


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the allocator is glibc's")
def test_what_a_large_answer_took_is_given_back() -> None:
    code = (
        "from pathlib import Path\n"
        "from cli.serve.serve import settle\n"
        "def held(): return int(Path('/proc/self/statm').read_text().split()[1]) * 4096 >> 20\n"
        "settle()\n"
        "bytes(1 << 20)\n"  # freed: from now on glibc would keep blocks of this size
        "blocks = [b'x' * (1 << 19) for _ in range(128)]\n"
        "most = held()\n"
        "del blocks[:-1]\n"  # the last one lies above them
        "print(most - held() > 48)"
    )
    assert told(code) == "True"
