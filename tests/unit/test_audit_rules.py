"""Verification's rules: each that is found is named, each that is named can be found."""

from __future__ import annotations

import re
from pathlib import Path

import core.audit.keys
import core.audit.manifest
import core.audit.shapes
import core.audit.verify
import core.stores.sqlite.check
from core.audit.rules import RULES


def test_rules_found_are_rules_named() -> None:
    modules = (
        core.audit.keys,
        core.audit.manifest,
        core.audit.shapes,
        core.audit.verify,
        core.stores.sqlite.check,
    )
    text = "\n".join(Path(str(module.__file__)).read_text() for module in modules)
    found = set(re.findall(r'yield \(?"([a-z_]+)"', text)) | set(re.findall(r'rule="([a-z_]+)"', text))
    assert found == set(RULES)
