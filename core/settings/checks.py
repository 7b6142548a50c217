"""What no single table shows: names of people, tags and Sources that must agree with each other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from core.model import Measure
from core.policy.conditions import globs
from core.policy.rules import Conditions, Rule
from core.settings import rulebook, safety
from core.settings.findings import Findings, Place, nearest
from core.settings.nouns import BigQuerySource, PostgresSource
from core.settings.parts import Parts

BILLED: Final = frozenset({Measure.BYTES, Measure.PRICE})
FREE_TEXT: Final = "free_text"
AGENTS: Final = frozenset({"assent:read", "assent:write"})  # scopes that a workload may be given
LIFETIME: Final = timedelta(hours=1)
REVIEW_LIFETIME: Final = timedelta(minutes=10)


def check(parts: Parts, found: Findings) -> None:
    """Run every check; each notes what it finds."""
    for one in (
        _identities,
        _directories,
        _workloads,
        _lifetimes,
        _named_groups,
        _members,
        _tags,
        _rules,
        _budgets,
        _dead,
        _unmask,
        _copies,
        _aggregates,
        _sinks,
        _places,
    ):
        one(parts, found)


def _sinks(parts: Parts, found: Findings) -> None:
    """A sink's place in the log is kept by its name."""
    names = [one.name for one in parts.sinks]
    for number, name in enumerate(names):
        if name in names[:number]:
            found.error(("sink", str(number), "name"), f'"{name}" names another sink already')


def _places(parts: Parts, found: Findings) -> None:
    """What arrived at a place is kept by its name."""
    names = [one.name for one in parts.places]
    for number, one in enumerate(parts.places):
        if one.name in names[:number]:
            kind = "witness" if one.kind == "witness" else "anchor"
            found.error((kind, "name"), f'"{one.name}" names another place of checkpoints already')


# ---------------------------------------------------------------- who


def _identities(parts: Parts, found: Findings) -> None:
    audiences = frozenset[str]().union(*(one.audiences for one in parts.issuers))
    ours = frozenset(way.client_id for way in parts.console.sign_ins)
    for number, one in enumerate(parts.issuers):
        path = ("identity", str(number))
        if both := sorted(audiences & one.review_audiences):
            message = f"{both[0]} is an agents' audience as well: one token would open both doors"
            found.error((*path, "review_audiences"), message)
        if equal := sorted(
            (one.audiences | one.review_audiences) & ((one.clients or frozenset()) | parts.console.clients | ours)
        ):
            found.error((*path, "audiences"), f"{equal[0]} is a client id as well: an ID token would pass")
        if parts.issuers[:number] and one.issuer in {other.issuer for other in parts.issuers[:number]}:
            found.error((*path, "issuer"), "this issuer stands twice")
        if not one.audiences:
            found.error((*path, "audiences"), "an issuer without audiences opens nothing")
        if not one.person_when:
            found.warn(path, "without person_when nobody it names is a person; all its tokens are machines'")
    _reviewing(parts, found)
    if not parts.issuers and not parts.gateway.trusted_stdio:
        found.error((), "there is no [[identity]]: nobody could sign in")


def _reviewing(parts: Parts, found: Findings) -> None:
    """A client of reviewers counts where its issuer lists it, too."""
    listed = [one.clients for one in parts.issuers if one.review_audiences]
    for client in sorted(parts.console.clients):
        if listed and not any(clients is None or client in clients for clients in listed):
            message = f'"{client}" lets nobody in: no [[identity]] with review_audiences has it under clients'
            found.warn(("console", "clients"), message)


