"""Settings -> how people sign in by browser at the console."""

from __future__ import annotations

from collections.abc import Mapping

from console.signing.cookies import Cookies
from console.signing.handing import Handing
from console.signing.limits import Tries
from console.signing.linking import LinkPages
from console.signing.oidc import OidcSignIn
from console.signing.routes import Saml, Ways
from console.signing.sessions import Sessions
from console.signing.stopped import Stopped
from core.assembly import House
from core.errors import SettingsError
from core.identity.linking import Linking
from core.identity.matching import Matching
from core.identity.minted import PURPOSE, Minter
from core.identity.provider import Exchange
from core.identity.signin import IdTokens
from core.settings import Settings, SignInSettings


def ways(house: House, ask: Exchange) -> Ways | None:
    """Make them; None where nobody can sign in."""
    console, tickets = house.settings.console, house.store.tickets
    if not console.sign_ins and not console.saml:
        return None
    tokens = IdTokens(house.keys, house.clock)

    def oidc(one: SignInSettings) -> OidcSignIn:
        return OidcSignIn(
            issuer=next(each for each in house.settings.issuers if each.issuer == one.issuer),
            client=one.client_id,
            secret=None if one.client_secret is None else one.client_secret.text().strip(),
            redirect=f"{console.url}/oidc/{one.name}/callback",
            ask=ask,
            tokens=tokens,
            tickets=tickets,
            clock=house.clock,
        )

    return Ways(
        oidc={one.name: oidc(one) for one in console.sign_ins},
        saml=_saml(house),
        sessions=Sessions(tickets, _stopped(house), house.clock),
        cookies=Cookies(secure=console.url.startswith("https:")),
        handing=_handing(house, house.settings),
        tries=Tries(house.clock),
        linking=None if (made := linking(house)) is None else LinkPages(made),
        matching=matching(house),
        deny=house.gateway.admission.deny,
    )


def linking(house: House) -> Linking | None:
    """Make what links Slack accounts; None where nobody can sign in, or nobody is in Slack."""
    from slackbot.links import Listed  # noqa: PLC0415 - only where Slack is used

    settings = house.settings
    if settings.slack is None or not (settings.console.sign_ins or settings.console.saml):
        return None
    return Linking(
        links=house.store.links,
        tickets=house.store.tickets,
        journal=house.journal,
        macs=house.store.macs,
        same=settings.same,
        clock=house.clock,
        listed=Listed(settings.slack.people).persons,
    )


def matching(house: House) -> Matching | None:
    """Make what matches people by e-mail; None where no domain is listed."""
    slack = house.settings.slack
    if slack is None or not slack.email_domains:
        return None
    return Matching(house.store.tickets, house.clock, slack.email_domains)


def _saml(house: House) -> Mapping[str, Saml]:
    console = house.settings.console
    if not console.saml:
        return {}
    try:
        from console.signing.saml import SamlSignIn  # noqa: PLC0415 - it brings a C library
    except ImportError as error:
        raise SettingsError("[saml]: its packages are not installed; install assent[saml]") from error
    return {
        one.name: SamlSignIn(
            issuer=one.issuer,
            address=one.url,
            certificate=one.certificate,
            ours=f"{console.url}/saml/{one.name}",
            person=one.person,
            email=one.email,
            tickets=house.store.tickets,
            clock=house.clock,
        )
        for one in console.saml
    }


def _handing(house: House, settings: Settings) -> Handing | None:
    minting = settings.console.minting
    if minting is None:
        return None
    own = next(one for one in settings.issuers if one.issuer == settings.console.url)
    held = [one.key() for one in (minting, settings.keys.next.get(PURPOSE)) if one is not None]
    minter = Minter(held, own, house.store.names, house.clock)
    return Handing(minter, house.store.tickets, house.journal, _stopped(house), house.clock)


def _stopped(house: House) -> Stopped:
    return Stopped(house.store.standing, house.store.macs, house.settings.same, house.clock)
