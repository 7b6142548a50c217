"""What a login role brings into every session of its own: beneath our BEGIN, should that ever be missing.

`SET LOCAL` in each transaction of ours says the same and tighter (PostgreSQL docs 20.4.4, 20.8, 20.11.1). Values of a
DBA's own are kept where they bound something; some are a superuser's to set, so that harden may not be let.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, final

from core.masking.names import literal, quote

UNBOUNDED: Final = frozenset({"", "0", "-1"})


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting of a role, and why; `bound`: any limit will do, else this very value."""

    name: str
    value: str
    why: str
    bound: bool = False
    superuser: bool = False  # only a superuser, or who was granted it by name, sets it

    def held(self, now: str) -> bool:
        """Whether a value is as it should be."""
        return now not in UNBOUNDED if self.bound else now == self.value


PLAIN: Final = (
    Setting(name="log_min_messages", value="panic", why="agents' texts stay out of the server log"),
    Setting(name="standard_conforming_strings", value="on", why="a backslash in a string is itself"),
)
NET: Final = (
    Setting(name="statement_timeout", value="60s", why="a statement ends even without us", bound=True),
    Setting(name="lock_timeout", value="5s", why="nobody waits behind a read that waits", bound=True),
    Setting(
        name="idle_in_transaction_session_timeout",
        value="60s",
        why="a transaction that was left holds no locks",
        bound=True,
    ),
    Setting(
        name="temp_file_limit", value="1GB", why="no sort of an agent's fills the disk", bound=True, superuser=True
    ),
    Setting(name="log_parameter_max_length", value="0", why="bound values stay out of the server log", superuser=True),
    Setting(name="log_parameter_max_length_on_error", value="0", why="bound values stay out of errors' context"),
)
READS: Final = (*PLAIN, *NET)  # of roles that run agents' reads; a write may rightly take longer


def missing(settings: tuple[Setting, ...], held: frozenset[str]) -> Iterator[Setting]:
    """Give those that a role lacks, by its row in pg_roles: "name=value"."""
    now = dict(each.split("=", 1) for each in held)
    return (setting for setting in settings if not setting.held(now.get(setting.name, "")))


def worded(role: str, setting: Setting) -> str:
    """Word what gives a role a setting."""
    return f"ALTER ROLE {quote(role)} SET {setting.name} = {literal(setting.value)};"


def privileged(sql: str) -> bool:
    """Whether a step gives a role a setting that the DBA may not be let set: it is shown until someone is."""
    return sql.startswith("ALTER ROLE ") and any(f" SET {each.name} = " in sql for each in READS if each.superuser)


def loose(session: Mapping[str, str]) -> Iterator[str]:
    """Name those that a session lacks."""
    for setting in NET:
        now = session.get(setting.name, "")
        if not setting.held(now):
            yield f"{setting.name} = {now}"
