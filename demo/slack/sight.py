"""What one person sees on the local page: the channel, what only they see, and the modal before them; no script."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from html import escape
from typing import Final, final
from urllib.parse import urlencode

from demo.slack import drawing
from demo.slack.manifest import array
from demo.slack.office import STAFF
from demo.slack.platform import CHANNEL, Slack
from demo.slack.world import Json, Posted, View, Whisper, stored

REFRESH: Final = 3  # seconds
ICON: Final = '<link rel="icon" href="data:,">'  # none is asked for
TITLE: Final = '<meta name="viewport" content="width=device-width"><title>Fake Slack of the Assent demo</title>'
COMMAND: Final = "/audit"
# Laid out as Slack's own client: a name and a picture before each message, small grey context, one green button.
STYLE: Final = """
body{font:15px/1.46 Lato,"Helvetica Neue",Arial,"DejaVu Sans",sans-serif;color:#1d1c1d;margin:0;background:#fff}
nav{background:#350d36;color:#fff;padding:.7em 1.5em}nav a{color:#fff}nav b{font-weight:900}
main{max-width:46em;margin:0 auto;padding:.5em 1.5em 4em}
.note{color:#616061;font-size:12px;border-bottom:1px solid #ddd;padding:.4em 0}
.tabs{border-bottom:1px solid #ddd;padding:.5em 0;font-weight:700}.tabs a{margin-right:1em}
article{display:grid;grid-template-columns:36px minmax(0,1fr);gap:0 .7em;padding:.8em 0 .2em}
article.only{background:#fffaf0}
.face{width:36px;height:36px;border-radius:4px;background:#1d3557;color:#fff;font-weight:900;line-height:36px}
.face{text-align:center}.who{font-weight:900}.app,.at{color:#616061;font-size:12px;font-weight:400;margin-left:.4em}
.app{background:#e8e8e8;border-radius:2px;padding:0 .3em}
h2{font-size:20px;border-bottom:1px solid #ddd;padding:.5em 1em;margin:0}h3{font-size:18px;margin:.3em 0}
p{margin:.3em 0}p,h3,pre,td,th,.small{white-space:pre-wrap;overflow-wrap:anywhere}
pre{background:#f8f8f8;border:1px solid #ddd;border-radius:4px;padding:.6em}
pre{font:12px/1.5 Menlo,"DejaVu Sans Mono",monospace}
a:focus-visible,button:focus-visible{outline:3px solid #1264a3;outline-offset:1px}
.fields{display:grid;grid-template-columns:1fr 1fr;gap:.3em 1em}
@media (max-width:30em){.fields{grid-template-columns:1fr}main{padding:.5em .8em 4em}}
.box{border:1px solid #ccc;border-radius:8px;padding:.3em .9em;margin:.3em 0}
.beside{display:flex;gap:1em;align-items:flex-start}
.beside>div{flex:1}.small{color:#616061;font-size:13px;margin:.3em 0}.small span{margin-right:.7em}
.row{margin:.5em 0}form.act{display:inline}hr{border:0;border-top:1px solid #ddd}
button{font:700 15px Lato,"Helvetica Neue",Arial,"DejaVu Sans",sans-serif;background:#fff;color:#1d1c1d;cursor:pointer}
button{border:1px solid #bbb;border-radius:4px;padding:.35em .8em;margin:0 .5em .3em 0}
button.primary{background:#007a5a;color:#fff;border-color:#007a5a}
button.danger{background:#fff;color:#e01e5a;border-color:#e01e5a}
table{border-collapse:collapse;font-size:13px;margin:.4em 0;display:block;overflow-x:auto}
td,th{border:1px solid #ddd;padding:.3em .5em;text-align:left}
th{white-space:nowrap;overflow-wrap:normal}td.right,th.right{text-align:right}select,input,textarea{font:inherit;padding:.3em;max-width:100%;box-sizing:border-box}
.dialog{border:1px solid #bbb;border-radius:8px;box-shadow:0 4px 24px rgba(0,0,0,.25);margin:1em 0}
.dialog>form,.dialog>.body{padding:.5em 1.3em}.wrong{color:#e01e5a;font-weight:700}
"""
HEADERS: Final[Mapping[str, str]] = {
    "content-security-policy": (
        f"default-src 'none'; img-src data:; style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'; "
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

    def page(self, user: str, *, writing: bool, home: bool = False) -> str:
        """Draw everything for one person; a page on which one writes does not renew itself."""
        view = self.slack.view(user)
        writing = writing or view is not None
        body = self.modal(user, view) if view else ""
        body += self.home(user) if home else self.channel(user, writing=writing)
        again = "" if writing else f'<meta http-equiv="refresh" content="{REFRESH}">'
        head = f'<meta charset="utf-8">{TITLE}{again}{ICON}<style>{STYLE}</style>'
        above = f'<p class="note">{escape(NOTE)}</p>{self.tabs(user, home=home)}{self.troubles(user)}'
        return (
            f'<!doctype html><html lang="en"><head>{head}</head>'
            f"<body><nav>{self.people(user)}</nav><main>{above}{body}</main></body></html>"
        )

    def tabs(self, user: str, *, home: bool) -> str:
        """Draw the way to the channel and to App Home."""
        name = escape(self.slack.world.channels[CHANNEL].name)
        channel = f'<a href="?{urlencode({"as": user})}"># {name}</a>' if home else f"<span># {name}</span> "
        opens = self.form("home", {"as": user}, "<button>Assent: Home</button>")
        return f'<div class="tabs">{channel}{"" if home else opens}</div>'

    def home(self, user: str) -> str:
        """Draw App Home as it was last published to this person."""
        found = self.slack.world.homes.get(user)
        if found is None:
            return "<p>Nothing has been published yet.</p>"
        given = stored([each for each in array(found.payload.get("blocks")) if isinstance(each, dict)])

        def press(element: Json) -> str:
            return self.pressing("home_click", {"as": user}, element)

        return drawing.blocks(given, press)

    def people(self, user: str) -> str:
        """Draw who one can be."""
        drawn = [
            f"<b>{escape(f'{name} ({what})')}</b>"
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
        every: list[Posted | Whisper] = [*self.slack.readable(user), *own]
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
        only = isinstance(message, Whisper)
        place = {"as": user, "channel": message.channel, "ts": message.ts}

        def press(element: Json) -> str:
            seen = element.get("visible_to_user_ids")
            return "" if isinstance(seen, list) and user not in seen else self.pressing("click", place, element)

        body = (
            drawing.blocks(message.blocks, press) or f"<p>{drawing.words({'type': 'mrkdwn', 'text': message.text})}</p>"
        )
        said = '<p class="small">Only visible to you</p>' if only else ""
        at = datetime.fromtimestamp(number(message.ts)[0], UTC).strftime("%H:%M UTC")
        head = f'<div class="who">assent<span class="app">APP</span><span class="at">{at}</span></div>'
        inner = f'<div class="face">A</div><div>{head}{said}<div class="said">{body}</div></div>'
        return f"<article{' class=only' if only else ''}>{inner}</article>"

    def pressing(self, act: str, place: Mapping[str, str], element: Json) -> str:
        """Draw a button or a select; of another kind, nothing."""
        hidden = {**place, "action": str(element.get("action_id"))}
        match element.get("type"):
            case "button":
                style = str(element.get("style", ""))
                named = f' class="{style}"' if style in {"primary", "danger"} else ""
                inner = f"<button{named}>{drawing.words(element.get('text'))}</button>"
                return self.form(act, {**hidden, "value": str(element.get("value", ""))}, inner)
            case "static_select":
                chosen = f'<select name="value" required>{drawing.options(element)}</select> <button>›</button>'
                return self.form(act, hidden, chosen)
            case _:
                return ""

    def modal(self, user: str, view: View) -> str:
        """Draw the modal that stands before this person, its inputs and what was wrong with them."""
        given = view.payload
        body = drawing.blocks(stored([each for each in array(given.get("blocks")) if isinstance(each, dict)]), nothing)
        wrong = "".join(f'<p class="wrong">{escape(each)}</p>' for each in view.errors.values())
        hidden = {"as": user, "view": view.id}
        submit = label(given.get("submit"))
        send = f'<button class="primary">{submit}</button>' if submit else ""
        back = self.form("close", hidden, f"<button>{label(given.get('close')) or 'Close'}</button>", kind="")
        form = self.form("submit", hidden, f"{body}{wrong}{send}", kind="")
        return f'<div class="dialog"><h2>{label(given.get("title"))}</h2>{form}{back}</div>'

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
