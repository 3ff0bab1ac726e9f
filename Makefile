# make demo: the main job on sample data. make test: all checks; make quick: most of them, in a
# minute. Each does its own set-up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PYTEST := $(BIN)/pytest -q -n auto --dist loadgroup

.PHONY: demo test quick fuzz bench kernels long wasm docs gallery wheel generated format clean \
	shops consent validate windows books faults mutants

demo: $(STAMP)
	$(BIN)/xlclv demo xlclv-demo

test: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(PYTEST)

# What is quick: no real Calc, no whole refreshes, few examples of the property tests.
quick: $(STAMP)
	$(BIN)/ruff check .
	$(PYTEST) -m "not slow" --hypothesis-profile=quick

# The property tests again, with a hundred times as many examples.
fuzz: $(STAMP)
	$(PYTEST) -p no:cacheprovider --hypothesis-profile=fuzz -m hypothesis tests

# Who said No is on no list: ten thousand books instead of some hundred.
consent: $(STAMP)
	XLCLV_BOOKS=10000 $(PYTEST) -p no:cacheprovider tests/analysis/contacts/test_consent.py

# Hundreds of made-up books: every part that is not ours stays the same, byte for byte.
books: $(STAMP)
	XLCLV_BOOKS=300 $(PYTEST) -p no:cacheprovider tests/refresh/made_up

# Kills and failing calls, at every call of the system: the old or the new, and nothing else.
faults: $(STAMP)
	$(BIN)/python tools/faults.py

# Thousands of damaged books: refused in plain words or read, within limits of time and memory.
mutants: $(STAMP)
	$(BIN)/python tools/mutants.py

bench: $(STAMP)
	$(BIN)/python benchmarks/calls.py
	$(BIN)/python benchmarks/refresh.py
	$(BIN)/python benchmarks/retail.py
	$(BIN)/python benchmarks/models.py --install $(VENV)/peers
	$(BIN)/python benchmarks/rewards.py

# The forecast on every kernel of the linear algebra library that this processor can run.
kernels: $(STAMP)
	$(BIN)/python tools/kernels.py

# Microsoft's validator over every kind of file we write; .ci/install_validator.sh brings it.
validate: $(STAMP)
	$(BIN)/python tools/validate.py

# The way from a cell of Excel to Python for Windows, under Wine.
windows: $(STAMP)
	$(BIN)/python tools/windows/run.py

# A hundred thousand different tables and calls: memory stays bounded, every answer is its own.
long: $(STAMP)
	$(BIN)/python tools/long_session.py

# Lite's functions and scripts in 32-bit WebAssembly; the first start compiles for minutes.
wasm: $(STAMP)
	$(BIN)/python -m pip install --quiet -e ".[test,wasm]"
	$(BIN)/python tools/wasm.py

# The verdict on forecasts of made-up shops of ten kinds, beside what came; takes half an hour.
shops: $(STAMP)
	$(BIN)/python tools/shops.py

# The site, from the pages in docs/: docs/_site/index.html. A link that leads nowhere stops it.
docs: $(STAMP)
	$(BIN)/python -m pip install --quiet -e ".[docs]"
	$(BIN)/sphinx-build -q -W --keep-going --fresh-env docs docs/_site

# The images of docs/gallery, by a real LibreOffice and poppler.
gallery: $(STAMP)
	$(BIN)/python tools/gallery.py
	$(BIN)/python tools/generated.py

# What is published: dist/. XLCLV_HOME is the address of the repository.
wheel: $(STAMP)
	$(BIN)/python -m pip install --quiet -e ".[publish]"
	rm -rf dist
	$(BIN)/python -m build
	$(BIN)/twine check --strict dist/*

# Build the files made from code anew; tests compare them with it.
generated: $(STAMP)
	$(BIN)/python tools/generated.py
	$(BIN)/xlclv template workbook_templates/xlclv.xlsx --replace

format: $(STAMP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) xlclv-demo dist docs/_site

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet -e ".[test]"
	touch $@
