"""Verification's rules: each that is found is named, each that is named can be found."""

from __future__ import annotations

import re
from pathlib import Path

import core.audit
import core.stores.sqlite.check
from core.audit.verification.rules import RULES


def test_rules_found_are_rules_named() -> None:
    modules = (*Path(str(core.audit.__file__)).parent.rglob("*.py"), Path(core.stores.sqlite.check.__file__))
    text = "\n".join(module.read_text() for module in modules)
    found = set(re.findall(r'(?:yield|else) \(*"([a-z_]+)", ', text)) | set(re.findall(r'rule="([a-z_]+)"', text))
    assert found == set(RULES)