def _directories(parts: Parts, found: Findings) -> None:
    shared: dict[str, list[int]] = {}
    for number, one in enumerate(parts.issuers):
        shared.setdefault(one.directory, []).append(number)
        if ":" in one.directory:
            found.error(("identity", str(number), "directory"), "a directory's name holds no colon")
    for directory, numbers in shared.items():
        claims = {parts.issuers[number].person_claim for number in numbers}
        if len(numbers) > 1 and (len(claims) > 1 or claims == {"sub"}):
            message = f"issuers that share the directory {directory} name one person_claim, and not sub"
            found.error(("identity", str(numbers[0]), "person_claim"), message)
    for path, name in _bare(parts) if parts.several else ():
        found.error(path, f'"{name}" could be of any directory; write "directory:{name}"')


def _bare(parts: Parts) -> Iterator[tuple[Place, str]]:
    """Yield names without a directory, where several directories speak."""
    prefixes = tuple(f"{one.directory}:" for one in parts.issuers)
    listed = [(("rule", str(number)), one.when, one.unless) for number, one in enumerate(parts.rules)]
    listed += [(("budget", str(number)), one.when, one.unless) for number, one in enumerate(parts.budgets)]
    for path, when, unless in listed:
        for prefix, stated in (("", when), ("not_", unless)):
            for key, names in (("groups", stated.groups), ("callers", stated.callers), ("agents", stated.agents)):
                for name in sorted(names or ()):
                    if not name.startswith(prefixes):
                        yield (*path, f"{prefix}{key}"), name
    for group, members in parts.groups.items():
        yield from ((("group", group, "members"), one) for one in sorted(members) if not one.startswith(prefixes))
    yield from ((("agent", one.client), one.client) for one in parts.agents if not one.client.startswith(prefixes))


def _workloads(parts: Parts, found: Findings) -> None:
    """A workload is nobody: its issuer proves no person, reviews nothing, and speaks for no people's directory."""
    people = {one.directory for one in parts.issuers if not one.client_claim}
    for number, one in enumerate(parts.issuers):
        path = ("identity", str(number))
        if not one.client_claim and one.scopes:
            found.error((*path, "scopes"), "only of a workload issuer (client_claim): others' tokens say theirs")
        if one.client_claim and (one.person_when or one.review_audiences):
            found.error((*path, "client_claim"), "a workload issuer proves no person and no reviewer")
        if one.client_claim and one.directory in people:
            found.error(
                (*path, "directory"), f"{one.directory} is people's; a workload issuer has a directory of its own"
            )
        if one.scopes - AGENTS:
            found.error((*path, "scopes"), f"of {' and '.join(sorted(AGENTS))}")


def _lifetimes(parts: Parts, found: Findings) -> None:
    for number, one in enumerate(parts.issuers):
        name = f"long-tokens:{one.directory}"
        for key, span, most in (
            ("lifetime", one.lifetime, LIFETIME),
            ("review_lifetime", one.review_lifetime, REVIEW_LIFETIME),
        ):
            if span > most and name not in parts.gateway.acknowledged:
                message = f'longer than {most} must be acknowledged: acknowledge = ["{name}"]'
                found.error(("identity", str(number), key), message)


def _named_groups(parts: Parts, found: Findings) -> None:
    console = parts.console
    named: list[tuple[Place, str]] = [(("owner", tag), group) for tag, group in parts.owners.items()]
    for key, names in (
        ("auditors", console.auditors),
        ("operators", console.operators),
        ("result_readers", console.result_readers),
    ):
        named += [(("console", key), name) for name in sorted(names)]
    for number, rule in enumerate(parts.rules):
        named += [(("rule", str(number), "reviewers"), seat.group) for seat in sorted(rule.effects.reviewers)]
    for path, name in named:
        if name not in parts.groups:
            found.error(path, f"there is no [group.{name}]{nearest(name, parts.groups)}")
    _seats(parts, found)


def _seats(parts: Parts, found: Findings) -> None:
    for number, rule in enumerate(parts.rules):
        for seat in sorted(rule.effects.reviewers):
            members = parts.groups.get(seat.group)
            if members is not None and len(members) < seat.count:
                message = f"[group.{seat.group}] has {len(members)} members and {seat.count} must vote"
                found.warn(("rule", str(number), "reviewers"), message)


