"""Jobs hold in every interleaving of requests, answers and replicas; wrong designs are caught, the product agrees."""

from __future__ import annotations

from typing import Any, Final

import pytest

from core.connectors.bigquery.job import VOID, became
from tests.model import jobs
from tests.model.jobs import SMALL, WRONG, Job, World, design
from tests.model.search import search

ERROR: Final = {"errorResult": {"reason": "backendError"}}


def resource(job: Job) -> dict[str, Any]:
    """Write a job of the model as the service does."""
    state: dict[str, Any] = {"state": "RUNNING" if job.state == "running" else "DONE"}
    labels = {} if job.real else {VOID: "1"}
    failed = {"failed": ERROR, "stopped": {"errorResult": {"reason": "stopped"}}}
    return {"configuration": {"labels": labels}, "status": state | failed.get(job.state, {})}


@pytest.mark.parametrize("name", SMALL)
def test_jobs_hold_in_every_interleaving_and_the_product_reads_each_of_them_alike(name: str) -> None:
    seen: set[tuple[str, bool]] = set()

    def agrees(world: World) -> None:
        for job in world.jobs:
            if (job.state, job.real) not in seen:
                seen.add((job.state, job.real))
                assert became(resource(job)) == jobs.became(job)

    result = search(design(SMALL[name]), seen=agrees)
    assert (result.broken, result.steps) == ("", ())
    assert seen == {("running", True), ("done", True), ("failed", True), ("stopped", True), ("done", False)}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_design_of_jobs_breaks_its_law(wrong: str) -> None:
    flow, law = WRONG[wrong]
    assert search(design(flow._replace(wrong=wrong), law)).broken == law
