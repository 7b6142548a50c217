"""Text -> Reading: the parser's word (`text`), confirmed by the server's tree (`tree`), masked by `splice`."""

from core.classify.postgres.bodies import Body, bodies, pure
from core.classify.postgres.memory import Memory
from core.classify.postgres.nouns import (
    Access,
    Fallen,
    Lookup,
    Model,
    Named,
    Need,
    Pad,
    Parsed,
    Reach,
    Reaches,
    Spliced,
    Witnessed,
)
from core.classify.postgres.offline import offline
from core.classify.postgres.splice.aggregates import told
from core.classify.postgres.splice.proof import confirm, learn
from core.classify.postgres.splice.vouch import Lenders, vouch
from core.classify.postgres.text.counting import Counting, counting
from core.classify.postgres.text.parse import parse
from core.classify.postgres.text.sampling import Sampling, sampling
from core.classify.postgres.text.spot import Spot, spot
from core.classify.postgres.tree.echo import echoed, given
from core.classify.postgres.tree.extent import extend
from core.classify.postgres.tree.functions import at_parse, harmless
from core.classify.postgres.tree.read import Tree, supported
from core.classify.postgres.weigh import weigh
from core.classify.postgres.witness import witness

__all__ = [
    "Access",
    "Body",
    "Counting",
    "Fallen",
    "Lenders",
    "Lookup",
    "Memory",
    "Model",
    "Named",
    "Need",
    "Pad",
    "Parsed",
    "Reach",
    "Reaches",
    "Sampling",
    "Spliced",
    "Spot",
    "Tree",
    "Witnessed",
    "at_parse",
    "bodies",
    "confirm",
    "counting",
    "echoed",
    "extend",
    "given",
    "harmless",
    "learn",
    "offline",
    "parse",
    "pure",
    "sampling",
    "spot",
    "supported",
    "told",
    "vouch",
    "weigh",
    "witness",
]
