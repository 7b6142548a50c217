"""GoogleSQL text -> Reading: the parser's word, held against dry runs, with masks in the agent's own text."""

from core.classify.bigquery.agree import Ground, agree, allowed, masked, registered, tree, worded
from core.classify.bigquery.changes import READ, ROWS, Used, changed, closed, used
from core.classify.bigquery.nouns import Account, Counting, Spliced
from core.classify.bigquery.offline import account, offline
from core.classify.bigquery.splice import splice

__all__ = [
    "READ",
    "ROWS",
    "Account",
    "Counting",
    "Ground",
    "Spliced",
    "Used",
    "account",
    "agree",
    "allowed",
    "changed",
    "closed",
    "masked",
    "offline",
    "registered",
    "splice",
    "tree",
    "used",
    "worded",
]
