# Every developer command. `make` alone lists them.

PYTHON ?=
VENV := .venv
BIN := $(VENV)/bin
# One stamp for each Python that was asked for: another PYTHON= makes the environment anew.
NAME := $(subst /,_,$(or $(PYTHON),default))
INSTALLED := $(VENV)/.installed-$(NAME)
DEVELOP := $(VENV)/.develop-$(NAME)
RELEASE := $(VENV)/.release-$(NAME)

.DEFAULT_GOAL := help
.PHONY: help demo test check bench map measure evaluate evaluate-submissions fuzz fuzz-guided hostile disguise rebuilt dist lock audit-deps pythons golden clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-20s %s\n", $$1, $$2 }' Makefile
	@echo "PYTHON=python3.12 chooses the interpreter; without it the first one that is new enough is taken."

demo: $(INSTALLED) ## install into .venv, scan the bundled pair, write demo-report.html and demo-report.json
	@$(BIN)/simdetect scan fixtures/demo/submission fixtures/demo/original \
		--html demo-report.html --json demo-report.json; code=$$?; \
	if [ $$code -ne 1 ]; then echo "make demo: expected exit code 1 (evidence found), got $$code" >&2; exit 1; fi
	@echo
	@echo "Written: demo-report.html (open it in a browser), demo-report.json"
	@echo "What is recalled there and what is not: fixtures/demo/TRUTH.md"

test: $(DEVELOP) ## install with the development tools, run the tests
	@$(BIN)/python -m tests.browser
	@$(BIN)/python -m pytest -n auto

check: $(DEVELOP) ## formatting, lint, types, duplicated code
	@$(BIN)/ruff format --check
	@$(BIN)/ruff check
	@$(BIN)/mypy --strict
	@$(BIN)/python scripts/check_duplicates.py

bench: $(DEVELOP) ## measure speed, memory, index size and growth on real sources (scripts/bench*.py); fails over a bar
	@$(BIN)/python scripts/bench_scale.py $(BENCH)
	@echo "Written: build/bench/scale.json, build/bench/growth.png"
	@$(BIN)/python scripts/bench.py $(BENCH)

map: $(DEVELOP) ## the plan of the package in numbers, each with its target (scripts/map.py); MAP=-v lists what counts
	@$(BIN)/python scripts/map.py --check $(MAP)

measure: $(DEVELOP) ## how long HTML reports take in Chromium, of the demo and of 10,000 files; fails when too long
	@$(BIN)/simdetect scan fixtures/demo/submission fixtures/demo/original -q --fail-on never --html demo-report.html
	@$(BIN)/python scripts/measure_report.py demo-report.html

evaluate: $(DEVELOP) ## measure recall and false positives on pairs made of the demo (scripts/evaluate.py)
	@$(BIN)/python scripts/fixture_pairs.py build/evaluate
	@$(BIN)/python scripts/evaluate.py build/evaluate/pairs.jsonl --work build/evaluate/work --as-shipped \
		-o build/evaluate
	@echo "Written: build/evaluate/summary.md, with the spans of the worst files"

evaluate-submissions: $(DEVELOP) ## verdicts of submissions: FOLDER= originals of the rebuilt programs, MEMORY=, TRANSLATIONS=; PAIRS= more options
	@$(BIN)/python scripts/evaluate_submissions.py build/submissions $(if $(FOLDER),--rebuilt $(FOLDER)) \
		$(if $(MEMORY),--memory $(MEMORY)) $(if $(TRANSLATIONS),--translations $(TRANSLATIONS)) $(PAIRS)
	@echo "Written: build/submissions/summary.md, rows-*.jsonl"

fuzz: $(DEVELOP) ## a minute of mutated files through every grammar and reader; FUZZ="--seconds 3600 FOLDER" for more
	@$(BIN)/python scripts/fuzz.py $(FUZZ)

