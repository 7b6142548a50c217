"""`assent login`: a person signs in with a provider that we did not write, and asks the people's side as themselves."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import final
from urllib.parse import parse_qsl, urlsplit

import httpx2
import pytest

from cli.main import app
from cli.people import login
from cli.people.signing import obeyed
from cli.relay import command, signing
from cli.relay.trusted import NAME, Gateway, remember
from console.app import build
from core.errors import SettingsError
from core.identity.fetch import HttpFetch
from core.identity.keys import JwksKeys
from core.identity.verifier import Verifier
from core.model import Json
from mcp_server.bounds import Drain
from mcp_server.listen import Address, bound, listening
from tests.integration.provider import Provider, browsed, started
from tests.integration.signing import RESOURCE, Ahead
from tests.integration.test_console import DIGEST, REVIEW_ID, ArchiveDouble, DeskDouble

AUDIENCE = "api://assent-review"


@pytest.fixture(scope="module")
def corp() -> Iterator[Provider]:
    with started(RESOURCE) as made:
        yield made


@final
@dataclass(kw_only=True)
class Side:
    """The people's side, and a person with a browser at a command line."""

    gateway: Gateway
    desk: DeskDouble
    clock: Ahead
    opened: list[Mapping[str, str]] = field(default_factory=list)
    change: Callable[[str], str] = lambda url: url  # what happens to the address on the way to the browser

    def browse(self, url: str) -> None:
        """Open a browser in which rita signs in."""
        self.opened.append(dict(parse_qsl(urlsplit(url).query)))
        threading.Thread(target=lambda: asyncio.run(_follow(self.change(url)))).start()

    async def obey(self, *lines: str) -> list[int]:
        """Run commands of one `assent login`."""

        def told() -> list[int]:
            with login.signed_in(self.gateway, self.browse):
                return [obeyed(app, line.split()) for line in lines]

        return await asyncio.to_thread(told)


async def _follow(url: str) -> httpx2.Response:
    return await browsed(url, "rita")


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing, "PATIENCE", 20.0)


@pytest.fixture
async def side(corp: Provider) -> AsyncIterator[Side]:
    taken = bound(Address())
    host = f"127.0.0.1:{taken.getsockname()[1]}"
    desk, clock = DeskDouble(), Ahead()

    async def verify() -> Mapping[str, Json]:
        return {}

    async with HttpFetch() as fetch:
        issuer = replace(corp.trust(), review_audiences=frozenset({AUDIENCE}))
        verifier = Verifier([issuer], [], JwksKeys(fetch, clock), clock, clients=frozenset({"assent-cli"}))
        app = build(desk=desk, archive=ArchiveDouble(), verifier=verifier, verify=verify, hosts=frozenset({host}))
        async with listening(app, taken, address=Address(), drain=Drain()):
            gateway = Gateway(
                url=f"http://{host}", issuer=corp.issuer, client="assent-cli", callback="/callback", audience=AUDIENCE
            )
            yield Side(gateway=gateway, desk=desk, clock=clock)


async def test_a_person_signs_in_once_and_asks_as_often_as_they_like(
    side: Side, capfd: pytest.CaptureFixture[str]
) -> None:
    assert await side.obey(
        "review list", f"review show {REVIEW_ID}", f"review approve {REVIEW_ID} --digest {DIGEST}"
    ) == [0, 0, 0]
    (asked,) = side.opened
    assert (asked["prompt"], asked["resource"], asked["code_challenge_method"]) == ("login", AUDIENCE, "S256")
    assert asked["scope"].split() == ["assent:review", "openid"]
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 43
    ((who, _),) = side.desk.ballots
    assert (who.person.id, who.via) == ("rita", "console:assent-cli")
    assert "eyJ" not in "".join(capfd.readouterr())


async def test_another_scope_is_signed_in_for_when_it_is_needed(side: Side) -> None:
    assert await side.obey("review list", "audit sessions", "review list") == [0, 0, 0]
    assert [asked["scope"].split() for asked in side.opened] == [
        ["assent:review", "openid"],
        ["assent:audit", "assent:review", "openid"],
    ]


async def test_an_act_after_five_minutes_asks_for_another_sign_in(side: Side) -> None:
    def told() -> list[int]:
        with login.signed_in(side.gateway, side.browse):
            first = obeyed(app, ["review", "list"])
            side.clock.by += timedelta(minutes=6)
            return [first, obeyed(app, ["review", "list"])]

    await asyncio.to_thread(told)
    assert len(side.opened) == 2  # and by this clock the second is as old: it is asked once, not for ever


CHANGES: Mapping[str, Callable[[str], str]] = {
    "another nonce": lambda url: url.replace("nonce=", "nonce=x"),
    "another state": lambda url: url.replace("&state=", "&state=x"),
    "no openid": lambda url: url.replace("+openid", "").replace("%20openid", ""),
}


@pytest.mark.parametrize("case", CHANGES)
async def test_an_answer_that_is_not_to_this_sign_in_is_not_used(
    side: Side, case: str, capfd: pytest.CaptureFixture[str]
) -> None:
    side.change = CHANGES[case]
    (code,) = await side.obey("review list")
    assert code == 4
    assert "nothing" in capfd.readouterr().err  # "… ran", "… was asked"


async def test_nobody_signs_in_for_what_is_no_peoples_business(side: Side) -> None:
    """A people's side that was taken over names an agent's scope, and would have a token for the other door."""

    def asked() -> list[str | None]:
        with login.signed_in(side.gateway, side.browse) as here:
            named = ("assent:write", "assent:review assent:write", "", "openid")
            return [here.bearer.another(f'Bearer realm="assent", scope="{one}"') for one in named]

    assert await asyncio.to_thread(asked) == [None] * 4
    assert side.opened == []


async def test_nothing_that_was_signed_in_is_written_anywhere(side: Side, tmp_path: Path) -> None:
    remember(side.gateway, tmp_path / "gateways.json")
    await side.obey("review list")
    (kept,) = tmp_path.iterdir()
    assert "eyJ" not in kept.read_text()


async def test_within_a_sign_in_no_other_address_or_token_is_taken(side: Side, tmp_path: Path) -> None:
    codes = await side.obey("review list --url http://127.0.0.1:1", f"review list --token-file {tmp_path}", "serve")
    assert codes == [2, 2, 2]
    assert side.opened == []


async def test_only_a_confirmed_side_is_signed_in_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(login, "home", lambda: tmp_path)
    with pytest.raises(SettingsError, match="never confirmed"):
        login.chosen("https://evil.example")
    with pytest.raises(SettingsError, match="at a terminal"):
        login.confirm(Gateway(url="https://people.example", issuer="https://idp", client="c", audience="a"))


async def test_no_agent_is_relayed_to_a_peoples_side(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "home", lambda: tmp_path)
    side = Gateway(url="https://people.example", issuer="https://idp.example", client="c", audience="a")
    remember(side, tmp_path / NAME)
    with pytest.raises(SettingsError, match="a people's side"):
        command.run("https://people.example", {})
