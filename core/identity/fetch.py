"""Short documents of issuers, and codes traded with them: no redirects, no environment, bounded in bytes and time."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from ssl import SSLContext
from types import TracebackType
from typing import Final, Self, final

from httpx2 import AsyncClient, HTTPError, InvalidURL, Response

from core.errors import IdentityUnavailable
from core.identity.keys import DOCUMENT_BYTES

PATIENCE: Final = timedelta(seconds=5)  # for the whole document, however slowly it drips


@final
class HttpFetch:
    """The `Fetch` of a running gateway; one client, closed with the process."""

    def __init__(self, *, tls: SSLContext | None = None, patience: timedelta = PATIENCE) -> None:
        self._patience = patience.total_seconds()
        self._client = AsyncClient(
            verify=tls if tls is not None else True,
            trust_env=False,  # neither a proxy nor a .netrc of whoever started us; settings alone read the environment
            follow_redirects=False,
            timeout=self._patience,
            headers={"accept": "application/json", "accept-encoding": "identity"},
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close its connections."""
        await self._client.aclose()

    async def __call__(self, url: str) -> bytes:
        """Fetch a document of at most 64 KiB within five seconds.

        Raises: IdentityUnavailable for another status (a redirect included), a longer or slower answer, no answer.
        """
        return await self._ask("GET", url)

    async def post(self, url: str, form: Mapping[str, str], auth: tuple[str, str] | None = None) -> bytes:
        """Trade a code: a form, with a client's name and secret (RFC 6749 2.3.1); the answer bounded alike.

        Raises: IdentityUnavailable.
        """
        return await self._ask("POST", url, data=form, auth=auth)

    async def _ask(
        self, method: str, url: str, *, data: Mapping[str, str] | None = None, auth: tuple[str, str] | None = None
    ) -> bytes:
        try:
            async with (
                asyncio.timeout(self._patience),
                self._client.stream(method, url, data=data, auth=auth) as response,
            ):
                return await _body(response)
        except (HTTPError, InvalidURL, TimeoutError) as error:
            raise IdentityUnavailable(f"fetch: {type(error).__name__}") from error


async def _body(response: Response) -> bytes:
    if response.status_code != 200:  # noqa: PLR2004 - RFC 9110 15.3.1
        raise IdentityUnavailable(f"fetch: status {response.status_code}")
    if response.headers.get("content-encoding", "identity") != "identity":
        raise IdentityUnavailable("fetch: an encoding that was not asked for")
    content = bytearray()
    async for chunk in response.aiter_raw():
        content += chunk
        if len(content) > DOCUMENT_BYTES:
            raise IdentityUnavailable("fetch: too large")
    return bytes(content)
