"""Text -> Parsed: libpg_query in a thread with a stack that its recursion cannot overrun."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import replace
from queue import SimpleQueue
from typing import Final, TypeAlias

from core.classify.postgres.nouns import Access, Doubted, Node, Parsed
from core.classify.postgres.text.coded import coded
from core.classify.postgres.text.explain import cut, opened
from core.classify.postgres.text.inside import QUERIES, inside_of
from core.classify.postgres.text.library import LIBRARY
from core.classify.postgres.text.lookup import looked, replaced
from core.classify.postgres.text.spot import spot
from core.classify.postgres.text.statement import read
from core.model import STATEMENT_BYTES, Doubt, Parameters, Unreadable, Verb

# 64 KB of `1+1+…` overruns a stack of 512 KB, and musl gives threads 128 KB.
STACK_BYTES: Final = 64 << 20
SHORT: Final = 512  # bytes of a text that the main thread's stack of 8 MB holds a thousand times
# The grammar's scanner goes over a run of operator characters once for each of them: 64 KB of `/*/*…` took 7 s.
RUN: Final = re.compile(r"[-+*/<>=~!@#%^&|`?]{1000}")
TREE_BYTES: Final = 2_000_000  # of JSON; 64 KB of `1,1,…` makes 2.9 MB, which took 2 s to walk
LEAST_DEEP: Final = "The statement is nested too deeply; write it with fewer levels."

Result: Final = LIBRARY.pg_query_parse.restype
LIBRARY.pg_query_free_parse_result.argtypes = [Result]  # the package declares the result's type only

Job: TypeAlias = "tuple[bytes, Future[list[Node]]]"


class Worker:
    """One daemon thread that parses; started at first use, and again in a forked child."""

    def __init__(self, parser: Callable[[bytes], list[Node]]) -> None:
        self._parser: Final = parser
        self._jobs: SimpleQueue[Job] = SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def statements(self, text: bytes) -> list[Node]:
        """Parse in the thread and wait; a short text here: to be heard of in a thread takes longer than to parse it.

        Raises: Doubted; RecursionError when the JSON is nested too deeply; MemoryError.
        """
        if len(text) <= SHORT and threading.current_thread() is threading.main_thread():
            return self._parser(text)
        self._start()
        future: Future[list[Node]] = Future()
        self._jobs.put((text, future))
        return future.result()

    def _start(self) -> None:
        with self._lock:
            if self._thread is not None and self._thread.is_alive():
                return
            before = threading.stack_size(STACK_BYTES)
            try:
                self._thread = threading.Thread(target=self._work, name="assent-parse", daemon=True)
                self._thread.start()
            finally:
                threading.stack_size(before)

    def _work(self) -> None:
        while True:
            text, future = self._jobs.get()
            try:
                future.set_result(self._parser(text))
            except (Doubted, RecursionError, ValueError, MemoryError) as error:  # else the caller waits for ever
                future.set_exception(error)


def statements(text: bytes) -> list[Node]:
    """Call the parser and decode its JSON; only in the worker's thread.

    Raises: Doubted, RecursionError.
    """
    result = LIBRARY.pg_query_parse(text)
    try:
        if result.error:  # its message quotes the text: it goes nowhere
            at = spot(text.decode(), result.error.contents.cursorpos)
            where = f" ({at})" if at is not None else ""
            raise Doubted(Doubt.SYNTAX, f"This is not valid PostgreSQL; check the statement's syntax{where}.")
        written = result.parse_tree
        if len(written) > TREE_BYTES:
            raise Doubted(Doubt.LIMITS, "The statement has too many parts; ask for less at once.")
        tree = json.loads(written)
    finally:
        LIBRARY.pg_query_free_parse_result(result)
    found = tree.get("stmts", [])
    return found if isinstance(found, list) else []


WORKER: Final = Worker(statements)


def encode(text: str) -> bytes:
    """Give the UTF-8 bytes of a text within the caps.

    Raises: Doubted.
    """
    if "\0" in text:  # ctypes ends a text there: parsed would not be what is sent
        raise Doubted(Doubt.TEXT, "The statement contains a NUL character; remove it.")
    try:
        encoded = text.encode("utf-8")
    except UnicodeEncodeError:
        raise Doubted(Doubt.TEXT, "The statement contains half of a surrogate pair; send valid Unicode.") from None
    if len(encoded) > STATEMENT_BYTES:
        raise Doubted(Doubt.LIMITS, f"The statement is longer than {STATEMENT_BYTES} bytes; ask for less at once.")
    if RUN.search(text):
        raise Doubted(Doubt.LIMITS, "The statement holds too many operator characters in a row; write it more plainly.")
    return encoded


def count(parameters: Parameters) -> int:
    """Count parameters given by position.

    Raises: Doubted.
    """
    if isinstance(parameters, Mapping):
        raise Doubted(Doubt.PARAMETERS, "PostgreSQL takes parameters by number: pass a list for $1, $2, ….")
    return len(parameters)


def whole(text: str, parameters: int) -> Parsed:
    """Read a statement; an EXPLAIN of a read as what it explains.

    Raises: Doubted, RecursionError.
    """
    parsed = read(text, WORKER.statements(encode(text)), parameters)
    if parsed.root == "CreateFunctionStmt":
        return coded(parsed, lambda body: WORKER.statements(encode(body)))
    tokens = looked(parsed)
    if tokens is not None:
        again, values = tokens
        return replaced(parsed, read(again, WORKER.statements(encode(again)), parameters + len(values)), values)
    if parsed.root in QUERIES and parsed.access is Access.UTILITY and parsed.verbs == {Verb.DEFINE}:
        return replace(parsed, inside=inside_of(parsed, lambda piece: part(piece, parameters)))
    inside = cut(text, parsed.tree) if parsed.root == "ExplainStmt" else None
    query = parsed.tree.get("query")
    if inside is None or not isinstance(query, Mapping) or "SelectStmt" not in query:
        return parsed
    inner = read(inside[0], WORKER.statements(encode(inside[0])), parameters)
    return opened(parsed, inner, inside[1]) if inner.access is Access.READ else parsed


def part(text: str, parameters: int) -> Parsed | None:
    """Read a piece of a text as a read of its own; None: it is none.

    Raises: RecursionError.
    """
    try:
        found = read(text, WORKER.statements(encode(text)), parameters)
    except Doubted:
        return None
    return found if found.access is Access.READ else None


def select(text: str) -> Mapping[str, Node]:
    """Give the fields of a SELECT of our own, whatever its parameters; nothing of it is checked.

    Raises: Doubted, RecursionError.
    """
    found = WORKER.statements(encode(text))
    root = found[0].get("stmt") if len(found) == 1 and isinstance(found[0], Mapping) else None
    fields = root.get("SelectStmt") if isinstance(root, Mapping) else None
    return fields if isinstance(fields, Mapping) else {}


def parse(text: str, parameters: Parameters = ()) -> Parsed | Unreadable:
    """Read one statement's shape and scope; total: whatever the text, it returns."""
    try:
        return whole(text, count(parameters))
    except Doubted as doubted:
        return doubted.unreadable
    except RecursionError:
        return Unreadable(doubt=Doubt.LIMITS, sentence=LEAST_DEEP)
    except MemoryError:
        return Unreadable(doubt=Doubt.LIMITS, sentence="The statement takes too much memory; ask for less at once.")
    except (ValueError, TypeError, KeyError):
        return Unreadable(
            doubt=Doubt.UNKNOWN, sentence="The statement has a form that cannot be read; write it more plainly."
        )
