"""text -> Reading; the only place that imports a SQL parser."""
