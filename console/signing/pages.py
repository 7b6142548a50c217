"""The few pages of a sign-in: no script, one style sheet of ours; whatever comes from elsewhere is written as text."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from starlette.responses import HTMLResponse

from console.door import HEADERS
from console.signing.handing import Asked
from console.signing.sessions import BrowserSession
from console.signing.style import ADDRESS
from core.identity.linking import Account

PAGE: Final = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    '<meta name="color-scheme" content="light dark">{head}<title>{title} – Assent</title>'
    f'<link rel="icon" href="data:,"><link rel="stylesheet" href="{ADDRESS}"></head>'
    "<body><main><h1>{title}</h1>{body}</main></body></html>"
)


def shown(text: str) -> str:
    """Write hostile text: nothing of it is markup, and what cannot be seen is spelled out."""
    return escape("".join(one if one.isprintable() else f"\\u{ord(one):04x}" for one in text))


def page(title: str, *parts: str, status: int = 200, head: str = "") -> HTMLResponse:
    """Make a page of a title of ours and of parts that are markup already."""
    return HTMLResponse(PAGE.format(title=title, head=head, body="".join(parts)), status, dict(HEADERS))


def trouble(sentence: str, status: int, *, title: str = "Not signed in") -> HTMLResponse:
    """Say what went wrong, and where to begin again."""
    again = '<p><a href="/sign-in">Begin again</a></p>'
    return page(title, f"<p>{shown(sentence)}</p>", again, status=status)


def choices(named: Sequence[tuple[str, str]]) -> HTMLResponse:
    """Offer the ways to sign in: (address, name)."""
    links = "".join(f'<li><a href="{escape(address)}">{shown(name)}</a></li>' for address, name in named)
    return page("Sign in to Assent", f"<ul>{links}</ul>")


def known(session: BrowserSession) -> HTMLResponse:
    """Say who is signed in."""
    return page(
        "Signed in",
        f"<p>You are {_who(session)}.</p>",
        _form(session, "/sign-out", "Sign out"),
    )


def consent(session: BrowserSession, asked: Asked) -> HTMLResponse:
    """Ask a person whether an agent's client may act as them; a GET shows it, and nothing but its POST does it."""
    may = "read and ask for changes" if "assent:write" in asked.scopes else "read"
    client = f"<b>{shown(asked.client)}</b>, on this machine ({shown(asked.place)})"
    return page(
        "An agent asks to act as you",
        f"<p>You are {_who(session)}.</p>",
        f"<p>The client {client}, asks to {may} as you for fifteen minutes.</p>",
        "<p>Go on only if you started it yourself, just now.</p>",
        _form(session, "/agent", "Let it", asked=asked.digest),
        _form(session, "/sign-out", "No, sign out"),
    )


def handed(back: str) -> HTMLResponse:
    """Send the browser back to the client on this machine: by a refresh, for a form of ours leads to us alone."""
    return page(
        "Done",
        f'<p><a href="{escape(back)}">Back to the agent</a></p>',
        head=f'<meta http-equiv="refresh" content="0;url={escape(back)}">',
    )


def linking(session: BrowserSession, account: Account, name: str) -> HTMLResponse:
    """Name both accounts and ask; a GET shows it, and nothing but its POST goes on."""
    return page(
        "Link a Slack account to you?",
        f"<p>You are {_who(session)}.</p>",
        f"<p>The Slack account is {_account(account)}. What it clicks would count as yours.</p>",
        "<p>Go on only if it is your own account, and you typed /audit link in it yourself, just now.</p>",
        _form(session, "/link", "It is mine, go on", of=name),
        _form(session, "/sign-out", "No, sign out"),
    )


def code(account: Account, letters: str) -> HTMLResponse:
    """Show what the account's user has yet to type."""
    return page(
        "Now type this in Slack",
        f'<p class="code">/audit link {shown(letters)}</p>',
        f"<p>It serves once, within five minutes, in the account {_account(account)} alone. ",
        "Give it to nobody: whoever asks you for it wants to vote as you.</p>",
    )


def _account(account: Account) -> str:
    named = f"<b>{shown(account.name)}</b> ({shown(account.user)})"
    return f"{named} of the workspace <b>{shown(account.workspace)}</b> ({shown(account.team)})"


def _who(session: BrowserSession) -> str:
    who = session.who
    named = f"{who.email}, " if who.email else ""
    return f"<b>{shown(f'{named}{who.person}')}</b>"


def _form(session: BrowserSession, action: str, label: str, **fields: str) -> str:
    """Make one button; the one that carries something lets something, and looks so."""
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in {"stamp": session.stamp, **fields}.items()
    )
    kind = ' class="act"' if fields else ""
    return f'<form method="post" action="{action}">{hidden}<button type="submit"{kind}>{label}</button></form>'
