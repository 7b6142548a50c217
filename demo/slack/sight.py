"""What one person sees on the local page: the channel, what only they see, and the modal before them; no script."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from typing import Final, final
from urllib.parse import urlencode

from demo.slack import drawing
from demo.slack.manifest import array
from demo.slack.office import STAFF
from demo.slack.platform import Slack
from demo.slack.world import Json, Posted, View, Whisper, stored

REFRESH: Final = 3  # seconds
COMMAND: Final = "/audit"
STYLE: Final = (
    "body{font:16px sans-serif;max-width:52em;margin:1em auto;padding:0 1em}"
    "article{border:1px solid #888;border-radius:6px;padding:.3em 1em;margin:1em 0}"
    "pre{white-space:pre-wrap;background:#eee;padding:.5em}p,h3{white-space:pre-wrap}form.act{display:inline}"
)
HEADERS: Final[Mapping[str, str]] = {
    "content-security-policy": (
        f"default-src 'none'; style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",  # the path is the secret; with no-referrer a form would send Origin: null
    "cache-control": "no-store",
}
NOTE: Final = (
    "This is not Slack: a page of this demo, laid out simply, gone when the demo ends. "
    "Whoever opens it can act as anybody below; the demo shows the flow and is no boundary against an agent that runs "
    "under your own account."
)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """Draws the page."""

    slack: Slack
    secret: str

    def page(self, user: str, *, writing: bool) -> str:
        """Draw everything for one person; a page on which one writes does not renew itself."""
        view = self.slack.view(user)
        writing = writing or view is not None
        body = self.modal(user, view) if view else self.channel(user, writing=writing)
        again = "" if writing else f'<meta http-equiv="refresh" content="{REFRESH}">'
        return (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Fake Slack of the Assent demo</title>'
            f"{again}<style>{STYLE}</style></head><body><p><small>{escape(NOTE)}</small></p>"
            f"<p>{self.people(user)}</p>{self.troubles(user)}{body}</body></html>"
        )

    def people(self, user: str) -> str:
        """Draw who one can be."""
        drawn = [
            f"<strong>{escape(f'{name} ({what})')}</strong>"
            if each == user
            else f'<a href="?{urlencode({"as": each})}">{escape(f"{name} ({what})")}</a>'
            for each, (name, what) in STAFF.items()
        ]
        return "You are: " + " · ".join(drawn)

    def troubles(self, user: str) -> str:
        """Draw the last thing that this person saw fail."""
        own = [each for each in self.slack.world.user_errors if each.startswith(f"{user}: ")]
        return f"<p><strong>{escape(own[-1].partition(': ')[2])}</strong></p>" if own else ""

    def channel(self, user: str, *, writing: bool) -> str:
        """Draw what stands in the channel and what only this person sees, newest first."""
        own = [each for each in self.slack.world.whispers if each.user == user]
        every: list[Posted | Whisper] = [*self.slack.world.messages, *own]
        seen = sorted(every, key=lambda each: number(each.ts), reverse=True)
        drawn = "".join(self.message(user, each) for each in seen) or "<p>Nothing has been asked yet.</p>"
        here = urlencode({"as": user})
        if not writing:
            return f'<p><a href="?{here}">Reload</a> · <a href="?{here}&amp;write=1">Type {COMMAND} …</a></p>{drawn}'
        text = f'<input name="text" size="60" maxlength="500" value="{COMMAND} " autofocus>'
        line = self.form("type", {"as": user}, f"{text} <button>Send</button>")
        return f'<p><a href="?{here}">Back to what renews itself</a></p>{line}{drawn}'

    def message(self, user: str, message: Posted | Whisper) -> str:
        """Draw one message; where it has no blocks, its text."""
        only = "<p><small>Only you can see this</small></p>" if isinstance(message, Whisper) else ""

        def press(element: Json) -> str:
            return self.button(user, message, element)

        body = (
            drawing.blocks(message.blocks, press) or f"<p>{drawing.words({'type': 'mrkdwn', 'text': message.text})}</p>"
        )
        return f"<article>{only}{body}</article>"

    def button(self, user: str, message: Posted | Whisper, element: Json) -> str:
        """Draw a button that this person sees."""
        seen = element.get("visible_to_user_ids")
        if element.get("type") != "button" or (isinstance(seen, list) and user not in seen):
            return ""
        hidden = {
            "as": user,
            "channel": message.channel,
            "ts": message.ts,
            "action": str(element.get("action_id")),
            "value": str(element.get("value", "")),
        }
        return self.form("click", hidden, f"<button>{drawing.words(element.get('text'))}</button> ")

    def modal(self, user: str, view: View) -> str:
        """Draw the modal that stands before this person, its inputs and what was wrong with them."""
        given = view.payload
        body = drawing.blocks(stored([each for each in array(given.get("blocks")) if isinstance(each, dict)]), nothing)
        wrong = "".join(f"<p><strong>{escape(each)}</strong></p>" for each in view.errors.values())
        hidden = {"as": user, "view": view.id}
        submit = label(given.get("submit"))
        send = f"<button>{submit}</button>" if submit else ""
        back = self.form("close", hidden, f"<button>{label(given.get('close')) or 'Close'}</button>")
        form = self.form("submit", hidden, f"{body}{wrong}{send}", kind="")
        return f"<article><h2>{label(given.get('title'))}</h2>{form}{back}</article>"

    def form(self, act: str, hidden: Mapping[str, str], inner: str, *, kind: str = "act") -> str:
        """Draw a form of this page."""
        kept = "".join(
            f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in hidden.items()
        )
        action = escape(f"/{self.secret}/{act}")
        return f'<form class="{kind}" method="post" action="{action}" autocomplete="off">{kept}{inner}</form>'


def label(node: object) -> str:
    """Draw a title or a button's text of a view, which is stored as it was sent."""
    return escape(str(node.get("text", ""))) if isinstance(node, dict) else ""


def nothing(_: Json) -> str:
    """Draw no button: those of our modals are submit and close."""
    return ""


def number(ts: str) -> tuple[int, int]:
    """Order messages as they were posted."""
    seconds, _, count = ts.partition(".")
    return int(seconds), int(count)
