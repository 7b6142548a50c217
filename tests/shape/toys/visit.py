"""Runs in the copy: the house with the toys in it, and calls through the toy door; prints what came of them as JSON."""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from cli.serve import house
from core.assembly import assemble
from core.errors import GatewayError
from core.settings import load
from demo.issuer import Mint
from tests.identities import Network
from tests.settings_files import written

FARM: Final = """
[gateway]
url = "http://127.0.0.1:8080"
listen = "127.0.0.1:0"
acknowledge = ["spliced:farm", "single-operator"]

[keys]
questions = "file:questions"
results = "file:results"
signing = "file:signing"
mask = "file:mask"

[[identity]]
issuer = "http://127.0.0.1:9"
directory = "demo"
audiences = ["http://127.0.0.1:8080"]
groups = ["shepherds"]
person_when = { idtyp = "user" }
person_claim = "oid"

[source.farm]
kind = "herd"
read_url = "env:FARM"
[source.farm.tags]
"farm.sheep.owner" = "pii.name"

[mask]
"pii.name" = "hide"

[[rule]]
name = "shepherds read sheep"
groups = ["shepherds"]
verbs = ["read"]
tables = ["farm.sheep"]
then = "allow"
"""
ENVIRON: Final = {"FARM": "http://127.0.0.1:1/herd", "FAR": "http://farm.example/herd"}
ASKED: Final = ("farm.sheep", "farm.wolves", "farm.sheep; farm.wolves")


async def main(folder: Path) -> dict[str, object]:
    mint = Mint("http://127.0.0.1:9")
    settings = load(written(folder, FARM), ENVIRON)
    token = mint.person("ada", ["shepherds"], settings.gateway.url, client="crook")
    async with AsyncExitStack() as stack:
        whole = await stack.enter_async_context(assemble(settings, fetch=Network(mint)))
        said = await stack.enter_async_context(house.agents(whole))
        port = int(said.rpartition(":")[2])
        told = [await asked(port, token, statement) for statement in ASKED]
        told.append(await asked(port, "forged", ASKED[0]))
        entries = [await whole.journal.entries(str(one["call"])) for one in told]
        log = [[(one.body["kind"], one.body.get("door")) for one in call] for call in entries]
        return {"said": said, "told": told, "log": log, "unsafe": refusals(folder)}


# What is changed in the file -> why it does not start.
UNSAFE: Final = (
    ('"spliced:farm", ', ""),
    ('"env:FARM"', '"env:FAR"'),
    ('"env:FARM"', '"env:FARM"\nmasking = "enforced"'),
    ('"env:FARM"', '"env:FARM"\nproject = "acme"'),
    ('read_url = "env:FARM"', ""),
)


def refusals(folder: Path) -> list[str]:
    found = []
    for old, new in UNSAFE:
        try:
            load(written(folder, FARM.replace(old, new)), ENVIRON)
            found.append("")
        except GatewayError as error:
            found.append(str(error))
    return found


async def asked(port: int, token: str, statement: str) -> dict[str, object]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    call = {"token": token, "source": "farm", "statement": statement, "purpose": "count sheep"}
    writer.write(json.dumps(call).encode() + b"\n")
    answer: dict[str, object] = json.loads(await reader.readline())
    writer.close()
    return answer


if __name__ == "__main__":
    with TemporaryDirectory() as made:
        print(json.dumps(asyncio.run(main(Path(made)))))  # noqa: T201 - for the test that started it
