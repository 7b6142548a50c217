"""What the manifests say, as the tests read it."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).parents[2]
MANIFESTS: Final = ROOT / "manifests"
KUBERNETES: Final = MANIFESTS / "kubernetes"
OVERLAYS: Final = KUBERNETES / "overlays"
COMPOSE: Final = MANIFESTS / "compose"
PODS: Final = ("single", "ha")  # overlays that run something of ours
SECRET: Final = re.compile(r'"file:/run/secrets/(\w+)"')

Document = Mapping[str, Any]


def documents(*folders: Path) -> Iterator[Document]:
    """Every object below these folders."""
    for folder in folders:
        for path in sorted(folder.rglob("*.yaml")):
            if path.name != "kustomization.yaml":
                yield from (one for one in yaml.safe_load_all(path.read_text()) if one)


def overlay(name: str) -> list[Document]:
    """The objects of an overlay, its base among them."""
    return list(documents(KUBERNETES / "base", OVERLAYS / name))


def of(found: list[Document], kind: str) -> list[Document]:
    return [one for one in found if one["kind"] == kind]


@dataclass(frozen=True)
class Pod:
    """A template of pods: who makes them, their labels, what they are."""

    name: str
    replicas: int
    labels: Mapping[str, str]
    spec: Document

    @property
    def container(self) -> Document:
        (one,) = self.spec["containers"]
        assert isinstance(one, dict)
        return one

    @property
    def ports(self) -> dict[str, int]:
        return {port["name"]: port["containerPort"] for port in self.container.get("ports", ())}

    @property
    def role(self) -> str:
        args = self.container["args"]
        return args[args.index("--role") + 1] if "--role" in args else ""


def pods(name: str) -> list[Pod]:
    return [
        Pod(
            name=one["metadata"]["name"],
            replicas=one["spec"].get("replicas", 1),
            labels=one["spec"]["template"]["metadata"]["labels"],
            spec=one["spec"]["template"]["spec"],
        )
        for one in overlay(name)
        if one["kind"] in {"Deployment", "Job"}
    ]


def compose() -> Document:
    found = yaml.safe_load((COMPOSE / "compose.yaml").read_text())
    assert isinstance(found, dict)
    return found


def made() -> Mapping[str, str]:
    """What `prepare.py` makes for the containers."""
    spec = importlib.util.spec_from_file_location("prepare", COMPOSE / "prepare.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found = module.contents()
    assert isinstance(found, dict)
    return found
