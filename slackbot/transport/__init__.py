"""The way to Slack and from it: the Web API, Socket Mode or signed HTTP, what is under way, and its alarms."""
