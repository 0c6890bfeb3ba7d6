# Two commands do everything on a fresh machine: `make run` and `make test`.

# The national model: all 6,791 small areas, in about twenty seconds. `make run-districts` solves 309 districts, in seconds.
DISTRICTS := models/england-2019-districts.yaml
FULL := models/england-2019.yaml
# Written into each result, so that it can be traced to the code that made it.
COMMIT := $(shell git rev-parse --short HEAD 2>/dev/null)

# All 32,844 LSOAs; the public files that their tables are made from, where those are to be made anew.
LSOA := models/england-2019-lsoa.yaml
RAW :=

.PHONY: run run-districts lsoa scenarios guide walk-throughs test set-up set-up-tests fmt clippy unit docs bench figures

run: set-up
	@echo "== building bedalloc (the first build compiles the HiGHS solver: 4 to 8 minutes)"
	BEDALLOC_COMMIT="$(COMMIT)" cargo build --release --locked
	@echo "== solving the national model"
	./target/release/bedalloc solve $(FULL) -o results/england-2019
	@echo "== checking the result from its files alone"
	./target/release/bedalloc verify results/england-2019
	@echo "Done. By district, with the least and most beds of each region: make run-districts"

run-districts: set-up
	BEDALLOC_COMMIT="$(COMMIT)" cargo build --release --locked
	./target/release/bedalloc solve $(DISTRICTS) -o results/england-2019-districts
	./target/release/bedalloc verify results/england-2019-districts

# At full resolution: `make lsoa RAW=<folder of public files>` the first time, `make lsoa` from then on.
lsoa: set-up
	BEDALLOC_COMMIT="$(COMMIT)" cargo build --release --locked
	$(if $(RAW),./target/release/bedalloc import england-2019 --raw "$(RAW)" --areas lsoa)
	./target/release/bedalloc check $(LSOA)
	./target/release/bedalloc solve $(LSOA) -o results/england-2019-lsoa --verbose
	./target/release/bedalloc verify results/england-2019-lsoa

# Every shipped scenario, solved and verified; writes the tables of docs/scenarios.md. By district unless told
# otherwise: `make scenarios AREAS=msoa` takes most of an hour.
AREAS := district
scenarios: set-up
	BEDALLOC_COMMIT="$(COMMIT)" cargo build --release --locked
	bash scripts/scenarios.sh $(AREAS)

# Every check of the project, in one profile and one target folder, so that HiGHS is built once.
test: set-up-tests fmt clippy unit docs

fmt:
	@echo "== format"
	cargo fmt --check

clippy:
	@echo "== lints"
	cargo clippy --locked --all-targets -- -D warnings

unit:
	@echo "== unit, integration, property and golden tests"
	cargo test --locked

docs:
	@echo "== documentation"
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps

# The user guide as a book to open in a browser; `make test` builds it too and follows its links.
guide: set-up
	cargo test --locked --test guide
	@echo "Open target/guide/index.html"

# The walk-throughs and the tutorial, written anew from what the program says now.
walk-throughs: set-up
	UPDATE_DOCS=1 cargo test --locked --test walk_throughs

bench: set-up
	cargo bench --locked --bench network --bench national

# The figures of benches/scale.md, benches/methods.md and benches/methods-msoa.md: an hour or two on a quiet machine.
figures: set-up
	cargo bench --locked --bench scale
	cargo bench --locked --bench methods

set-up:
	@bash scripts/set-up.sh

# The tests also need a browser and LibreOffice, which `make run` does not.
set-up-tests:
	@bash scripts/set-up.sh --tests
