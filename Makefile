# Two commands are enough on a new machine: `make demo` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/pip --disable-pip-version-check --quiet
ARGS ?=
SERVERS := prometheus prometheus-alertmanager chromium

.PHONY: demo test servers prove mutants clients check lint types contracts tables bench coverage lock clean

demo: .venv/core
	$(BIN)/fairway demo --force $(ARGS)

test: .venv/dev servers
	$(BIN)/python -m pytest $(ARGS)

# Programs that tests talk to, from Debian's packages. Where this may not install them, the tests say which are missing.
servers:
	@for each in $(SERVERS); do command -v $$each >/dev/null || missing=1; done; \
	if [ -n "$$missing" ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get install -y -qq $(SERVERS) >/dev/null || { apt-get update -qq && apt-get install -y -qq $(SERVERS) >/dev/null; }; \
	fi

check: lint types contracts

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/dev
	$(BIN)/mypy

contracts: .venv/dev
	$(BIN)/lint-imports

# Every step of each life swept, two thousand random plays, the bugs that must be found, all chaos scenes, a simulated day, plans
# flown on drills, processes killed twenty times, two hundred cases of each path of the API, ten thousand fuzzed requests, what gates
# let through at their bounds, and all scenes on both databases.
prove: .venv/dev
	$(BIN)/python -m fairway.proving $(ARGS)
	FAIRWAY_PROVE=whole $(BIN)/python -m pytest tests/prove/test_planted_bugs.py -s -n 0
	FAIRWAY_PROVE=whole $(BIN)/python -m pytest tests/prove/test_chaos.py tests/prove/test_soak.py -s -n 0
	FAIRWAY_PROVE=whole $(BIN)/python -m pytest tests/scenes/test_plans_are_flown_on_drills.py tests/scenes/test_a_night_with_six_faults.py -s -n 0
	FAIRWAY_PROVE=whole $(BIN)/python -m pytest tests/scenes/test_same_seed_same_journal.py tests/clients/test_shipped_plans_are_flown.py -n 2
	FAIRWAY_PROVE=whole $(BIN)/python -m pytest tests/clients/real_time/test_up.py tests/clients/real_time/test_run_in_real_time.py -s -n 0
	FAIRWAY_PROVE=whole $(BIN)/python -m pytest tests/clients/test_api_schema.py tests/clients/test_api_bad_input.py -s -n 0
	FAIRWAY_PROVE=whole $(BIN)/python -m pytest tests/clients/test_panel_pages.py -n 0
	$(BIN)/python -m scripts.gates_table --measure --check
	FAIRWAY_TEST_STORE=sqlite $(BIN)/python -m pytest tests/scenes -m "not in_memory"
	FAIRWAY_TEST_STORE=postgres $(BIN)/python -m pytest tests/scenes -m "not in_memory"

# Changes the code one line at a time and lists the changes that no test notices. See docs/explanation/proving.md.
mutants: .venv/dev
	$(BIN)/python -m scripts.mutants $(ARGS)

# Clients of other projects, each in an environment of its own, against the served practice exchange. See docs/reference/practice-exchange.md.
clients: .venv/dev
	$(BIN)/python -m clients $(ARGS)

# Writes the tables of the documentation from the code that owns them.
tables: .venv/dev
	for each in scripts/*_table.py scripts/launch_tables.py scripts/lifecycles.py; do $(BIN)/python -m scripts.$$(basename $$each .py) || exit 1; done

bench: .venv/dev
	$(BIN)/python -m bench --write $(ARGS)

coverage: .venv/dev
	$(BIN)/coverage run -m pytest
	$(BIN)/coverage report

# --no-emit-index-url keeps every address out of the lock files.
lock: .venv/dev
	$(BIN)/uv pip compile -q --upgrade --generate-hashes --no-header --no-emit-index-url --python-version 3.11 pyproject.toml --group build -o requirements/core.txt
	$(BIN)/uv pip compile -q --upgrade --generate-hashes --no-header --no-emit-index-url --python-version 3.11 pyproject.toml --group dev -o requirements/dev.txt

.venv/core: requirements/core.txt pyproject.toml
	$(BIN)/pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	$(PIP) install --require-hashes -r requirements/core.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	touch $@

.venv/dev: requirements/dev.txt .venv/core
	$(PIP) install --require-hashes -r requirements/dev.txt
	touch $@

clean:
	rm -rf .venv .venv-clients fairway-demo build dist
