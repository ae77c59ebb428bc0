# make train: the main job, on the embedded default. make test: every test. Each makes .venv if there is none.
PYTHON ?= python3
ARGS ?=

# Bytecode is made of what is imported, when it is: of all that is installed it would take a minute.
export PYTHONDONTWRITEBYTECODE =

.PHONY: train test check

train: .venv/train
	.venv/bin/python -m hpe.train $(ARGS)

# A process a core, each with one thread: more would wait for each other.
test: .venv/test
	OMP_NUM_THREADS=1 .venv/bin/python -m pytest --numprocesses auto --maxprocesses 4 --cov --cov-report=term-missing:skip-covered $(ARGS)

check: .venv/test
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy

# Debian's python3 has no ensurepip, so the environment is made empty and filled by the pip outside it.
.venv/bin/python:
	$(PYTHON) -m venv --without-pip .venv

.venv/train: setup.cfg pyproject.toml | .venv/bin/python
	$(PYTHON) -m pip --python .venv/bin/python install --no-compile --editable .
	touch $@

.venv/test: setup.cfg pyproject.toml | .venv/bin/python
	$(PYTHON) -m pip --python .venv/bin/python install --no-compile --editable '.[test]'
	touch $@ .venv/train
