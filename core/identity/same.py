"""`[[same_person]]`: one human's accounts, in whatever directories, are one person wherever people are compared.

What an account may do stays its own: which groups list it, which rules' groups hold. Joined are votes, ownership,
blocks, budgets and sessions; and a rule that names a caller means the human, whichever account they signed in with.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final, final

from core.model import Identity, Person


@final
class Same:
    """Which accounts are one human's; the first of each list is the name under which all of them are known."""

    def __init__(self, humans: Collection[tuple[Person, ...]] = ()) -> None:
        """Take lists of which no two share an account; the configuration's checks see to that."""
        self._first: Mapping[Person, Person] = MappingProxyType({one: each[0] for each in humans for one in each})
        self._all: Mapping[Person, frozenset[Person]] = MappingProxyType({each[0]: frozenset(each) for each in humans})

    def person(self, account: Person) -> Person:
        """Return who an account is."""
        return self._first.get(account, account)

    def accounts(self, account: Person) -> frozenset[Person]:
        """Return every account of the same human."""
        return self._all.get(self.person(account), frozenset({account}))

    def identity(self, who: Identity) -> Identity:
        """Return somebody on the people's side as the human they are, eligible by the account they came with."""
        return replace(who, person=self.person(who.person), account=who.account or who.person)


APART: Final = Same()  # every account is a human of its own
