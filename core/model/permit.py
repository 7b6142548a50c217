"""The only thing that a connector runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import final

from core.model.call import Call, Parameters
from core.model.caller import Caller
from core.model.grant import Use
from core.model.ids import Digest
from core.model.reading import Reading
from core.model.review import Approval
from core.model.verdict import Limits


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Permit:
    """The only thing a connector runs. Made only by `core.policy.permit`."""

    call: Call
    caller: Caller
    reading: Reading
    limits: Limits
    text: str = field(repr=False)
    parameters: Parameters = field(repr=False)
    digest: Digest
    attempt: int
    deadline: datetime
    approval: Approval | None = None
    use: Use | None = None  # of a grant, in an Approval's place
