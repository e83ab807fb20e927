# The two commands of a newcomer are `make run` and `make test`; `make check` is for who changes something.
.PHONY: run test check format lint types contracts translations migrations bench shots lock fix
MAKEFLAGS += --no-print-directory
PY := .venv/bin/python
BOOTSTRAP := @command -v python3 >/dev/null || { echo 'Run:  sudo apt-get install -y python3-venv'; exit 2; }; \
	python3 .ci/bootstrap.py

run: ## Set up, then serve on 127.0.0.1:$PORT with the data in $INTERVENTION_HOME
	$(BOOTSTRAP) serve --install

test: ## Set up the machine too, then run every test; ARGS="tests/web -k agenda" runs some
	$(BOOTSTRAP) dev --install
	@$(PY) -m tests.machine
	@$(PY) -m pytest --numprocesses=auto --dist=worksteal $(ARGS)

check: ## Everything that is decided without running the product; says all that is wrong, not the first thing
	$(BOOTSTRAP) dev --install
	@$(MAKE) --keep-going format lint types contracts translations migrations

format:
	@$(PY) -m ruff format --check --quiet . || { echo 'make fix formats them'; exit 1; }

lint:
	@$(PY) -m ruff check --quiet .

types:
	@$(PY) -m mypy

contracts:
	@.venv/bin/lint-imports --no-cache --no-logo

translations:
	@$(PY) .ci/check_translations.py

migrations:
	@$(PY) .ci/check_migrations.py

fix: ## Format, and mend what the linter can mend
	$(BOOTSTRAP) dev
	@$(PY) -m ruff check --fix --quiet . ; $(PY) -m ruff format --quiet .

bench: ## Measurements side by side, ratios first; ONLY=feeds runs one of them
	$(BOOTSTRAP) dev
	@$(PY) -m benchmarks $(ONLY)

shots: ## Screenshots of every main page into build/shots
	$(BOOTSTRAP) dev --install
	@$(PY) -m tests.machine
	@$(PY) -m tests.browser.shots

lock: ## Resolve the newest releases again into requirements/*.txt
	@.ci/lock
