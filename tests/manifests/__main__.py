"""Hold image, compose file and manifests to their own tools: `python -m tests.manifests`, from `make manifests`.

The tools come from `tools.lock` into build/tools. kubectl, which renders overlays, comes with the system: without
it they are read singly, and that is said.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import yaml

from tests.manifests.reading import COMPOSE, KUBERNETES, OVERLAYS, ROOT

TOOLS = ROOT / "build" / "tools" / "bin"
SCHEMAS = "1.32"  # of Kubernetes, as manifests/kubernetes/base/namespace.yaml enforces it
# Kinds of other makers, for which there is no schema here; any other WARN is a fault.
FOREIGN = ("ServiceMonitor", "PrometheusRule")
SBOM = ROOT / "build" / "sbom.json"


def run(*command: str | Path, given: str = "") -> tuple[int, str]:
    done = subprocess.run(
        [str(part) for part in command], input=given, capture_output=True, text=True, cwd=ROOT, check=False
    )
    return done.returncode, done.stdout + done.stderr


def faults() -> Iterator[str]:
    """Everything that a tool finds, a line or more each."""
    compose = COMPOSE / "compose.yaml"
    yield from found("hadolint", TOOLS / "hadolint", "Dockerfile")
    yield from found("yamllint", TOOLS / "yamllint", "--strict", "-c", "tests/manifests/yamllint.yaml", "manifests")
    yield from found("compose's schema", TOOLS / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", compose)
    if shutil.which("podman") is None:
        say("no podman here, without which podman-compose does not start: the compose file is held to its schema alone")
    else:
        yield from found("podman-compose", TOOLS / "podman-compose", "--file", compose, "config")
    for overlay in sorted(OVERLAYS.iterdir()):
        yield from rendered(overlay)
    yield from bill()


def found(name: str, *command: str | Path) -> Iterator[str]:
    code, said = run(*command)
    if code:
        yield f"{name}: {said.strip()}"


def rendered(overlay: Path) -> Iterator[str]:
    """Render an overlay and hold it to Kubernetes' own schemas."""
    if shutil.which("kubectl") is None:
        say("no kubectl here: overlays are read singly, not rendered")
        files = [*overlay.glob("*.yaml"), *(KUBERNETES / "base").glob("*.yaml")]
        text = "\n---\n".join(path.read_text() for path in files if path.name != "kustomization.yaml")
    else:
        code, text = run("kubectl", "kustomize", overlay)
        if code:
            yield f"{overlay.name}: {text.strip()}"
            return
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        file.write(text)
        file.flush()
        code, said = run(TOOLS / "kubernetes-validate", "--strict", "--kubernetes-version", SCHEMAS, file.name)
    warned = [line for line in said.splitlines() if "WARN" in line and not any(kind in line for kind in FOREIGN)]
    looked = sum("passed for resource" in line or "WARN" in line for line in said.splitlines())
    if code or warned or looked != sum(bool(one) for one in yaml.safe_load_all(text)):
        yield f"{overlay.name}: {said.strip()}"


def bill() -> Iterator[str]:
    """Write what the image holds, by CycloneDX, into build/sbom.json; a package without its hash is a fault."""
    SBOM.parent.mkdir(exist_ok=True)
    command = (TOOLS / "cyclonedx-py", "requirements", "--output-file", SBOM, "--pyproject", "pyproject.toml")
    yield from found("SBOM", *command, "runtime.lock")


def main() -> int:
    named = list(faults())
    say(
        "\n".join(named)
        or f"image, compose file and {len(list(OVERLAYS.iterdir()))} overlays hold; {SBOM.name} written"
    )
    return 1 if named else 0


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main())
