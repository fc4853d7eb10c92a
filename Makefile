# The habits of this project. `make demo` and `make test` need python3 and make, nothing else.
PYTHON ?= python3
BIN = .venv/bin

.PHONY: demo test check rules docs golden models bench wheel hook constraints clean

demo: .venv/installed ## Scan the sample transcripts; results also go to demo-results.jsonl
	$(BIN)/convscan scan sample_transcripts/*.jsonl sample_transcripts/*.txt
	$(BIN)/convscan lint sample_transcripts/templates --isolated --no-cache --fail-on never
	$(BIN)/convscan scan sample_transcripts/*.jsonl sample_transcripts/*.txt --format jsonl --output demo-results.jsonl
	@echo "Results for programs: demo-results.jsonl"

test: .venv/installed-dev ## Run all tests
	$(BIN)/pytest -n auto

check: .venv/installed-dev ## Lint, types, imports, rules and their pages
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/convscan rules check
	$(BIN)/convscan rules docs --check
	$(BIN)/convscan formats docs --check

rules: .venv/installed ## Hold every rule to its examples
	$(BIN)/convscan rules check

docs: .venv/installed ## Write the pages of all rules and formats anew, from the rule files and the readers
	$(BIN)/convscan rules docs
	$(BIN)/convscan formats docs

golden: .venv/installed-dev ## Write the expected outputs anew; look at the difference before you commit it
	CONVSCAN_UPDATE_GOLDEN=1 $(BIN)/pytest -q tests/writers/test_text.py -k as_it_was_read_by_eye

models: .venv/installed ## Learn the fast model anew from the corpus
	$(BIN)/convscan train models/en/corpus --into models/en/fast

bench: .venv/installed-dev ## Print speed and memory, as ratios within one run
	$(BIN)/python benchmarks/speed.py
	$(BIN)/python benchmarks/memory.py
	$(BIN)/python benchmarks/startup.py
	$(BIN)/python benchmarks/length.py
	$(BIN)/python benchmarks/patterns.py
	$(BIN)/python benchmarks/ablation.py
	$(BIN)/python benchmarks/readings.py
	$(BIN)/python benchmarks/promises.py
	$(BIN)/python benchmarks/reasoning.py
	$(BIN)/python benchmarks/reasoning_cost.py
	$(BIN)/python benchmarks/lint.py

wheel: .venv/installed-dev ## Build the wheel and try it in an empty folder
	$(BIN)/python tests/wheel_smoke.py

hook: .venv/installed-dev ## Try the pre-commit hook from a clone of this checkout
	$(BIN)/python tests/hook_smoke.py

constraints: .venv/installed-dev ## Write down the versions that are installed now
	{ head -1 constraints.txt; $(BIN)/pip freeze --exclude-editable; } > constraints.new && mv constraints.new constraints.txt

clean:
	rm -rf .venv build dist demo-results.jsonl

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/installed: .venv/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@touch $@

.venv/installed-dev: .venv/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@ .venv/installed
