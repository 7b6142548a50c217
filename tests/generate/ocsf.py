"""Compiles the part of OCSF's published schema that our events use: `python -m tests.generate.ocsf CHECKOUT COMMIT`.

CHECKOUT is a git directory of ocsf/ocsf-schema (Apache-2.0), COMMIT the release's own. Descriptions are left out; what
a class or object inherits and includes is put in its place, with the profile that an attribute belongs to.
"""

from __future__ import annotations

import json
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

PLACE: Final = Path(__file__).parent.parent / "schemas" / "ocsf"
CLASSES: Final = (
    "events/application/datastore_activity",
    "events/application/api_activity",
    "events/iam/authentication",
)
PARENTS: Final = {
    "base_event": "events/base_event",
    "application": "events/application/application",
    "iam": "events/iam/iam",
}
OBJECTS: Final = [
    "actor",
    "api",
    "database",
    "message_context",
    "metadata",
    "network_endpoint",
    "policy",
    "product",
    "query_info",
    "request",
    "response",
    "rule",
    "service",
    "session",
    "table",
    "trace",
    "user",
]
KEPT: Final = ("requirement", "profile", "enum", "type", "is_array", "object_type", "constraints")


class Checkout:
    """Files of one commit."""

    def __init__(self, folder: str, commit: str) -> None:
        self._folder, self._commit = folder, commit
        self.dictionary = self.read("dictionary")
        self.categories = self.read("categories")["attributes"]

    def read(self, path: str) -> dict[str, Any]:
        shown = subprocess.run(
            ["git", "-C", self._folder, "show", f"{self._commit}:{path.removesuffix('.json')}.json"],
            check=True,
            capture_output=True,
        )
        found: dict[str, Any] = json.loads(shown.stdout)
        return found

    def whole(self, path: str) -> dict[str, Any]:
        """Put parents and profiles in place."""
        own = self.read(path)
        parent = own.get("extends")
        base = self.whole(PARENTS.get(parent) or f"objects/{parent}") if parent else {"attributes": {}}
        included: dict[str, Any] = {}
        for profile in own["attributes"].pop("$include", []):
            held = self.read(profile)
            for name, attribute in held["attributes"].items():
                included[name] = {**attribute, "profile": held["name"]}
        attributes = dict(base["attributes"])
        for name, attribute in (*included.items(), *own["attributes"].items()):
            before = attributes.get(name, {})
            enum = {**before.get("enum", {}), **attribute.get("enum", {})}
            attributes[name] = {**before, **attribute, **({"enum": enum} if enum else {})}
        return {**base, **own, "attributes": attributes}

    def compiled(self, path: str) -> dict[str, Any]:
        found = self.whole(path)
        attributes = {}
        for name, attribute in sorted(found["attributes"].items()):
            known = self.dictionary["attributes"].get(name, {})
            merged = {**known, **attribute, "enum": {**known.get("enum", {}), **attribute.get("enum", {})}}
            said = {key: merged[key] for key in KEPT if merged.get(key) not in (None, {})}
            if "enum" in said:
                said["enum"] = {key: value["caption"] for key, value in said["enum"].items()}
            attributes[name] = said
        return {
            "attributes": attributes,
            "constraints": found.get("constraints", {}),
            **({"uid": found["uid"], "category": found["category"]} if "uid" in found else {}),
        }


def types(checkout: Checkout) -> dict[str, Any]:
    kept = ("type", "regex", "range", "max_len", "values")
    return {
        name: {key: one[key] for key in kept if key in one}
        for name, one in checkout.dictionary["types"]["attributes"].items()
    }


def main(folder: str, commit: str) -> None:
    checkout = Checkout(folder, commit)
    made = {
        "source": "ocsf/ocsf-schema",
        "licence": "Apache-2.0, copyright OCSF a Series of LF Projects, LLC",
        "version": checkout.read("version")["version"],
        "commit": commit,
        "categories": {name: one["uid"] for name, one in checkout.categories.items()},
        "types": types(checkout),
        "classes": {path.rpartition("/")[2]: checkout.compiled(path) for path in CLASSES},
        "objects": {name: checkout.compiled(f"objects/{name}") for name in OBJECTS},
    }
    text = json.dumps(made, indent=1, sort_keys=True) + "\n"
    target = PLACE / f"ocsf-{made['version']}.json"
    target.write_text(text)
    (PLACE / "SHA256SUMS").write_text(f"{sha256(text.encode()).hexdigest()}  {target.name}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
