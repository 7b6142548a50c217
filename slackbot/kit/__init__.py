"""Block Kit as it is used here: its shapes and bounds, parts of messages, words of others made safe, modals read."""
