# 처음이라면 make demo. 모든 점검은 make test. / New here? make demo. Every check: make test.
BIN := .venv/bin
UV = PATH="$$PWD/$(BIN):$$PATH" UV_NO_CONFIG=1 uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 $(UPGRADE)
# ruff's cache does not notice that a file beside the one it knows has come or gone.
export RUFF_NO_CACHE := true
# Each module is compiled once, not anew by every worker and every `marathon` that a test starts.
unexport PYTHONDONTWRITEBYTECODE

# Twice as many as there are cores, at most four: tests of servers and browsers wait more than they reckon, and each worker
# collects all tests anew. On two cores four take 234 s where three take 250 s.
WORKERS := $(shell cores=$$(nproc 2>/dev/null || echo 1); echo $$((cores < 2 ? 2 : 4)))

# The tests' databases are written through to the disk, thousands of times; memory with 4 GB to spare is quicker.
ROOMY := $(shell free=$$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 {print $$4}'); [ "$${free:-0}" -gt 4000000 ] && echo TMPDIR=/dev/shm)

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup setup-test demo lint style types test soak bench-log bench-results bench-reading bench-streams bench-bibs bench-board bench-load bench-office format lock catalogue papers pictures clean

help: ## 이 목록 / this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 20

setup: ## .venv와 시스템 부품 준비 / prepare .venv and the system parts
	@sh tools/setup

setup-test: ## 시험 도구까지 준비 / the same, with the tools of the tests
	@sh tools/setup test

demo: setup ## 모의 대회를 열어 본다 / see a simulated race (ARGS=... go to the command)
	$(BIN)/marathon demo $(ARGS)

catalogue: setup-test ## 번역 목록을 소스에 맞추기 / bring the catalogue of translations up to the sources
	$(BIN)/pybabel -q extract -F babel.cfg --no-location --sort-output -o build.pot marathon.py timing bibs scanners results server demo
	$(BIN)/pybabel -q update -D marathon -d timing/locale -i build.pot --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date -w 130
	$(BIN)/pybabel -q compile -D "marathon click" -d timing/locale --statistics
	rm build.pot

papers: setup-test ## docs/events.md를 소스에 맞추기 / write docs/events.md from the sources
	$(BIN)/python -m tools.events

pictures: setup-test ## 문서의 그림을 모의 대회로 다시 만들기 / make the docs' pictures anew from the made-up race (ARGS=office for some)
	$(BIN)/python -m tools.pictures $(ARGS)

lint: setup-test style types ## 모양과 타입 점검 / style, types, who may import whom

style:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types:
	$(BIN)/mypy
	$(BIN)/lint-imports

# Beside the types, of which is told at the end if they are wrong, the tests are compiled, which each worker would else do for itself, and begin.
# A test that stands still for five minutes shows where, and fails.
test: setup-test style ## 모든 점검 / every check (ARGS=tests/timing for some of the tests)
	@told=$$(mktemp); $(MAKE) --no-print-directory types >"$$told" 2>&1 & types=$$!; \
	$(BIN)/pytest -qq --collect-only >/dev/null 2>&1; \
	$(ROOMY) $(BIN)/pytest -n $(WORKERS) --dist worksteal -o faulthandler_timeout=300 -o faulthandler_exit_on_timeout=true $(ARGS); \
	tests=$$?; wait "$$types"; types=$$?; [ "$$types" = 0 ] || cat "$$told"; rm "$$told"; exit $$((tests + types))

bench-log: ## 기록의 속도를 다른 것과 나란히 재기 / time the log beside others (ARGS=--million: the largest field)
	@sh tools/setup bench
	$(BIN)/python -m benchmarks.log $(ARGS)

bench-results: ## 순위와 미리 보기의 속도를 다른 것과 나란히 재기 / time the rankings beside polars, a preview beside a rebuild
	@sh tools/setup bench
	$(BIN)/python -m benchmarks.results

bench-bibs: ## 배번 인쇄의 속도를 다른 것과 나란히 재기 / time the printing of bibs beside typst and fpdf2
	@sh tools/setup bench
	$(BIN)/python -m benchmarks.bibs

bench-reading: setup ## 모의 화면에서 판독률과 속도를 다른 해독기와 나란히 재기 / whom the station reads, on synthetic frames, beside others (ARGS=--long)
	$(BIN)/python -m benchmarks.reading $(ARGS)

bench-streams: setup-test ## 끊기는 네트워크 카메라의 시각을 재기 / when streams that falter took their pictures, beside arrival
	$(BIN)/python -m benchmarks.stream_hiccups

bench-board: ## 전광판의 크기와 속도 재기 / time the board: pages, requests, publishing, listeners
	@sh tools/setup bench
	$(BIN)/python -m benchmarks.board

bench-load: ## 몰림과 공격을 견디는지 재기 / time intake and board under floods beside an idle server
	@sh tools/setup bench
	$(BIN)/python -m benchmarks.load

bench-office: ## 본부의 속도를 전광판의 몰림 속에서 재기 / time the race office beside the board's crowd
	@sh tools/setup bench
	$(BIN)/python -m benchmarks.office

# The fault tests and the laws at length; SOAK=10 does ten times as much again, MARATHON_SEED=n draws other chances.
soak: setup-test ## 고장과 법칙의 시험을 오래 / the fault tests and the laws at length (SOAK=10 for ten times as long; ARGS as above)
	$(ROOMY) MARATHON_SOAK=$(or $(SOAK),1) $(BIN)/pytest -n $(WORKERS) --dist worksteal $(or $(ARGS),tests/faults)
	$(ROOMY) MARATHON_SOAK=$(or $(SOAK),1) $(BIN)/pytest -n $(WORKERS) --dist worksteal -m "hypothesis or at_length" $(or $(ARGS),tests)

format: setup-test ## 코드 다듬기 / put the code in shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: setup ## 고정 목록 다시 쓰기 / write the pins again (UPGRADE=--upgrade takes newer versions)
	@PATH="$$PWD/$(BIN):$$PATH" command -v uv >/dev/null || $(BIN)/python -m pip install --quiet uv
	$(UV) pyproject.toml --extra all -o requirements.txt
	$(UV) pyproject.toml --extra all --group dev -o requirements-dev.txt
	$(UV) pyproject.toml --extra all --group dev --group bench -o requirements-bench.txt
	echo koreanize-matplotlib | $(UV) --no-deps --no-annotate - -o requirements-fonts.txt

clean: ## 만든 것 치우기, 대회 폴더는 그대로 / remove what make made; race folders stay
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis dist build
	find . -name __pycache__ -prune -exec rm -rf {} +
