"""The report of a scan as one page: no scripts, nothing fetched, every word of the database escaped."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Final

from cli.show import visible
from core.masking.proposing.evidence import Evidence

HEAD: Final = """\
<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer"><title>Assent: what wants a tag</title>
<style>
:root { color-scheme: light dark; --line: #d5d9e0; --soft: #f4f6f9; --ink: #1c2430; --dim: #5b6675;
  --mark: #b4530a; --ok: #1d7a46; --paper: #fff }
@media (prefers-color-scheme: dark) { :root { --line: #3a4250; --soft: #20262f; --ink: #e6e9ee; --dim: #9aa5b4;
  --mark: #f0a35e; --ok: #6fd19b; --paper: #15191f } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  max-width: 68rem; margin: 2rem auto; padding: 0 1.25rem }
h1, h2, p { overflow-wrap: anywhere }
h1 { font-size: 1.5rem; margin-bottom: .25rem } h2 { font-size: 1.1rem; margin-top: 2.2rem } p { color: var(--dim) }
table { border-collapse: collapse; width: 100% } th { text-align: left; color: var(--dim); font-weight: 600 }
th, td { padding: .5rem .75rem .5rem 0; border-bottom: 1px solid var(--line); vertical-align: top;
  overflow-wrap: anywhere }
code, pre { font: 13px/1.5 ui-monospace, monospace } pre { background: var(--soft); padding: 1rem; border-radius: .5rem;
  overflow-x: auto }
.tag { white-space: nowrap; color: var(--mark); font-weight: 600 } .done .tag { color: var(--ok) }
meter { width: 6rem; vertical-align: middle }
</style></head><body>
"""


def html(database: str, evidence: Iterable[Evidence], unread: Iterable[str], toml: str) -> str:
    """Word the page; no value of the database is in what it is given."""
    everything = tuple(evidence)
    wanting = [one for one in everything if one.proposal is not None]
    done = [one for one in everything if one.tagged]
    parts = [
        HEAD,
        f"<h1>{safe(database)}: {len(wanting)} columns want a tag</h1>",
        f"<p>{len(done)} have one. Names and a few rows of each table were looked at; no value is on this page.</p>",
        section("To decide", wanting),
        f"<h2>To paste into <code>assent.toml</code></h2><pre>{safe(toml)}</pre>" if wanting else "",
        section("Tagged already", done, "done"),
        "".join(f"<p>Not sampled, by names alone: <code>{safe(one)}</code></p>" for one in unread),
        "</body></html>\n",
    ]
    return "\n".join(part for part in parts if part)


def section(title: str, evidence: list[Evidence], kind: str = "") -> str:
    """Word one table; nothing where it would be empty."""
    if not evidence:
        return ""
    head = "<tr><th>column</th><th>tag and mask</th><th>evidence</th></tr>"
    return f'<h2>{title}</h2><table class="{kind}">{head}{"".join(map(row, evidence))}</table>'


def row(one: Evidence) -> str:
    """Word one column."""
    asked = one.proposal
    tag = one.tagged or ("" if asked is None else asked.tag)
    mask = "" if asked is None or asked.mask == asked.tag else f" <code>{safe(asked.mask)}</code>"
    said = [] if asked is None else [safe(asked.reason)]
    said += [
        f'<meter min="0" max="{one.sampled}" value="{count}"></meter> {count} of {one.sampled}: {safe(name)}'
        for name, count in sorted(one.seen.items())
    ]
    said += [f"shares values or its name with <code>{safe(one.copy_of)}</code>"] if one.copy_of else []
    column = f"<code>{safe(one.column)}</code><br><small>{safe(one.type)}</small>"
    return f'<tr><td>{column}</td><td><span class="tag">{safe(tag)}</span>{mask}</td><td>{"<br>".join(said)}</td></tr>'


def safe(text: str) -> str:
    """Escape, and show what would not show."""
    return escape(visible(text))
