"""The second witness of a SAML answer: python3-saml and libxmlsec1, which alone check its signature.

Imported where SAML is configured, and nowhere else: it brings a C library.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from typing import Final, TypeAlias, final
from urllib.parse import urlsplit

from lxml.etree import LxmlError
from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.errors import OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError
from onelogin.saml2.settings import OneLogin_Saml2_Settings

from core.errors import SettingsError, Unauthenticated

# assertion's id, subject's name, attributes
Said: TypeAlias = tuple[str, str, Mapping[str, tuple[str, ...]]]

# What its own code, its parser and its schema raise; by anything else nobody is signed in either: it ends the request.
STUMBLES: Final = (OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError, LxmlError, ValueError, LookupError, TypeError)
POST: Final = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
REDIRECT: Final = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"


@final
class Second:
    """One provider's answers, by somebody else's code."""

    def __init__(self, *, entity: str, address: str, certificate: str, ours: str) -> None:
        """Take the provider's certificate as PEM.

        Raises: SettingsError, for what the library will not have.
        """
        place = urlsplit(f"{ours}/acs")
        # scheme, host and path are configured, never a request's
        self._request: dict[str, object] = {
            "https": "on" if place.scheme == "https" else "off",
            "http_host": place.netloc,
            "script_name": place.path,
            "get_data": {},
        }
        security = {
            "wantAssertionsSigned": True,
            "wantNameId": True,
            "wantAttributeStatement": False,
            "rejectDeprecatedAlgorithm": True,
            "requestedAuthnContext": False,
            "rejectUnsolicitedResponsesWithInResponseTo": True,
        }
        try:
            self._settings = OneLogin_Saml2_Settings(
                {
                    "strict": True,
                    "debug": False,
                    "sp": {"entityId": ours, "assertionConsumerService": {"url": f"{ours}/acs", "binding": POST}},
                    "idp": {
                        "entityId": entity,
                        "singleSignOnService": {"url": address, "binding": REDIRECT},
                        "x509cert": certificate,
                    },
                    "security": security,
                }
            )
        except OneLogin_Saml2_Error as error:
            raise SettingsError("[saml]: the library does not take it") from error

    def read(self, xml: bytes, request: str) -> Said:
        """Verify an answer to a request.

        Raises: Unauthenticated, whatever the library finds or stumbles over.
        """
        given = {**self._request, "post_data": {"SAMLResponse": b64encode(xml).decode()}}
        try:
            auth = OneLogin_Saml2_Auth(given, old_settings=self._settings)
            auth.process_response(request_id=request)
        except STUMBLES as error:
            raise Unauthenticated("saml: the second reading failed") from error
        if auth.get_errors() or not auth.is_authenticated():
            raise Unauthenticated("saml: the second reading refuses it")
        attributes = {name: tuple(map(str, values)) for name, values in auth.get_attributes().items()}
        return str(auth.get_last_assertion_id()), str(auth.get_nameid()), attributes
