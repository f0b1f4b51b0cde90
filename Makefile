# SPDX-License-Identifier: Apache-2.0
# Short names for what is built and checked; CMake, cross/deps and tests/run do the work.
.DEFAULT_GOAL := all
.PHONY: all arm64 deb deps setup demo test differential bench sweep tsan fuzz format headers tidy clean help
.PHONY: node-setup node-smoke node-test node-bench peers peers-test

SECONDS_PER_TARGET ?= 60
PAIRS ?= 5
TREES ?= 20000
SEED ?= 1
FIELDS ?=
CASES ?=

all: setup ## build/primocane for this machine
	@cross/deps build host
	@cmake --preset release -Wno-dev --log-level=WARNING
	@cmake --build --preset release
	@install -m 755 build/release/primocane build/primocane

arm64: setup ## build/arm64/primocane, static and stripped, for the boards
	@cross/deps build arm64
	@cmake --preset arm64 -Wno-dev --log-level=WARNING
	@cmake --build --preset arm64

deb: all arm64 ## build/deb/*.deb for amd64 and arm64
	@cmake --build build/release --target man_pages
	@packaging/build

deps: setup ## the third-party libraries for both architectures, in the user's cache
	@cross/deps build

setup: ## install what the build needs with apt-get (as root), or say how
	@cross/setup

demo: all ## a home-lab from Git to a real API server; KEEP=1 leaves it running
	@tests/servers/build.sh build/servers
	@python3 examples/demo.py

test: ## every check but the long ones
	@tests/run

differential: setup ## random kustomizations against kustomize 5.8.1: TREES=20000 SEED=1 FIELDS=
	@cross/deps build host
	@tests/differential/build.sh build/kustomize
	@cmake --preset dev -Wno-dev --log-level=WARNING
	@cmake --build build/dev --target build_trees
	@build/kustomize/differential run -ours build/dev/build_trees -trees $(TREES) -seed $(SEED) -fields "$(FIELDS)"

bench: deb ## memory, bytes and rates beside a bare client; PAIRS=5 pairs of runs
	@tests/servers/build.sh build/servers
	@tests/differential/build.sh build/kustomize
	@tests/peers/build.sh build/peers
	@cmake --build build/release --target measure drift_trials drift_floor
	@bench/bench.py --pairs $(PAIRS)

peers: setup ## build/peers: Flux's source-controller and kustomize-controller
	@tests/servers/build.sh build/servers
	@tests/registry/build.sh build/servers
	@tests/peers/build.sh build/peers

peers-test: all peers ## the same repositories with Flux and with primocane: CASES="a_* b_*"
	@tests/peers/run $(CASES)
	@tests/peers/adoption.py

sweep: all ## dies and fails at every point against the real API server
	@tests/servers/build.sh build/servers
	@cmake --build build/release --target sweep_life
	@tests/sweep/run fake build/release/sweep_life
	@tests/sweep/run real

# PRIMOCANE_DEB names another package than the one that is built here.
node-setup: $(if $(PRIMOCANE_DEB),,deb)
	@cross/setup tests/node/packages.txt
	@tests/servers/build.sh build/servers

node-smoke: node-setup ## the package on a virtual Pi: install, start, reconcile, watchdog, memory limit
	@tests/node/run smoke

node-test: node-setup ## every scenario on a virtual Pi, also power cuts and damaged cards; an hour
	@tests/node/run all

node-bench: node-setup ## memory, processor time and bytes written of the agent in a virtual Pi
	@tests/node/run bench

tsan: setup ## all native tests under the thread sanitizer
	@cross/deps build host
	@cmake --preset tsan -Wno-dev --log-level=WARNING
	@cmake --build --preset tsan
	@ctest --preset tsan

fuzz: setup ## every fuzz target for SECONDS_PER_TARGET=60 seconds
	@cross/deps build host
	@tests/checks/fuzz $(SECONDS_PER_TARGET)

format: setup ## lay out all sources with clang-format
	@tests/checks/format --fix

headers: setup ## every header compiles alone
	@cross/deps build host
	@cmake --preset check -Wno-dev --log-level=WARNING
	@cmake --build build/check --target headers

tidy: setup ## clang-tidy on what changed since the last time
	@cross/deps build host
	@cmake --preset tidy -Wno-dev --log-level=WARNING
	@cmake --build --preset tidy

clean: ## remove build/; the third-party libraries stay in the cache
	@rm -rf build

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile
