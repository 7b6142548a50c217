"""Which columns carry which tag, what a mask is in SQL, and the second net for free text; pure."""

from core.masking.declared import Accepted
from core.masking.hardening.harden import Step, plan
from core.masking.hardening.wanted import Wish
from core.masking.keys import pads, token
from core.masking.lifting import lift
from core.masking.lookups import sought
from core.masking.net import Masking, finish
from core.masking.protection import protect
from core.masking.spread import Spread, spread
from core.masking.straying import Kept, bound, strays

__all__ = [
    "Accepted",
    "Kept",
    "Masking",
    "Spread",
    "Step",
    "Wish",
    "bound",
    "finish",
    "lift",
    "pads",
    "plan",
    "protect",
    "sought",
    "spread",
    "strays",
    "token",
]
