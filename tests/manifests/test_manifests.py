"""What runs Assent elsewhere: closed containers, one way in to a Source, each role its own secrets, alerts told of."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from core.errors import SettingsError
from core.settings import Role, load
from core.telemetry.meters import METERS, Kind
from tests.manifests.reading import (
    COMPOSE,
    KUBERNETES,
    OVERLAYS,
    PODS,
    ROOT,
    SECRET,
    Pod,
    compose,
    documents,
    made,
    of,
    overlay,
    pods,
)

EVERY = [pytest.param(name, pod, id=f"{name}-{pod.name}") for name in PODS for pod in pods(name)]
SERVING = [pytest.param(name, pod, id=f"{name}-{pod.name}") for name in PODS for pod in pods(name) if pod.ports]
SERVED = {"/healthz", "/readyz"}
KEYS = {"questions", "results", "mask", "signing"}


# ---------------------------------------------------------------- containers


@pytest.mark.parametrize(("name", "pod"), EVERY)
def test_a_pod_may_do_nothing_that_it_need_not(name: str, pod: Pod) -> None:
    assert name in PODS
    whole, one = pod.spec["securityContext"], pod.container["securityContext"]
    assert (whole["runAsNonRoot"], whole["runAsUser"], whole["runAsGroup"], whole["fsGroup"]) == (True, *[10_001] * 3)
    assert whole["seccompProfile"] == {"type": "RuntimeDefault"}
    assert one == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert pod.spec["automountServiceAccountToken"] is False
    assert pod.container["resources"]["limits"]["memory"]
    assert "env" not in pod.container
    kinds = {volume["name"]: set(volume) - {"name"} for volume in pod.spec["volumes"]}
    assert kinds["tmp"] == {"emptyDir"}
    assert {"secret"} == kinds["secrets"]
    modes = {volume["name"]: volume.get("secret", {}).get("defaultMode") for volume in pod.spec["volumes"]}
    assert modes["secrets"] == 0o440
    writable = {mount["name"] for mount in pod.container["volumeMounts"] if not mount.get("readOnly")}
    assert writable <= {"tmp", "state"}


@pytest.mark.parametrize(("name", "pod"), SERVING)
def test_probes_ask_what_is_served_and_a_drain_has_its_time(name: str, pod: Pod) -> None:
    for kind in ("startupProbe", "livenessProbe", "readinessProbe"):
        asked = pod.container[kind]["httpGet"]
        assert (asked["path"] in SERVED, asked["port"] in pod.ports) == (True, True)
    assert pod.container["livenessProbe"]["httpGet"]["path"] == "/healthz"  # never what depends on the store
    assert pod.container["readinessProbe"]["httpGet"]["path"] == "/readyz"
    if pod.role != "signer":
        assert pod.spec["terminationGracePeriodSeconds"] > 35 + 5  # mcp_server.listen.GRACE, and preStop
    text = (OVERLAYS / name / "assent.toml").read_text()
    listened = tomllib.loads(text)
    assert listened["metrics"]["listen"] == f"0.0.0.0:{pod.ports['metrics']}"
    if "agents" in pod.ports:
        assert listened["gateway"]["listen"] == f"0.0.0.0:{pod.ports['agents']}"
    if "people" in pod.ports:
        assert listened["console"]["listen"] == f"0.0.0.0:{pod.ports['people']}"


def test_the_image_runs_as_the_user_that_the_manifests_name() -> None:
    text = (ROOT / "Dockerfile").read_text()
    assert re.findall(r"^USER (.+)$", text, re.MULTILINE) == ["10001:10001"]
    assert "HEALTHCHECK" in text
    assert not re.search(r"curl|wget|apt-get", text)
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    copied = set(re.findall(r"^COPY (\w+) /src/\w+$", text, re.MULTILINE))
    assert copied == set(packages["packages"])
    assert {"demo", "bench", "tests"}.isdisjoint(copied)
    let_in = {line.strip("!/\n") for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert copied <= let_in


def test_no_image_floats_and_nothing_secret_stands_in_a_manifest() -> None:
    for path in (*KUBERNETES.rglob("*.yaml"), COMPOSE / "compose.yaml"):
        text = path.read_text()
        assert ":latest" not in text
        assert not re.search(r"(?i)password\s*[:=]\s*['\"]?[A-Za-z0-9]", text), path
        assert not of(list(yaml.safe_load_all(text)), "Secret") if "kind:" in text else True


@pytest.mark.parametrize("name", PODS)
def test_only_a_store_of_many_writers_has_many_processes(name: str) -> None:
    store = tomllib.loads((OVERLAYS / name / "assent.toml").read_text())["gateway"]["store"]
    many = [pod for pod in pods(name) if pod.replicas > 1]
    assert bool(many) is not store.startswith("sqlite:")
    for one in of(overlay(name), "Deployment"):
        if store.startswith("sqlite:") or one["metadata"]["name"] == "signer":
            assert one["spec"]["strategy"] == {"type": "Recreate"}
        else:
            assert one["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0


def test_replicas_scale_drain_one_at_a_time_and_a_job_brings_their_store_forward() -> None:
    found = overlay("ha")
    replicas = {pod.name: pod.replicas for pod in pods("ha")}
    (scaler,) = of(found, "HorizontalPodAutoscaler")
    assert scaler["apiVersion"] == "autoscaling/v2"
    assert scaler["spec"]["scaleTargetRef"] == {"apiVersion": "apps/v1", "kind": "Deployment", "name": "gateway"}
    assert scaler["spec"]["minReplicas"] == replicas["gateway"] >= 3
    budgets = {one["metadata"]["name"]: one["spec"] for one in of(found, "PodDisruptionBudget")}
    assert {name: spec["minAvailable"] for name, spec in budgets.items()} == {"gateway": 2, "people": 1}
    assert all(spec["minAvailable"] < replicas[name] for name, spec in budgets.items())  # else no node could be emptied
    assert {spec["unhealthyPodEvictionPolicy"] for spec in budgets.values()} == {"AlwaysAllow"}
    (job,) = of(found, "Job")
    assert job["spec"]["suspend"] is True  # nothing migrates by itself
    (container,) = job["spec"]["template"]["spec"]["containers"]
    assert container["args"][:2] == ["store", "migrate"]


@pytest.mark.parametrize("name", PODS)
def test_the_monitor_sees_each_process(name: str) -> None:
    (monitor,) = of(list(documents(OVERLAYS / "monitoring")), "ServiceMonitor")
    wanted = monitor["spec"]["selector"]["matchLabels"].items()
    watched = [one for one in of(overlay(name), "Service") if wanted <= one["metadata"].get("labels", {}).items()]
    for pod in pods(name):
        if pod.name != "migrate":
            assert any(one["spec"]["selector"].items() <= pod.labels.items() for one in watched), pod.name
    (endpoint,) = monitor["spec"]["endpoints"]
    assert all(endpoint["port"] in {port["name"] for port in one["spec"]["ports"]} for one in watched)


# ---------------------------------------------------------------- networks


@pytest.mark.parametrize("name", PODS)
def test_services_and_policies_select_what_there_is(name: str) -> None:
    found, labels = overlay(name), [pod.labels for pod in pods(name)]
    for service in of(found, "Service"):
        chosen = [pod for pod in pods(name) if service["spec"]["selector"].items() <= pod.labels.items()]
        assert chosen, service["metadata"]["name"]
        wanted = {port["targetPort"] for port in service["spec"]["ports"]}
        assert all(wanted <= pod.ports.keys() for pod in chosen)
    for kind in ("PodDisruptionBudget",):
        for one in of(found, kind):
            chosen_labels = one["spec"]["selector"]["matchLabels"].items()
            assert any(chosen_labels <= each.items() for each in labels)
    # Of databases, which the cluster's owner labels; and of a store that a file's process has none of.
    outside = {"assent-source", "assent-store", "assent-uses-store"}
    known = {key for each in labels for key in each} | outside
    for policy in of(found, "NetworkPolicy"):
        assert policy["spec"]["podSelector"].get("matchLabels", {}).keys() <= known


def policies() -> dict[str, Any]:
    return {one["metadata"]["name"]: one["spec"] for one in of(list(documents(KUBERNETES / "base")), "NetworkPolicy")}


def test_networks_are_closed_until_opened_and_a_source_hears_the_gateway_alone() -> None:
    found = policies()
    assert found["nothing"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    (rule,) = found["sources-from-gateway"]["ingress"]
    (peer,) = rule["from"]
    # Both selectors stand in one item: as two items each alone would open the door.
    assert peer == {
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "assent"}},
        "podSelector": {"matchLabels": {"assent-gateway": "true"}},
    }
    assert rule["ports"] == [{"protocol": "TCP", "port": 5432}]


def test_only_the_gateway_is_let_through_to_a_source() -> None:
    reaching = {
        name
        for name, spec in policies().items()
        for rule in spec.get("egress", ())
        for peer in rule.get("to", ())
        if "assent-source" in json.dumps(peer)
    }
    assert reaching == {"gateway"}
    (gateway,) = (pod for pod in pods("ha") if pod.role == "gateway")
    assert [pod.name for pod in pods("ha") if "assent-gateway" in pod.labels] == [gateway.name]


def test_no_role_reaches_the_metadata_server() -> None:
    for name, spec in policies().items():
        for rule in spec.get("egress", ()):
            for peer in rule.get("to", ()):
                assert peer.get("ipBlock", {"except": ["169.254.0.0/16"]})["except"] == ["169.254.0.0/16"], name


# ---------------------------------------------------------------- secrets


def needs(config: Path, role: Role, tls: str = "") -> set[str]:
    """Which files of secrets a process of a role cannot start without; `tls` is added to addresses of databases."""
    everything, text = made(), config.read_text()
    folder = config.parent / "secrets"
    folder.mkdir(exist_ok=True)
    names = set(SECRET.findall(text)) | {"store"}
    for name in names:
        (folder / name).touch(mode=0o600)
        content = everything.get(name, everything[f"{role.value}_store"])
        (folder / name).write_text(content + tls if content.startswith("postgresql://") else content)
    config.write_text(text.replace("/run/secrets", str(folder)))
    load(config, {}, roles=frozenset({role}))
    wanted = set()
    for name in names:
        content = (folder / name).read_text()
        (folder / name).unlink()
        try:
            load(config, {}, roles=frozenset({role}))
        except SettingsError:
            wanted.add(name)
        (folder / name).touch(mode=0o600)
        (folder / name).write_text(content)
    return wanted


@pytest.mark.parametrize("role", list(Role))
def test_each_container_has_the_secrets_of_its_role_and_no_other(role: Role, tmp_path: Path) -> None:
    config = tmp_path / "assent.toml"
    config.touch(mode=0o600)
    config.write_text((COMPOSE / "assent.toml").read_text())
    given = compose()["services"][role.value]["secrets"]
    names = {one["target"] if isinstance(one, dict) else one for one in given}
    assert names == needs(config, role)
    stores = {one["source"] for one in given if isinstance(one, dict)}
    assert stores == {f"{role.value}_store"}


def test_no_two_roles_share_a_secret_but_the_questions_key() -> None:
    services = compose()["services"]
    held = {
        role: {one["source"] if isinstance(one, dict) else one for one in services[role.value]["secrets"]}
        for role in Role
    }
    assert held[Role.GATEWAY] & held[Role.PEOPLE] == {"questions"}
    assert held[Role.SIGNER] & (held[Role.GATEWAY] | held[Role.PEOPLE]) == set()
    assert held[Role.SIGNER] & KEYS == {"signing"}
    assert not any(one.startswith("environment") for role in Role for one in services[role.value])


@pytest.mark.parametrize("role", list(Role))
def test_each_pod_mounts_the_secret_of_its_role_alone_and_the_guide_says_what_is_in_it(
    role: Role, tmp_path: Path
) -> None:
    (pod,) = (pod for pod in pods("ha") if pod.role == role.value)
    assert [one["secret"]["secretName"] for one in pod.spec["volumes"] if "secret" in one] == [f"assent-{role.value}"]
    config = tmp_path / "assent.toml"
    config.touch(mode=0o600)
    config.write_text((OVERLAYS / "ha" / "assent.toml").read_text())
    wanted = needs(config, role, "?sslmode=verify-full")
    guide = (ROOT / "docs/guides/kubernetes.md").read_text()
    (row,) = re.findall(rf"^\| `assent-{role.value}` \|(.*)\|$", guide, re.MULTILINE)
    assert set(re.findall(r"`(\w+)`", row)) == wanted


def test_containers_networks_leave_the_sample_database_to_the_gateway() -> None:
    found = compose()
    networks = {name: set(service.get("networks", ())) for name, service in found["services"].items()}
    assert {name for name, joined in networks.items() if "data" in joined} == {"gateway", "harden", "shop"}
    assert found["networks"]["data"] == found["networks"]["store"] == {"internal": True}
    assert {name for name, joined in networks.items() if "edge" in joined} == {"gateway"}
    for service in found["services"].values():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))


@pytest.mark.parametrize("name", ["gateway", "people", "signer", "setup", "harden", "logins", "dex"])
def test_a_container_may_do_nothing_that_it_need_not(name: str) -> None:
    service = compose()["services"][name]
    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    assert service["security_opt"] == ["no-new-privileges:true"]
    if "assent" in service["image"]:
        assert service["user"] == "10001:10001"
        assert service["tmpfs"] == ["/tmp:size=16m,noexec,nosuid"]


def test_what_is_made_for_the_containers_is_new_each_time() -> None:
    one, other = made(), made()
    assert {name for name in one if one[name] == other[name]} == {"assent.toml"}
    assert set(compose()["secrets"]) == set(one) - {"assent.toml"}


# ---------------------------------------------------------------- watching


def metrics(text: str) -> set[str]:
    return set(re.findall(r"\b(?:assent|mcp_server)_\w+", text))


def known() -> set[str]:
    suffixes = {Kind.COUNTER: ("_total",), Kind.GAUGE: ("",), Kind.HISTOGRAM: ("_bucket", "_sum", "_count")}
    return {f"{number.value}{suffix}" for number, meter in METERS.items() for suffix in suffixes[meter.kind]}


def test_alerts_and_dashboard_name_numbers_that_are_told() -> None:
    (rules,) = of(list(documents(OVERLAYS / "monitoring")), "PrometheusRule")
    expressions = [rule["expr"] for group in rules["spec"]["groups"] for rule in group["rules"]]
    board = json.loads((OVERLAYS / "monitoring/dashboard.json").read_text())
    drawn = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    assert metrics(" ".join(expressions + drawn)) <= known()
    told = {name.removesuffix("_total").removesuffix("_bucket") for name in metrics(" ".join(drawn))}
    assert {number.value for number in METERS} == told  # nothing is told that nobody looks at


def test_each_alert_has_its_paragraph() -> None:
    (rules,) = of(list(documents(OVERLAYS / "monitoring")), "PrometheusRule")
    named = [rule for group in rules["spec"]["groups"] for rule in group["rules"]]
    headings = re.findall(r"^## (\w+)$", (ROOT / "docs/guides/alerts.md").read_text(), re.MULTILINE)
    assert {rule["alert"] for rule in named} == set(headings)
    assert len(named) == len(headings)
    assert all(rule["annotations"]["runbook_url"].endswith(f"#{rule['alert'].lower()}") for rule in named)
    assert all(rule["labels"]["severity"] in {"warning", "critical"} for rule in named)
