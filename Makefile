# Everything a stranger needs: `make demo`, then `make test`. Each sets up what it lacks.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.9
# processes that run tests at the same time: one more than cores, since many tests wait for a process or a clock
JOBS ?= 3

# library or file to look for : Debian/Ubuntu package that brings it
NEEDED := libEGL.so.1:libegl1 libGL.so.1:libgl1 libGLESv2.so.2:libgles2 dri:libgl1-mesa-dri libportaudio.so.2:libportaudio2 cjk:fonts-noto-cjk noto:fonts-noto-core emoji:fonts-noto-color-emoji

# program that the tests against real counterparts start, or file that they read : package that brings it
PEERS := chromium:chromium firefox-esr:firefox-esr strace:strace espeak-ng:espeak-ng Xvfb:xvfb twm:twm unshare:util-linux ip:iproute2 /usr/share/unicode/BidiCharacterTest.txt:unicode-data

# Compiled modules are kept, whatever the environment says: the tests start hundreds of processes, each of
# which would compile all it imports again, and so would every worker the tests themselves.
unexport PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX := $(CURDIR)/$(VENV)/compiled

# test files with a mark: pytest need not read the other hundreds
marked = $(sort $(shell grep -rlE 'mark\.$(1)\b' tests --include='test_*.py'))

.PHONY: help setup system peers page demo test test-peers test-all chaos bench lint check-types check-words collected lock schema clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: setup ## play 45 s of the drama on a simulated LED stage; leaves out/demo/
	@$(BIN)/xrdrama demo --out out/demo

test: setup ## lint, types, layers, contents, tests (about 15 minutes on 2 cores)
	@$(MAKE) --no-print-directory -j2 --output-sync check-types check-words collected
	@$(BIN)/python -m pytest -q -n $(JOBS) --dist loadfile -m "not peer and not soak and not alone"
	@$(BIN)/python -m pytest -q -o faulthandler_timeout=900 -m "alone and not peer and not soak" $(call marked,alone)

test-peers: setup peers ## the same against real counterparts, in processes of their own
	@$(BIN)/python -m pytest -q -o faulthandler_timeout=900 -m "peer and not soak" $(call marked,peer)

test-all: test test-peers ## everything, with soaks and sweeps
	@$(BIN)/python -m pytest -q -o faulthandler_timeout=3600 -m soak $(call marked,soak)

chaos: setup ## kill, stop and flood a running show, damage its take; prints what was lost (two minutes)
	@$(BIN)/python -m tests.chaos

bench: setup ## ratios against references in the same run
	@$(BIN)/xrdrama bench

lint: check-types check-words ## ruff, wording, mypy, import-linter, and our own contents

check-types:
	@$(BIN)/mypy

check-words:
	@$(BIN)/ruff format --check -q . && $(BIN)/ruff check -q .
	@$(BIN)/python tests/plain_english.py
	@$(BIN)/lint-imports --no-cache | tail -n 3
	@$(BIN)/xrdrama check scenes branches examples

# The tests, compiled and counted: the workers then read what this one process has written.
collected:
	@$(BIN)/python -m pytest -q --collect-only >$(VENV)/collected.txt || { tail -n 40 $(VENV)/collected.txt; exit 1; }
	@tail -n 1 $(VENV)/collected.txt

schema: setup ## write bridge/schema, the golden messages and the editors' schemas
	@$(BIN)/xrdrama schema --write bridge

lock: $(BIN)/uv ## resolve requirements.lock again
	@$(BIN)/uv pip compile -q pyproject.toml --all-extras --upgrade --generate-hashes --python-version 3.11 \
	  --python-platform x86_64-manylinux_2_34 --no-emit-index-url --no-emit-find-links \
	  --custom-compile-command "make lock" -o requirements.lock

setup: system $(VENV)/.ready
	@for model in hand face; do \
	  [ -s "$${XDG_CACHE_HOME:-$$HOME/.cache}/xrdrama/models/$${model}_landmarker.task" ] || $(BIN)/xrdrama models get $$model; done
	@$(BIN)/python bridge/web/build.py || echo "console and viewers stay without their pages until  make page  succeeds"

page: $(VENV)/.ready ## build the pages of the console and of the viewers
	@$(BIN)/python bridge/web/build.py

$(BIN)/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed: install python3.11, or say make PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv is missing: apt-get install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install -q --disable-pip-version-check uv==$(UV_VERSION)

$(VENV)/.ready: requirements.lock pyproject.toml | $(BIN)/uv
	@echo "setting up $(VENV) (once; about a minute)"
	@$(BIN)/uv pip sync -q --python $(BIN)/python --require-hashes requirements.lock
	@$(BIN)/uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip -q
	@echo "ready; source $(VENV)/bin/activate puts xrdrama on your path"
	@touch $@

# Root installs missing libraries; for other users the command to type is printed.
define install
	if [ -n "$$missing" ]; then \
	  if [ "$$(id -u)" = 0 ]; then echo "installing:$$missing"; \
	    apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $$missing >/dev/null; \
	  else echo "Debian or Ubuntu packages are missing; type:  sudo apt-get install$$missing"; exit 1; fi; fi
endef

system:
	@missing=""; for pair in $(NEEDED); do need=$${pair%%:*}; package=$${pair##*:}; \
	  case $$need in \
	    dri) compgen -G '/usr/lib/*/dri/swrast_dri.so' >/dev/null || compgen -G '/usr/lib/*/libgallium*.so' >/dev/null || missing+=" $$package";; \
	    cjk) ls /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc >/dev/null 2>&1 || missing+=" $$package";; \
	    noto) ls /usr/share/fonts/truetype/noto/NotoSansArabic-Regular.ttf >/dev/null 2>&1 || missing+=" $$package";; \
	    emoji) ls /usr/share/fonts/truetype/noto/NotoColorEmoji.ttf >/dev/null 2>&1 || missing+=" $$package";; \
	    *) /sbin/ldconfig -p | grep -F $$need >/dev/null || missing+=" $$package";; \
	  esac; done; \
	$(install)

peers:
	@missing=""; for pair in $(PEERS); do \
	  [ -f $${pair%%:*} ] || command -v $${pair%%:*} >/dev/null || PATH=$$PATH:/sbin:/usr/sbin command -v $${pair%%:*} >/dev/null || missing+=" $${pair##*:}"; done; \
	$(install)
	@$(BIN)/python -m tests.peers.runtimes.install

clean: ## remove what the other commands made
	@rm -rf $(VENV) xrdrama/adapters/web/page xrdrama/adapters/web/viewer_page bridge/web/node_modules tests/peers/runtimes/node_modules tests/peers/runtimes/python out dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
