"""Start-up checks as one table: each with its name, one line, a remedy, and how severe it is in each mode."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, final

from core.catalog import Oid, Protection
from core.masking.hardening import looks
from core.masking.hardening.looks import Facts, Subject

UNMASKS: Final = frozenset({1, 2, 3, 5, 6, 7, 10, 11, 12, 13})  # checks of the role of reviewed unmasks
SHOWN: Final = 5  # subjects named per check; the rest are counted


class Severity(StrEnum):
    """What a finding does: it refuses the Source, refuses one table, or warns."""

    SOURCE = "R"
    TABLE = "T"
    WARNING = "W"


class RoleKind(StrEnum):
    """Which of a Source's roles is looked at."""

    READ = "read"
    WRITE = "write"
    UNMASK = "unmask"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A check that does not hold: `name` is stable, `line` names what was found, `remedy` says what a DBA does."""

    number: int
    name: str
    severity: Severity
    line: str
    remedy: str
    relation: Oid | None = None
    acknowledge: bool = False  # "<name>:<source>" in `[gateway] acknowledge` lets it pass

    def __str__(self) -> str:
        return f"{self.name}: {self.line} ({self.remedy})"

    @property
    def refuses(self) -> bool:
        """Whether the whole Source stays closed until it is mended, or acknowledged where that is possible."""
        return self.severity is Severity.SOURCE

    def passes(self, source: str, acknowledged: frozenset[str]) -> bool:
        """Whether it stops nothing: a warning, or weaker than the default and acknowledged by name."""
        known = self.acknowledge and f"{self.name}:{source}" in acknowledged
        return self.severity is Severity.WARNING or known


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One row of the table; None where a mode or a role does not need it."""

    number: int
    name: str
    line: str
    remedy: str
    enforced: Severity | None
    spliced: Severity | None
    writer: Severity | None
    look: Callable[[Facts], Iterator[Subject]]
    acknowledge: bool = False


def findings(facts: Facts, kind: RoleKind) -> tuple[Finding, ...]:
    """Run every check that the role and the mode need; empty: all holds."""
    found: list[Finding] = []
    for row in CHECKS:
        severity = _severity(row, facts, kind)
        if severity is not None:
            found += _findings(row, severity, tuple(row.look(facts)))
    return tuple(found)


def _severity(row: Check, facts: Facts, kind: RoleKind) -> Severity | None:
    if kind is RoleKind.WRITE:
        return row.writer
    if kind is RoleKind.UNMASK:
        return row.enforced if row.number in UNMASKS else None
    return row.enforced if facts.enforced else row.spliced


def close(
    protection: Protection, found: tuple[Finding, ...], *, source: str, acknowledged: frozenset[str] = frozenset()
) -> Protection:
    """Close what does not hold: one table where a finding names it, else the whole Source."""
    stopping = [finding for finding in found if not finding.passes(source, acknowledged)]
    closed = dict(protection.closed)
    shut = protection.shut
    for finding in stopping:
        sentence = f"Closed by the check {finding.name}; an operator runs assent doctor."
        if finding.severity is Severity.TABLE and finding.relation is not None:
            closed.setdefault(finding.relation, sentence)
        else:
            shut = shut or sentence
    return replace(protection, closed=closed, shut=shut)


def _findings(row: Check, severity: Severity, subjects: tuple[Subject, ...]) -> list[Finding]:
    """One finding per table where the check refuses tables, else one for all subjects."""
    if not subjects:
        return []
    if severity is Severity.TABLE:
        tables = dict.fromkeys(oid for _, oid in subjects)
        groups = [(listed(text for text, of in subjects if of == oid), oid) for oid in tables]
    else:
        groups = [(listed(text for text, _ in subjects), None)]
    return [
        Finding(
            number=row.number,
            name=row.name,
            severity=severity,
            line=f"{row.line}: {text}",
            remedy=row.remedy,
            relation=oid,
            acknowledge=row.acknowledge,
        )
        for text, oid in groups
    ]


def listed(texts: Iterable[str]) -> str:
    """Name the first, count the rest."""
    names = list(dict.fromkeys(texts))
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more


HARDEN: Final = "run assent harden --apply as the DBA"
R, T, W = Severity.SOURCE, Severity.TABLE, Severity.WARNING


def _row(
    number: int,
    name: str,
    modes: tuple[Severity | None, Severity | None, Severity | None],
    line: str,
    remedy: str,
    look: Callable[[Facts], Iterator[Subject]],
    *,
    acknowledge: bool = False,
) -> Check:
    enforced, spliced, writer = modes
    return Check(
        number=number,
        name=name,
        line=line,
        remedy=remedy,
        enforced=enforced,
        spliced=spliced,
        writer=writer,
        look=look,
        acknowledge=acknowledge,
    )


