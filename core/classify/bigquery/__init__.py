"""GoogleSQL text -> Reading: the parser's word, held against dry runs, with masks in the agent's own text."""

from core.classify.bigquery.agree import Ground, agree, allowed, masked, tree
from core.classify.bigquery.nouns import Account, Spliced
from core.classify.bigquery.offline import account, offline
from core.classify.bigquery.splice import splice

__all__ = ["Account", "Ground", "Spliced", "account", "agree", "allowed", "masked", "offline", "splice", "tree"]
