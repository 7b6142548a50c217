"""`assent relay`: an MCP client's standard input and output, carried to a gateway over HTTP with the person's token."""