fuzz-guided: $(DEVELOP) ## the same of one reader, guided by coverage; GUIDED="archive:zip --seconds 600" chooses
	@$(BIN)/python -m pip install --quiet --editable '.[fuzz]'
	@$(BIN)/python scripts/fuzz_guided.py $(or $(GUIDED),archive:tar)

dist: $(RELEASE) ## build sdist and wheel twice and compare them (DIST=--test: run the tests of the sdist)
	@$(BIN)/python scripts/build_dist.py $(DIST)

lock: $(RELEASE) ## renew requirements-dev.lock: versions and digests of the development environment
	@$(BIN)/pip-compile --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras --no-header \
		--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options \
		--extra dev --extra release -o requirements-dev.lock pyproject.toml

audit-deps: $(RELEASE) ## known vulnerabilities of what requirements-dev.lock names (pip-audit; needs its service)
	@$(BIN)/pip-audit --strict --require-hashes --disable-pip --progress-spinner off -r requirements-dev.lock

pythons: ## the same report from every Python that is found (scripts/check_pythons.py)
	@sh scripts/venv.sh $(VENV) "$(PYTHON)"
	@$(BIN)/python scripts/check_pythons.py

hostile: $(DEVELOP) ## scan the hostile corpus in full size, check outcomes, time, memory (scripts/scan_hostile.py)
	@$(BIN)/python scripts/scan_hostile.py

disguise: $(DEVELOP) ## measure recall of disguised originals; FOLDER= holds the repositories of scripts/data/disguised.jsonl
	@test -d "$(FOLDER)" || { echo "make disguise FOLDER=DIR: see docs/disguise.md" >&2; exit 2; }
	@$(BIN)/python scripts/measure_disguise.py "$(FOLDER)" -o build/disguise
	@echo "Written: build/disguise/bars.md, planted.md, curves.md, curves.png"

rebuilt: $(DEVELOP) ## measure on programs that a model rebuilt; FOLDER= holds their originals, MEMORY= texts from memory, TRANSLATIONS= translated functions
	@test -d "$(FOLDER)" || { echo "make rebuilt FOLDER=DIR [MEMORY=DIR] [TRANSLATIONS=DIR]: see docs/rebuilt.md" >&2; exit 2; }
	@$(BIN)/python scripts/measure_rebuilt.py "$(FOLDER)" $(if $(MEMORY),--memory "$(MEMORY)") \
		$(if $(TRANSLATIONS),--translations "$(TRANSLATIONS)") -o build/rebuilt $(REBUILT)
	@echo "Written: build/rebuilt/table.md, rows.json"

golden: $(DEVELOP) ## rewrite golden files, schemas and the generated parts of the README, show what changed
	@$(BIN)/python scripts/update_golden.py
	@$(BIN)/python scripts/update_schema.py
	@$(BIN)/python scripts/update_readme.py
	@$(BIN)/python scripts/update_method.py
	@$(BIN)/python scripts/update_security.py

clean: ## remove the environment, caches and demo reports
	@rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis demo-report.html demo-report.json
	@find src tests scripts -name __pycache__ -type d -prune -exec rm -rf {} +

$(INSTALLED): pyproject.toml scripts/venv.sh
	@sh scripts/venv.sh $(VENV) "$(PYTHON)"
	@echo "Installing simdetect into $(VENV) (once)"
	@$(BIN)/python -m pip install --quiet --editable .
	@$(BIN)/python -m compileall -q src # also where the environment forbids Python to keep byte code
	@touch $@

$(DEVELOP): pyproject.toml scripts/venv.sh
	@sh scripts/venv.sh $(VENV) "$(PYTHON)"
	@echo "Installing simdetect and its development tools into $(VENV) (once)"
	@$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@$(BIN)/python -m compileall -q src
	@touch $(INSTALLED) $@

$(RELEASE): $(DEVELOP)
	@$(BIN)/python -m pip install --quiet --editable '.[dev,release]'
	@touch $@
