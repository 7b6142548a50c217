"""Which policy a process begins with, and how the configuration's comes into force while it runs."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final, final

from core.assembly.stores import Store
from core.audit.entry import alert, policy_change
from core.custody.ruling import Ruling
from core.errors import BadCall, GatewayError, Lost, SettingsError
from core.policy import written
from core.policy.changing.widen import widenings
from core.ports import Journal, SetPolicy, Unit
from core.settings import Settings, load
from core.stores.postgres.store import PostgresStore

LOGGER: Final = logging.getLogger("assent.policy")
UNTOLD: Final = "a notice could not be posted: %s"


@final
class Notices:
    """Where operators' news goes: to whoever listens, once there is somebody; an unheard one is a line in the log."""

    def __init__(self) -> None:
        self._post: Callable[[str], Awaitable[None]] | None = None

    def listen(self, post: Callable[[str], Awaitable[None]] | None) -> None:
        """Have news posted by this from here on."""
        self._post = post

    async def tell(self, text: str) -> None:
        """Post; what cannot be posted ends nothing."""
        if self._post is None:
            return
        try:
            await self._post(text)
        except GatewayError as error:
            LOGGER.warning(UNTOLD, error)


def reading(path: Path) -> Callable[[], tuple[str, str]]:
    """Read a configuration's policy anew each time: version and text; no secret is looked at."""

    def read() -> tuple[str, str]:
        found = load(path, {}, roles=frozenset()).policy
        return found.version, found.text

    return read


async def begin(settings: Settings, store: Store, journal: Journal) -> None:
    """Put the file's policy in force where none is, and where one process alone serves its file; else take what is.

    A start that lets somebody do more than before is said: whoever writes the file and starts the process may do that.
    Raises: StoreError.
    """
    policy, found = settings.policy, await store.standing.policy()
    if found is not None and (isinstance(store, PostgresStore) or found[0] == policy.version):
        await journal.commit(Unit(entries=(policy_change(found[0], at="start"),)))
        return
    was = "" if found is None else found[0]
    more = 0 if found is None else wider(found[1], policy.text)
    entry = policy_change(policy.version, at="start", was=was, widens=more)
    said = (entry, alert("policy_widened", policy=policy.version, widens=more)) if more else (entry,)
    try:
        await journal.commit(
            Unit(entries=said, changes=(SetPolicy(version=policy.version, text=policy.text, was=was),))
        )
    except Lost:
        LOGGER.info("another process put its policy in force first")


def wider(was: str, text: str) -> int:
    """Count in how many ways a policy lets anybody do more; of a text that nobody can read any more, one."""
    try:
        return len(widenings(written.read(was), written.read(text)))
    except ValueError:
        return 1


async def reload(ruling: Ruling, journal: Journal) -> None:
    """Take the configuration's policy where it lets nobody do more (SIGHUP); all else keeps the old one, loudly."""
    try:
        found = await ruling.look()
        if found.widens:
            LOGGER.error("the policy stays as it is: assent policy apply; it would widen: %s", "; ".join(found.widens))
            await journal.commit(
                Unit(entries=(alert("policy_widens", policy=found.version, widens=len(found.widens)),))
            )
            return
        await journal.commit(await ruling.put(found, {"by": "signal"}))
        LOGGER.info("the policy %s is in force", found.version)
    except BadCall as error:
        LOGGER.info("the policy stays as it is: %s", error.public)
    except SettingsError as error:
        LOGGER.error("the policy stays as it is, the configuration cannot be read: %s", error)  # noqa: TRY400 - its lines
        await journal.commit(Unit(entries=(alert("policy_broken", lines=str(error).count("\n") + 1),)))
    except Lost as error:
        LOGGER.warning("the policy stays as it is: %s", error)
