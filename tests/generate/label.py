"""Compare the corpus's lines with live servers and with our own reading, or write them: `--write`.

    python -m tests.generate.label [--write] [--only labels|readings] [--versions 15,16,18] [FILE …]

Every version at hand is asked; one that is missing is named. A difference is reviewed like code, never only written.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import asyncpg

from demo.postgres import Postgres, PostgresUnavailable, installation
from tests.generate.cases import SCHEMA, Case, Line, cases, gathered, paths, spoken, write
from tests.generate.oracle import Oracle
from tests.integration.corpus_world import reading, worded, world

VERSIONS: Final = (15, 16, 17, 18)


def present(versions: Iterable[int]) -> list[int]:
    """Give the versions whose server is here, and name the others."""
    found = []
    for version in versions:
        try:
            installation(version)
        except PostgresUnavailable as missing:
            sys.stdout.write(f"not asked: {missing}\n")
        else:
            found.append(version)
    return found


async def observed(version: int, chosen: list[Case]) -> list[str]:
    """Ask a server what each statement does."""
    oracle = await Oracle.start(version)
    try:
        return [await asyncio.wait_for(oracle.label(case.text), 60) for case in chosen]
    finally:
        await oracle.close()


async def read(version: int, chosen: list[Case]) -> list[str]:
    """Read each statement over a hardened database of a version."""
    server = await asyncio.to_thread(Postgres.start, version)
    try:
        owner = await asyncpg.connect(server.url())
        await owner.execute("CREATE DATABASE corpus")
        await owner.close()
        made = await asyncpg.connect(server.url("corpus"))
        await made.execute(SCHEMA.read_text("utf-8"))
        await made.close()
        async with world(server.url("corpus")) as connector:
            return [worded(await reading(connector, case.text)) for case in chosen]
    finally:
        await asyncio.to_thread(server.close)


def merged(old: tuple[Line, ...], found: Mapping[int, str]) -> tuple[Line, ...]:
    """Put lines found in place; a line of its own for a version that was not asked stays."""
    if not found:
        return old
    apart = {version for line in old for version in line.versions} - found.keys()
    return gathered({**{version: spoken(old, version) for version in apart}, **found})


def different(mark: str, old: tuple[Line, ...], found: Mapping[int, str]) -> list[str]:
    """Name the versions whose line is another one."""
    return [
        f"  {mark}[{version}] {text}\n     was: {spoken(old, version) or 'nothing'}"
        for version, text in found.items()
        if text != spoken(old, version)
    ]


async def compare(path: Path, versions: list[int], only: str, *, rewrite: bool) -> int:
    """Compare one file's lines, or write them; give the number of cases that differ."""
    chosen, wrong = cases(path), 0
    asked = {"labels": observed, "readings": read}
    found: dict[str, list[list[str]]] = {
        what: await asyncio.gather(*(how(version, chosen) for version in versions)) if only in {what, ""} else []
        for what, how in asked.items()
    }
    new = []
    for number, case in enumerate(chosen):
        shown, said = (
            {version: lines[number] for version, lines in zip(versions, found[what], strict=False)}
            for what in ("labels", "readings")
        )
        differences = different("=", case.readings, said) + different("@", case.labels, shown)
        new.append(replace(case, readings=merged(case.readings, said), labels=merged(case.labels, shown)))
        if differences:
            wrong += 1
            sys.stdout.write("\n".join([f"{path.name}: {case.text}", *differences, ""]))
    if rewrite:
        write(path, new)
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--only", choices=("labels", "readings"), default="")
    parser.add_argument("--versions", default=",".join(map(str, VERSIONS)))
    given = parser.parse_args()
    versions = present(int(word) for word in given.versions.split(","))
    wrong = sum(
        asyncio.run(compare(path, versions, given.only, rewrite=given.write)) for path in given.files or paths()
    )
    sys.stdout.write(f"{wrong} statements differ on {versions}\n")
    return int(bool(wrong) and not given.write)


if __name__ == "__main__":
    sys.exit(main())
