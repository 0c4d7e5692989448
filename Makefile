# Everything a newcomer, a contributor and CI run. `make demo` and `make test` need Python 3.11+ and nothing else.
PYTHON ?= python3
BIN := .venv/bin
RUNS := .venv/.runs
DEVELOPS := .venv/.develops
PEERS := .venv/.peers
BROWSER := .venv/.browser
SEED ?= 0
ROOMS ?=
BROUGHT ?=
MUTANTS := .venv/.mutants

.PHONY: demo test fast browser lint docs bench sizes mutants clean

demo: $(RUNS)  ## audit the bundled census data; leaves auditkit-demo.html
	$(BIN)/auditkit demo -o auditkit-demo.html

test: lint  ## everything that CI checks, but for the browser
	$(BIN)/python -m pytest -n 2
	@echo "left out: reports in a real browser; make browser opens them (it installs Chromium)"

fast: $(DEVELOPS)  ## the tests that end within three minutes
	$(BIN)/python -m pytest -n 2 -m "not slow"

browser: $(BROWSER)  ## opens reports in Chromium: faults, access, phones, print
	$(BIN)/python -m pytest tests/browser

lint: $(DEVELOPS)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/generate.py --check

docs: $(DEVELOPS)  ## write the pages that are made from the program
	$(BIN)/python docs/generate.py

bench: $(PEERS)  ## the speed claims, each beside a peer in the same run
	$(BIN)/python -m benchmarks

sizes: $(DEVELOPS)  ## 2,000 changed inputs, 100 ended runs, 100 attacked redacted reports, mining's errors (BROUGHT="--compas FILE --diabetes FILE"), claims of diff, lists against every list, costs foretold
	cd tests && ../$(BIN)/python -m fuzz --seed $(SEED)
	cd tests && ../$(BIN)/python -m mining --seed $(SEED) $(BROUGHT)
	cd tests && ../$(BIN)/python -m kill --seed $(SEED)
	cd tests && ../$(BIN)/python -m redact --seed $(SEED)
	cd tests && ../$(BIN)/python -m claims --seed $(SEED)
	cd tests && ../$(BIN)/python -m lists --seed $(SEED)
	cd tests && ../$(BIN)/python -m foretold

mutants: $(MUTANTS)  ## hours: small changes to gates, measures, confirm and certificates that no fast test sees (ROOMS="gates")
	cd tests && ../$(BIN)/python -m mutants $(ROOMS)

$(RUNS): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1" --constraint constraints.txt
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	touch $@

$(DEVELOPS): $(RUNS)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[all]" --group dev
	touch $@

$(BROWSER): $(DEVELOPS)
	tests/browser/chromium.sh
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group browser
	touch $@

# relfair comes alone: its table needs nothing that is not here, and its dependencies are half a gigabyte.
$(PEERS): $(DEVELOPS)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group bench
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --no-deps relfair
	touch $@

$(MUTANTS): $(DEVELOPS)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group mutants
	touch $@

clean:
	rm -rf .venv .mutants .mypy_cache .ruff_cache .pytest_cache .hypothesis
