"""The cookies of a sign-in: which there are, how long they last, and what a browser is told to do with each."""

from __future__ import annotations

from datetime import timedelta
from enum import Enum
from typing import Final, final

from starlette.requests import Request
from starlette.responses import Response

LONGEST: Final = 3_072  # bytes; browsers keep 4,096 with name and attributes (RFC 6265 6.1)


@final
class Cookie(Enum):
    """Name, life, and whether it comes along when another site posts to us."""

    SESSION = ("session", timedelta(hours=1), False)
    OIDC = ("oidc", timedelta(minutes=10), False)  # comes along to the provider's redirect, which is a GET
    SAML = ("saml", timedelta(minutes=5), True)  # the response is a cross-site POST; holds a request's id alone
    ASKED = ("asked", timedelta(minutes=10), False)  # what an agent's client asked before somebody signed in
    LINK = ("link", timedelta(minutes=10), False)  # which Slack account's linking was opened before somebody signed in

    @property
    def label(self) -> str:
        """Return the name without its prefix."""
        return self.value[0]

    @property
    def life(self) -> timedelta:
        """Return how long a browser keeps it."""
        return self.value[1]

    @property
    def crosses(self) -> bool:
        """Return whether another site's POST brings it along."""
        return self.value[2]


@final
class Cookies:
    """Sets and reads them: over HTTPS under `__Host-` (RFC 6265bis 4.1.3.2), on plain loopback under a plain name."""

    def __init__(self, *, secure: bool) -> None:
        self.secure = secure

    def name(self, cookie: Cookie) -> str:
        """Return the whole name."""
        return f"{'__Host-' if self.secure else ''}assent-{cookie.label}"

    def read(self, request: Request, cookie: Cookie) -> str:
        """Return what a browser brings; "" when it brings none, or more than we ever set."""
        value = request.cookies.get(self.name(cookie), "")
        return value if len(value) <= LONGEST else ""

    def put(self, response: Response, cookie: Cookie, value: str) -> None:
        """Have the browser keep a value."""
        response.set_cookie(
            self.name(cookie),
            value,
            max_age=round(cookie.life.total_seconds()),
            path="/",
            secure=self.secure,
            httponly=True,
            # SameSite=None is for Secure cookies alone; plain loopback is one site anyway, whatever the port
            samesite="none" if cookie.crosses and self.secure else "lax",
        )

    def end(self, response: Response, cookie: Cookie) -> None:
        """Have the browser forget it."""
        response.delete_cookie(self.name(cookie), path="/", secure=self.secure, httponly=True, samesite="lax")
