"""`assent policy apply`: the policy that an operator has read here, asked of the running gateway by its hash."""

from __future__ import annotations

from pathlib import Path

from cli import reach
from cli.reach import moment, part, word
from cli.show import print_json, say
from core.settings import load


def run(config: Path, url: str | None, token_file: Path | None, *, dry: bool, as_json: bool) -> None:
    """Ask for exactly the policy that this file says; the gateway reads its own, and refuses another.

    Raises: SettingsError for a file that would not be taken.
    """
    version = load(config, {}, roles=frozenset()).policy.version
    found = reach.people(config, url, token_file).post("policy", body={"policy": version, "dry": dry})
    if as_json:
        print_json(found)
        return
    widens = found.get("widens")
    for sentence in widens if isinstance(widens, list) else ():
        say(f"lets somebody do more: {sentence}")
    if found.get("in_force") is True:
        say(f"in force: {version}")
    elif found.get("act"):
        proposed = part(found, "act")
        say(
            f"proposed {word(proposed, 'id')}: it widens, so another operator decides until {moment(proposed, 'until')}"
        )
        say(f"assent act approve {word(proposed, 'id')}")
        say(f"whom it concerns: assent policy diff in-force {config} --store …, over what the record says was asked")
    else:
        say(f"{version} would " + ("wait for a second operator" if widens else "be in force at once"))
