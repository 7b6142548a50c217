"""A secret's value, which no text, log, comparison of nouns or pickle ever shows."""

from __future__ import annotations

from base64 import b64decode
from typing import Final, NoReturn, final

from core.errors import UnsafeStart

KEY_BYTES: Final = 32


@final
class Secret:
    """A reference (`env:NAME`, `file:PATH`) and, where this process may hold it, its value."""

    __slots__ = ("_reference", "_value")

    def __init__(self, reference: str, value: bytes | None) -> None:
        self._reference = reference
        self._value = value

    @property
    def reference(self) -> str:
        """Where it comes from; safe to show."""
        return self._reference

    @property
    def held(self) -> bool:
        """Whether this process read it."""
        return self._value is not None

    def reveal(self) -> bytes:
        """Return the value.

        Raises: UnsafeStart when this process's role does not hold it.
        """
        if self._value is None:
            raise UnsafeStart(f"{self._reference} is not this process's to hold")
        return self._value

    def text(self) -> str:
        """Return the value as UTF-8 text.

        Raises: UnsafeStart when it is not held, or is no text.
        """
        try:
            return self.reveal().decode()
        except UnicodeDecodeError as error:
            raise UnsafeStart(f"{self._reference} is not UTF-8 text") from error

    def key(self) -> bytes:
        """Return the 32 bytes of a key, written as base64 (44 characters) or hex (64): text survives any editor.

        Raises: UnsafeStart when it is neither.
        """
        text = self.reveal().strip()
        try:
            key = bytes.fromhex(text.decode()) if len(text) == 2 * KEY_BYTES else b64decode(text, validate=True)
        except ValueError:
            key = b""
        if len(key) != KEY_BYTES:
            raise UnsafeStart(f"{self._reference} is no key: write 32 random bytes as base64 or hex")
        return key

    def __repr__(self) -> str:
        return f"Secret({self._reference!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and (self._reference, self._value) == (other._reference, other._value)

    def __hash__(self) -> int:
        return hash(self._reference)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not copied out of its process")
