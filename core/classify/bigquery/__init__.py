"""GoogleSQL text -> Reading: the parser's word (`offline`), by sqlglot in a child process that can be killed."""

from core.classify.bigquery.offline import offline

__all__ = ["offline"]
