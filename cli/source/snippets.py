"""How an MCP client is pointed at a gateway: one page of snippets, whatever the client."""

from __future__ import annotations

import json


def page(url: str) -> str:
    """Word `clients.md` for a gateway's public address."""
    endpoint = f"{url}/mcp"
    return f"""\
# Connect an agent

The MCP endpoint is `{endpoint}` (Streamable HTTP). A client that speaks MCP's authorization finds the issuer by itself;
one that does not takes an access token as a header.

## Claude Code

    claude mcp add --transport http assent {endpoint}

## Claude Desktop and ChatGPT

Settings, Connectors, add a custom connector with the address `{endpoint}`. Both connect from the internet, so the
gateway needs a public https address.

## Cursor: `.cursor/mcp.json`

{indented({"mcpServers": {"assent": {"url": endpoint}}})}

## VS Code: `.vscode/mcp.json`

{indented({"servers": {"assent": {"type": "http", "url": endpoint}}})}

## With a token

{indented({"mcpServers": {"assent": {"url": endpoint, "headers": {"Authorization": "Bearer ${ASSENT_AGENT_TOKEN}"}}}})}
"""


def indented(document: object) -> str:
    """Write JSON as a code block."""
    return "\n".join(f"    {line}" for line in json.dumps(document, indent=2).splitlines())
