# make demo: the main job on sample data. make test: all checks. Each does its own set-up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test fuzz bench kernels generated format clean

demo: $(STAMP)
	$(BIN)/xlclv demo xlclv-demo

test: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -q

# The property tests again, with a hundred times as many examples.
fuzz: $(STAMP)
	$(BIN)/pytest -q -p no:cacheprovider --hypothesis-profile=fuzz -m hypothesis tests

bench: $(STAMP)
	$(BIN)/python benchmarks/refresh.py
	$(BIN)/python benchmarks/models.py
	$(BIN)/python benchmarks/rewards.py

# The forecast on every kernel of the linear algebra library that this processor can run.
kernels: $(STAMP)
	$(BIN)/python tools/kernels.py

# Build the files made from code anew; tests compare them with it.
generated: $(STAMP)
	$(BIN)/python tools/generated.py
	$(BIN)/xlclv template workbook_templates/xlclv.xlsx --replace

format: $(STAMP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) xlclv-demo

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet -e ".[test]"
	touch $@