# number, name, (read role enforced, read role spliced, write role), line, remedy, look
CHECKS: Final[tuple[Check, ...]] = (
    _row(0, "tag-names-nothing", (R, R, None), "a tag has lost its table", "correct the tag or the table", looks.shut),
    _row(
        0, "tags-differ", (R, R, None), "sources of one database", "give the column one tag everywhere", looks.conflicts
    ),
    _row(
        0,
        "masking-spliced",
        (None, W, None),
        "masks are put into the text",
        "run assent harden, then masking = enforced",
        looks.spliced,
    ),
    _row(1, "role-attributes", (R, R, R), "the role passes all rights by", "ALTER ROLE … NO…", looks.attributes),
    _row(1, "role-inherits", (R, W, None), "the role takes rights of others by itself", HARDEN, looks.inherits),
    _row(1, "role-owns", (R, W, None), "the role owns objects", "REASSIGN OWNED BY … TO the owner", looks.told("owns")),
    _row(
        2, "role-memberships", (R, W, R), "the role is a member of others", "REVOKE … FROM the role", looks.memberships
    ),
    _row(
        2,
        "role-predefined",
        (None, R, None),
        "the role is a member of a predefined role",
        "REVOKE it",
        looks.predefined,
    ),
    _row(
        3, "read-role-writes", (R, R, None), "the read role may write", HARDEN, looks.told("writes"), acknowledge=True
    ),
    _row(
        4, "tagged-columns-readable", (R, None, None), "the read role may read protected columns", HARDEN, looks.tagged
    ),
    _row(
        5,
        "copies-readable",
        (R, None, None),
        "the read role may read what shows protected values",
        HARDEN,
        looks.copies,
    ),
    _row(6, "definer-functions", (R, None, None), "the role may call", HARDEN, looks.functions("owner's rights")),
    _row(6, "untrusted-functions", (R, None, None), "the role may call", HARDEN, looks.functions("untrusted")),
    _row(
        6,
        "server-functions",
        (R, W, None),
        "the role was granted",
        "REVOKE it from the role, or from PUBLIC",
        looks.told("server"),
    ),
    _row(6, "default-privileges", (W, W, None), "new objects are granted by default", HARDEN, looks.told("defaults")),
    _row(
        6,
        "functions-registered",
        (W, W, None),
        "registered code is not, or no longer, what was looked at",
        "look at it, then write what it is now",
        looks.told("registered"),
    ),
    _row(
        7,
        "functions-at-parse",
        (R, R, None),
        "code of a domain or range runs while a statement is only parsed",
        "REVOKE EXECUTE on it from the role and PUBLIC, or register it in [source.NAME.functions]",
        looks.told("at-parse"),
    ),
    _row(8, "masking-owner", (R, None, None), "the masking objects are not sealed", HARDEN, looks.owner),
    _row(9, "masking-views", (T, None, None), "a masking view differs", HARDEN, looks.views),
    _row(9, "masking-views-left", (W, None, None), "a masking view masks nothing any more", HARDEN, looks.left),
    _row(9, "masking-keys", (R, None, None), "the database holds no or another key for", HARDEN, looks.told("keys")),
    _row(
        9,
        "masking-bindings",
        (R, None, None),
        "nobody can tell whether a column moved under its tag",
        HARDEN,
        looks.told("bindings"),
    ),
    _row(
        9,
        "tags-moved",
        (R, None, None),
        "a column moved under its tag",
        "tag it under its new name, or rename it back",
        looks.told("moved"),
    ),
    _row(9, "columns-not-granted", (T, None, None), "a column is new or not granted", HARDEN, looks.ungranted),
    _row(10, "session-settings", (R, R, R), "the session has", "ALTER ROLE … RESET it, or set it", looks.session),
    _row(10, "session-unbounded", (W, W, None), "the role's sessions have no bound of", HARDEN, looks.unbounded),
    _row(
        10,
        "login-code",
        (R, R, R),
        "code runs as the role logs in, before anything is read",
        "look at it, then acknowledge it by name, or ALTER EVENT TRIGGER … DISABLE",
        looks.logins,
        acknowledge=True,
    ),
    _row(11, "reaches-outside", (R, W, R), "the role reaches outside", "DROP or REVOKE it", looks.told("outside")),
    _row(11, "sql-text-functions", (R, W, R), "the role may call", HARDEN, looks.functions("SQL text")),
    _row(12, "texts-in-log", (W, W, None), "agents' texts reach the server log", HARDEN, looks.logs),
    _row(
        12,
        "keys-in-log",
        (None, R, None),
        "mask keys would reach the server log",
        "ALTER ROLE … SET log_min_messages = panic, or log_parameter_max_length = 0",
        looks.logged_keys,
    ),
    _row(
        13,
        "policies-differ",
        (T, None, None),
        "a row policy is not for both roles",
        "name both, or PUBLIC",
        looks.policies,
    ),
    _row(
        14,
        "order-by-protected",
        (W, W, None),
        "rows lie in the order of protected values",
        "CLUSTER by another index",
        looks.order,
    ),
    _row(
        14,
        "partitions-by-protected",
        (T, W, None),
        "partitions follow protected values",
        "accept the grain by name",
        looks.grains,
    ),
    _row(
        14, "defaults-on-protected", (W, W, None), "catalogs print the default of", "drop the default", looks.defaults
    ),
    _row(
        15,
        "on-primary",
        (W, W, None),
        "a physical standby exists",
        "point read_url at the standby",
        looks.told("standby"),
    ),
)
