"""SQLSTATE -> a fixed sentence with advice: nothing the database said, since its messages quote cell values."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from core.classify.postgres import Spot, spot
from core.connectors.postgres.connection.away import cause
from core.errors import DeniedByEngine, SourceError, SourceUnavailable, StatementFailed, TimedOut
from core.model import Doubt, Unreadable

if TYPE_CHECKING:
    from collections.abc import Mapping

    import asyncpg

    from core.catalog import Snapshot
    from core.classify.postgres import Witnessed

# PostgreSQL documentation, appendix A.
SENTENCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "21000": "A subquery used as an expression gave more than one row; add LIMIT 1 or an aggregate.",
        "22001": "A value is too long for its column; shorten it.",
        "22003": "A number is out of range for its type; use a wider type.",
        "22007": "A date or time could not be read; write it as 2026-01-31 or 2026-01-31 12:00:00+00.",
        "22008": "A date or time is out of range.",
        "22012": "Something is divided by zero; use NULLIF(divisor, 0).",
        "22023": "An argument of a function is not allowed there; check the function's documentation.",
        "2202E": "An array subscript is not valid there.",
        "22P02": "A cast or a parameter failed: a text is no value of the type asked for; compare as text instead.",
        "22P03": "A parameter has the wrong binary form.",
        "22021": "A text is not valid in the database's encoding.",
        "2201B": "A regular expression is not valid.",
        "23502": "A required column would be empty; give it a value.",
        "23503": "A row that others refer to would go, or a row refers to none; check the related table.",
        "23505": "A row with that unique value exists already; update it or choose another value.",
        "23514": "A value breaks a CHECK of its table or domain.",
        "23P01": "A row conflicts with another by an exclusion rule.",
        "25006": "The statement would change something in a read; use execute instead of query.",
        "25P02": "The transaction had failed already; nothing was changed.",
        "2D000": "It ends transactions itself, and runs only inside one that is rolled back when anything is wrong.",
        "40001": "Another transaction came between; send the statement again.",
        "40P01": "Two transactions waited for each other; send the statement again.",
        "3F000": "A schema named in the statement is not there, or not for this role; search_schema shows what is.",
        "42601": "The statement has a syntax error.",
        "42702": "A column name is ambiguous; write it with its table's name.",
        "42703": "A column named in the statement is not there; look it up with describe_table.",
        "42704": "An object named in the statement is not there, or not for this role.",
        "42712": "A table name stands twice in FROM; give one an alias.",
        "42803": "A column must stand in GROUP BY or in an aggregate; behind masks a key stands for no other column.",
        "42804": "Types do not match; add a cast.",
        "42809": "An object is of the wrong kind for what the statement does with it.",
        "42846": "There is no cast between these types.",
        "42883": "No function or operator matches that name and those types; add casts or check the name.",
        "42P01": "A table named in the statement is not there, or not for this role; look it up with search_schema.",
        "42P08": "A parameter's type cannot be told; add a cast such as $1::int.",
        "42P10": "A column reference is not valid there; in SELECT DISTINCT, ORDER BY takes selected columns only.",
        "42P18": "A type cannot be told; add a cast.",
        "428C9": "A generated or identity column cannot be set; leave it out.",
        "53200": "The database is out of memory for this; ask for less at once.",
        "53400": "A limit of the database's configuration was met; ask for less at once.",
        "54001": "The statement is too complex for the database; simplify it.",
        "55000": "An object is not in a state that allows this.",
        "55P03": "Another transaction holds a lock that this needs; try again later.",
        "0A000": "The database does not support a part of this statement.",
        "XX000": "The database met an error of its own on this statement; write it in another way.",
        "P0001": "Code in the database refused this; its words are not shown.",
    }
)

CLASSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "21": "A subquery gave an unexpected number of rows.",
        "22": "A value could not be computed or converted; check casts, dates, numbers and arrays.",
        "23": "A constraint of the table would be broken.",
        "25": "The transaction is not in a state that allows this.",
        "2B": "Other objects depend on what this would change.",
        "2F": "A function in the database failed; its words are not shown.",
        "38": "A function in the database failed; its words are not shown.",
        "39": "A function in the database failed; its words are not shown.",
        "40": "The transaction was rolled back; send the statement again.",
        "42": "The statement does not fit the schema: check names, types and grouping.",
        "44": "A row would fall outside the view it is written through.",
        "54": "The statement meets a limit of the database; simplify it.",
        "55": "An object is not in a state that allows this.",
        "P0": "Code in the database refused this; its words are not shown.",
    }
)

NOT_ALLOWED: Final = "The database does not let this role at an object named here; name what search_schema shows."
GENERIC: Final = "The database ended the statement with an error; its words are not shown."
DENIED: Final = "42501"
UNREACHABLE: Final = ("08", "53", "57", "58", "XX")  # connection, resources, shutdown, system, internal
MISSING: Final = frozenset({"42P01", "42703", "42883", "42704", "3F000", "42501", "3D000"})


def sentence(sqlstate: str) -> str:
    """Say what went wrong and what to do, by code, else by class."""
    return SENTENCES.get(sqlstate) or CLASSES.get(sqlstate[:2], GENERIC)


def failure(error: asyncpg.PostgresError) -> SourceError:
    """Translate an engine's error after a permit; the original stays behind as `__cause__`, for operators only."""
    code = error.sqlstate or "XX000"
    if code == DENIED:
        return DeniedByEngine("insufficient privilege after a permit")
    if code == "57014":
        return TimedOut("statement_timeout, or cancelled in the database")
    if code[:2] in UNREACHABLE and code not in SENTENCES:
        return SourceUnavailable(f"sqlstate {code}", cause(error))
    return StatementFailed(code, public=sentence(code))