def _unasserted(parts: Parts, member: str) -> str:
    """Name the domain of an e-mail, alone or after its directory, that no issuer may assert; "" where one may."""
    directory, _, address = member.rpartition(":")
    domain = address.rpartition("@")[2].casefold()
    issuers = (*parts.issuers, *(one.issuer for one in parts.console.saml))
    mine = [one.domains for one in issuers if directory in {"", one.directory}]
    return domain if "@" in address and all(one is not None and domain not in one for one in mine) else ""


def _members(parts: Parts, found: Findings) -> None:
    directories = {one.directory for one in parts.issuers}
    for group, members in parts.groups.items():
        if not members:
            found.warn(("group", group, "members"), "nobody is in this group: no seat of it is ever filled")
        for one in sorted(members):
            if "@" not in one and one.partition(":")[0] not in directories:
                message = f'"{one}" is neither an e-mail nor directory:person id of a configured directory'
                found.error(("group", group, "members"), message)
            elif domain := _unasserted(parts, one):
                message = f'"{one}" is nobody: no [[identity]] may assert e-mails of {domain} (domains = ["{domain}"])'
                found.warn(("group", group, "members"), message)
    _linked(parts, found, directories)
    for agent in parts.agents:
        if parts.issuers and agent.owner.directory not in directories:
            message = f'no [[identity]] has the directory "{agent.owner.directory}"'
            found.error(("agent", agent.client, "owner"), message)


def _linked(parts: Parts, found: Findings, directories: set[str]) -> None:
    """A Slack user votes as the person linked: one each, or one human would fill two seats."""
    seen: set[str] = set()
    for user, person in parts.slack.people.items() if parts.slack is not None else ():
        path = ("slack", "people", user)
        directory, _, identifier = person.partition(":")
        if directory not in directories or not identifier:
            found.error(path, f'"{person}" is no directory:person id of a configured directory')
        if person in seen:
            found.error(path, f'"{person}" is linked to another Slack user already')
        seen.add(person)


# ---------------------------------------------------------------- what


def _tags(parts: Parts, found: Findings) -> None:
    for one in parts.sources:
        for column, tag in one.source.tags.items():
            path = ("source", one.source.name, "tags", column)
            if tag != FREE_TEXT and not globs.fits(parts.masks, tag):
                found.error(path, f'the tag "{tag}" has no mask; add it under [mask]')
            if "." not in column:
                found.error(path, 'a tag stands on "schema.table.column" or "schema.table.*"')
    _patterns(parts, found)


def _patterns(parts: Parts, found: Findings) -> None:
    for section, table in (("mask", parts.masks), ("owner", parts.owners)):
        for pattern in table:
            if globs.FOREIGN & set(pattern):
                found.error((section, pattern), "only * is a wildcard here")
            elif not any(globs.matches(pattern, tag) for tag in parts.tags):
                found.warn((section, pattern), "no column carries such a tag")


def _rules(parts: Parts, found: Findings) -> None:
    sources = [one.source.name for one in parts.sources]
    for number, rule in enumerate(parts.rules):
        for prefix, stated in (("", rule.when), ("not_", rule.unless)):
            for name in sorted((stated.sources or frozenset()) - set(sources)):
                found.error(
                    ("rule", str(number), f"{prefix}sources"), f"there is no [source.{name}]{nearest(name, sources)}"
                )
            _matchless(parts, stated, ("rule", str(number)), prefix, found)
        safety.channel(rule.effects.channel, ("rule", str(number), "channel"), found)


def _budgets(parts: Parts, found: Findings) -> None:
    sources = frozenset(one.source.name for one in parts.sources)
    billed = frozenset(one.source.name for one in parts.sources if isinstance(one, BigQuerySource))
    for number, budget in enumerate(parts.budgets):
        path = ("budget", str(number))
        for prefix, stated in (("", budget.when), ("not_", budget.unless)):
            for name in sorted((stated.sources or frozenset()) - sources):
                found.error((*path, f"{prefix}sources"), f"there is no [source.{name}]{nearest(name, sources)}")
            _matchless(parts, stated, path, prefix, found)
        counted = (budget.when.sources or sources) - (budget.unless.sources or frozenset())
        for measure in sorted(budget.amounts.keys() & BILLED):
            if sources and not counted & billed:
                found.warn((*path, measure.value), "this can never be used: none of its Sources bills")


