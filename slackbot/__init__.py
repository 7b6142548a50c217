"""The door for people in Slack."""
