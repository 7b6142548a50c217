"""A configuration's policy put in force: at once where it lets nobody do more, else as an Act of two people."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Final, final

from core.errors import BadCall, Lost, UnfitAct
from core.model import Entry, EntryKind, Json
from core.ports import Act, Involved, Policies, SetPolicy, Standing, Unit

DOES: Final = "policy"  # the Act's name
SHOWN: Final = 2_500  # characters of a difference's sentences, so that no channel cuts it; the rest is counted


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """The policy of the configuration as it stands now, and by what it would let anybody do more."""

    version: str
    text: str
    widens: tuple[str, ...] = ()  # sentences that name no person


@final
class Ruling:
    """The Effect `policy`, and the one way in which a file comes into force while processes run."""

    def __init__(self, *, standing: Standing, policies: Policies, read: Callable[[], tuple[str, str]]) -> None:
        """`read` gives version and text of the configuration's policy, as its file says now; SettingsError."""
        self._standing = standing
        self._policies = policies
        self._read = read

    async def look(self, version: str = "") -> Proposal:
        """Read the file, and hold it against what is in force; `version` is the one that is meant, "" whichever.

        Raises: SettingsError for a broken file, BadCall when it is another policy than the one that is meant, or is in
        force already.
        """
        found, text = await asyncio.to_thread(self._read)
        if version not in {"", found}:
            raise BadCall(
                "the file says another policy", public=f"The configuration there says another policy: {found}."
            )
        if found == await self._standing.version():
            raise BadCall("it is in force already", public="This policy is in force already.")
        return Proposal(version=found, text=text, widens=await asyncio.to_thread(self._policies.widened, text))

    @property
    def version(self) -> str:
        """Which policy this process follows."""
        return self._policies.version

    async def put(self, one: Proposal, by: Mapping[str, Json]) -> Unit:
        """Word the unit that puts a policy in force in place of the one that is."""
        was = await self._standing.version()
        if was and was != self._policies.version:
            raise Lost("another policy came into force meanwhile")
        said: dict[str, Json] = {"policy": one.version, "was": was, "widens": len(one.widens), **by}
        change = SetPolicy(version=one.version, text=one.text, was=was)
        return Unit(entries=(Entry(kind=EntryKind.POLICY_CHANGE, body=said),), changes=(change,))

    async def involved(self, of: Mapping[str, str]) -> Involved:
        """Nobody in particular.

        Raises: BadCall when the file does not say that policy, or it is in force.
        """
        if of.keys() != {"policy"}:
            raise UnfitAct("a policy is named by its version")
        await self.look(of["policy"])
        return Involved()

    async def unit(self, act: Act, by: str) -> Unit:
        """Word the change, of the file as it stands now: it must still say what was proposed.

        Raises: BadCall, SettingsError, Lost.
        """
        return await self.put(await self.look(act.of["policy"]), {"by": by, "act": act.id})

    async def done(self) -> None:
        """Nothing is left to do: every process hears of it and takes it."""


def difference(one: Proposal, act: str) -> str:
    """Say a widening for people who did not ask for it."""
    whole = tuple(f"• {said}" for said in one.widens)
    ends = accumulate(len(line) + 1 for line in whole)
    lines = whole[: sum(1 for end in ends if end <= SHOWN)]
    more = [f"• and {len(whole) - len(lines)} more: assent policy apply --dry-run"] if lines != whole else []
    head = f"A policy that lets somebody do more waits for a second operator ({act}, version {one.version[:12]}):"
    return "\n".join([head, *lines, *more])
