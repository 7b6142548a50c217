"""What operators ask and are told: holds, what would go, proposals and decisions."""

from __future__ import annotations

from collections.abc import Mapping

from cli.reach import Answer, People, moment, objects, part, word
from cli.show import fail, print_json, rows, say


def acts(people: People, *, as_json: bool) -> None:
    """List what waits."""
    found = people.get("acts")
    if as_json:
        print_json(found)
        return
    headers = ("act", "does", "of", "by", "until")
    found_acts = objects(found, "acts")
    told = ([*line(one, ("id", "does")), about(one), word(one, "by"), moment(one, "until")] for one in found_acts)
    rows(headers, told) if found_acts else say("nothing waits")


def line(one: Answer, names: tuple[str, ...]) -> list[str]:
    """Give some members as text."""
    return [word(one, name) for name in names]


def about(one: Answer) -> str:
    """Say what an act is about, a person by name; what the record calls them is for programs."""
    said = {**part(one, "of"), **({"id": word(one, "name")} if word(one, "name") else {})}
    return " ".join(f"{name}={value}" for name, value in said.items())


def propose(people: People, does: str, of: Mapping[str, str], *, as_json: bool) -> None:
    """Propose, and say who has to do what next."""
    found = people.post("acts", body={"does": does, "of": dict(of)})
    if as_json:
        print_json(found)
        return
    say(f"proposed {word(found, 'id')}: {does} {about(found)}".rstrip())
    say(f"another operator decides until {moment(found, 'until')}: assent act approve {word(found, 'id')}")


def decide(people: People, name: str, decision: str, *, as_json: bool) -> None:
    """Decide a proposal."""
    found = people.post("acts", name, "decision", body={"decision": decision})
    if as_json:
        print_json(found)
    else:
        say(word(found, "message"))


def holds(people: People, *, as_json: bool) -> None:
    """List the holds."""
    found = people.get("holds")
    if as_json:
        print_json(found)
    else:
        held = objects(found, "holds")
        rows(("kind", "name"), (line(one, ("kind", "name")) for one in held)) if held else say("nothing is held")


def hold(people: People, one: Mapping[str, str], *, as_json: bool) -> None:
    """Set a hold."""
    found = people.post("holds", body=dict(one))
    if as_json:
        print_json(found)
    else:
        say(f"held: {word(found, 'kind')} {word(found, 'name')}")


def block(people: People, one: Mapping[str, str], until: str | None, *, as_json: bool) -> None:
    """Stop somebody."""
    found = people.post("blocks", body={**one, "until": until})
    if as_json:
        print_json(found)
        return
    for made in objects(found, "blocks"):
        end = moment(made, "until")
        say(f"stopped: {word(made, 'kind')} {word(made, 'id')}".rstrip() + (f" until {end}" if end else ""))


def blocks(people: People, *, as_json: bool) -> None:
    """List who is stopped."""
    found = people.get("blocks")
    if as_json:
        print_json(found)
        return
    names, stopped = ("kind", "name", "until", "id"), objects(found, "blocks")
    told = ([*line(one, names[:2]), moment(one, "until"), word(one, "id")] for one in stopped)
    rows(names, told) if stopped else say("nobody is stopped")


def due(people: People, *, as_json: bool) -> None:
    """Show what the next sweep would end."""
    found = people.get("retention")
    if as_json:
        print_json(found)
        return
    names = ("purpose", "source", "oldest", "keys", "held")
    ends, heads = objects(found, "due"), ("of", "source", "since", "data keys", "held")
    rows(heads, (line(one, names) for one in ends)) if ends else say("nothing is due")
    for title in ("in_force", "configured"):
        terms = ", ".join(f"{name}: {days or 'for ever'}" for name, days in part(found, title).items())
        say(f"{title.replace('_', ' ')}, in days: {terms or 'everything for ever'}")
    if found.get("waits"):
        say(f"nothing since {word(found, 'waits')} ends by age: a required sink has not taken its Entries yet")


def keys(people: People, *, as_json: bool) -> None:
    """List [keys] by their ids."""
    found = people.get("keys")
    if as_json:
        print_json(found)
        return
    names = ("purpose", "id", "state", "wraps")
    rows(("of", "id", "state", "data keys"), (line(one, names) for one in objects(found, "keys")))
    if any(word(one, "state") == "retired" for one in objects(found, "keys")):
        say("what is retired wraps nothing: take it out of the configuration and destroy its copies")
    for one in objects(found, "keys"):
        if word(one, "public"):
            say(f"{word(one, 'state')}: {word(one, 'public')}")


def rotate(people: People, purpose: str, name: str, *, as_json: bool) -> None:
    """Propose to go over to the key that was offered."""
    every = [one for one in objects(people.get("keys"), "keys") if word(one, "purpose") == purpose]
    offered = [word(one, "id") for one in every if word(one, "state") == "next"]
    if not name and len(offered) != 1:
        none = "none was offered: name the new key in [keys.next] and restart"
        fail(f"{purpose}: " + (f"several were offered, say --to {' or '.join(offered)}" if offered else none))
    propose(people, "keys.rotate", {"purpose": purpose, "id": name or offered[0]}, as_json=as_json)


def revoke(people: People, name: str, *, as_json: bool) -> None:
    """Propose that a former key that signs ends at once."""
    every = [one for one in objects(people.get("keys"), "keys") if word(one, "purpose") in {"signing", "minting"}]
    former = {word(one, "id"): word(one, "purpose") for one in every if word(one, "state") == "former"}
    if not name and not former:
        fail(
            "no former key is there: name a new one in [keys.next], restart, and assent keys rotate signing or minting"
        )
    if not name and len(former) > 1:
        fail(f"two former keys are there: say which, {' or '.join(former)}")
    meant = name or next(iter(former))
    propose(people, "keys.revoke", {"purpose": former.get(meant, "signing"), "id": meant}, as_json=as_json)
