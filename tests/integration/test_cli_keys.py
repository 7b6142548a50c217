"""`assent keys list|rotate|revoke` at a command line, against a real store behind the people's own HTTP door."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from typer.testing import Result

from console.app import build
from console.operating import Operating
from core.custody.keeper import Keeper
from core.model import Json
from core.stores.encryption import vault
from core.stores.encryption.vault import Keys
from core.stores.sqlite.store import SqliteStore
from mcp_server.bounds import Drain
from mcp_server.listen import Address, bound, listening
from tests.commands import answer, assent
from tests.contract import test_signing_keys as signing
from tests.contract.test_rotation import NEW, OLD, bench, kept, keys, rotation
from tests.doubles import ORIGIN, ManualClock
from tests.identities import Network, trust, verifier
from tests.integration.test_console import CLOCK, MINT, ArchiveDouble, DeskDouble, rita

Said = Callable[..., Awaitable[Result]]


async def verify() -> Mapping[str, Json]:
    return {}


@asynccontextmanager
async def operators(folder: Path, held: Keys) -> AsyncIterator[tuple[SqliteStore, Said]]:
    """A store behind the people's own door, and what an operator's command says there."""
    clock, taken = ManualClock(), bound(Address())
    host = f"127.0.0.1:{taken.getsockname()[1]}"
    async with SqliteStore.open(folder / "assent.db", keys=held, origin=ORIGIN, clock=clock) as store:
        keeper = Keeper(
            journal=store.journal,
            keys=store.ring,
            custody=store.custody,
            months=store.payloads,
            results=store.reviews,
            clock=clock,
            configured={},
        )
        app = build(
            desk=DeskDouble(),
            archive=ArchiveDouble(),
            verifier=verifier(Network(MINT), CLOCK, trust(MINT)),
            verify=verify,
            hosts=frozenset({host}),
            operating=Operating(bench(store, clock), keeper, rotation(store, clock)),
        )

        async def said(*arguments: object, name: str = "rita") -> Result:
            environ = {"ASSENT_TOKEN": rita(name, scope="assent:operate")}
            return await asyncio.to_thread(assent, *arguments, "--url", f"http://{host}", environ=environ)

        async with listening(app, taken, address=Address(), drain=Drain()):
            yield store, said


async def test_a_key_is_replaced_at_the_command_line_by_two_operators(tmp_path: Path) -> None:
    async with operators(tmp_path, keys(questions=NEW)) as (store, said):
        payloads = await kept(store, ManualClock())
        none = await said("keys", "rotate", "results")
        assert (none.exit_code, "none was offered" in none.stderr) == (4, True)
        act = answer(await said("keys", "rotate", "questions", "--json"))
        assert act["of"] == {"purpose": "questions", "id": vault.name(NEW)}
        assert (await said("act", "approve", act["id"])).exit_code == 1
        assert (await said("act", "approve", act["id"], name="oskar")).exit_code == 0
        found = {one["id"]: one for one in answer(await said("keys", "list", "--json"))["keys"]}
        assert (found[vault.name(OLD)]["state"], found[vault.name(OLD)]["wraps"]) == ("retired", 0)
        assert (found[vault.name(NEW)]["state"], found[vault.name(NEW)]["wraps"] > 1) == ("current", True)
        assert "destroy its copies" in (await said("keys", "list")).stdout
        assert await store.payloads.open(payloads[0]) == b"select 1"


async def test_a_signing_key_that_is_no_longer_secret_is_revoked_at_the_command_line_by_two_operators(
    tmp_path: Path,
) -> None:
    async with operators(tmp_path, signing.keys(signing.OLD, signing.NEW)) as (store, said):
        await signing.signed(store)
        early = await said("keys", "revoke")
        assert early.exit_code != 0  # nothing took its place yet
        act = answer(await said("keys", "rotate", "signing", "--json"))
        assert (await said("act", "approve", act["id"], name="oskar")).exit_code == 0
        await signing.signed(store)
        act = answer(await said("keys", "revoke", "--json"))
        assert act["of"] == {"purpose": "signing", "id": vault.name(signing.OLD)}
        assert (await said("act", "approve", act["id"])).exit_code == 1
        assert (await said("act", "approve", act["id"], name="oskar")).exit_code == 0
        assert await signing.signed(store) == {signing.public(signing.NEW)}  # the overlap is over
        found = {one["id"]: one for one in answer(await said("keys", "list", "--json"))["keys"]}
        assert found[vault.name(signing.OLD)]["state"] == "retired"
        kinds = [str(one.body["kind"]) for one in await store.journal.tail(0, 100)]
        assert "key.revoke" in kinds