def denied(error: asyncpg.PostgresError, witnessed: Witnessed, known: Snapshot) -> SourceError:
    """Translate 42501: an alert, unless code that may deny by itself ran, and what was denied is none of what was read.

    The server's words are looked at for names alone: in any language they hold what was denied.
    """
    words = error.as_dict()
    raised = witnessed.runs_own and words.get("context")
    if raised or (witnessed.resolves and not names(str(words.get("message")), witnessed, known)):
        return StatementFailed(DENIED, public=NOT_ALLOWED)
    return failure(error)


def names(message: str, witnessed: Witnessed, known: Snapshot) -> bool:
    """Whether a message holds the name of anything that the statement was read to use, or of its schema."""
    found = set[str]()
    for oid in witnessed.closure:
        each = known.relations.get(oid) or known.routines.get(oid)
        found |= set() if each is None else {each.name, each.schema}
    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", message) for name in found)


def doubt(error: asyncpg.PostgresError, at: Spot | None) -> Unreadable | SourceError:
    """Say why the server would not even analyse a text, or the error that is no verdict on the text.

    `at` is the place in the agent's own text, by the server's position: of what the server says nothing else is used.
    """
    code = error.sqlstate or "XX000"
    if code == "57014" or (code[:2] in UNREACHABLE and code not in SENTENCES):
        return failure(error)
    said = NOT_ALLOWED if code == DENIED else sentence(code)
    kind = Doubt.SYNTAX if code == "42601" else Doubt.MISSING if code in MISSING else Doubt.UNKNOWN
    where = f" SQLSTATE {code}" if at is None else f" SQLSTATE {code}, {at}"
    return Unreadable(doubt=kind, sentence=f"{said}{where}.", detail=f"sqlstate {code} at Parse")


def spotted(error: asyncpg.PostgresError, heard: str, text: str) -> Spot | None:
    """Find the place in the agent's text that an error is about; `heard` is what the server was asked to analyse.

    None where that is no part of the agent's text: something of ours stands in it.
    """
    position = str(error.as_dict().get("position", ""))
    start = text.find(heard)
    return spot(text, start + int(position)) if start >= 0 and position.isdecimal() else None
