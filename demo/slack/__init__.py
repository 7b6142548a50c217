"""A Slack platform on loopback: Web API, Socket Mode, response URLs and people, close enough for the real Bolt app.

Blocks are checked against `slackbot.kit.shapes`: the bot checks itself before it sends and may not import a test's
parts, so the one table of Slack's limits lives with the bot.
"""

from demo.slack.platform import Slack

__all__ = ["Slack"]