def _dead(parts: Parts, found: Findings) -> None:
    """Say which rules decide nothing."""
    billed = frozenset(one.source.name for one in parts.sources if isinstance(one, BigQuerySource))
    rulebook.dead(parts.rules, found, billed=billed, sources=frozenset(one.source.name for one in parts.sources))


def _matchless(parts: Parts, stated: Conditions, path: Place, prefix: str, found: Findings) -> None:
    for pattern in sorted(stated.tags or ()):
        if not any(globs.matches(pattern, tag) for tag in parts.tags):
            found.warn((*path, f"{prefix}tags"), f'no column carries a tag like "{pattern}"')
    said = [one.groups for one in parts.issuers]
    if any(groups is None for groups in said):
        return
    known = {
        f"{one.directory}:{group}" if parts.several else group for one in parts.issuers for group in one.groups or ()
    }
    for group in sorted((stated.groups or frozenset()) - known):
        found.warn((*path, f"{prefix}groups"), f'no [[identity]] may assert the group "{group}"{nearest(group, known)}')


def _unmask(parts: Parts, found: Findings) -> None:
    for number, rule in enumerate(parts.rules):
        path = ("rule", str(number), "unmask")
        for what in sorted(rule.effects.unmask):
            tags = _tags_of(parts, what)
            if not tags:
                found.error(path, f'"{what}" is no tag and no tagged column of any Source')
            for tag in sorted(tags):
                if not globs.fits(parts.owners, tag):
                    found.error(path, f'the tag "{tag}" has no owner under [owner], so nobody can agree to it')
        if rule.effects.unmask:
            _unmasking_sources(parts, rule, path, found)


def _copies(parts: Parts, found: Findings) -> None:
    """Only between columns of one tag: elsewhere the copy would be shown as it is, or under another mask."""
    for number, rule in enumerate(parts.rules):
        for text in sorted(rule.effects.copies):
            source, _, target = text.partition(" -> ")
            if not _tags_of(parts, source) & _tags_of(parts, target):
                found.error(("rule", str(number), "copies"), f'"{text}": both columns need the same tag first')


def _aggregates(parts: Parts, found: Findings) -> None:
    for one in parts.sources:
        for column in sorted(one.source.aggregated):
            path = ("source", one.source.name, "aggregate", column)
            tags = _tags_of(parts, column)
            if not tags:
                found.error(path, f'"{column}" is no tagged column of any Source')
            for tag in sorted(tags):
                if not globs.fits(parts.owners, tag):
                    found.error(path, f'the tag "{tag}" has no owner under [owner], so nobody answers for its totals')
            if isinstance(one, PostgresSource) and one.source.enforced and one.unmask_url is None:
                found.error(path, f"[source.{one.source.name}] has no unmask_url to ask totals by")


def _tags_of(parts: Parts, what: str) -> frozenset[str]:
    columns = (
        one.source.tags.get(what) or one.source.tags.get(f"{what.rpartition('.')[0]}.*") for one in parts.sources
    )
    return frozenset(tag for tag in parts.tags if globs.matches(what, tag)) | frozenset(tag for tag in columns if tag)


def _unmasking_sources(parts: Parts, rule: Rule, path: Place, found: Findings) -> None:
    for one in parts.sources:
        concerned = rule.when.sources is None or one.source.name in rule.when.sources
        if concerned and isinstance(one, PostgresSource) and one.source.enforced and one.unmask_url is None:
            found.error(path, f"[source.{one.source.name}] has no unmask_url to unmask by")
