# The two commands of a newcomer are `make run` and `make test`.
SHELL := /bin/bash
export PATH := $(HOME)/.cargo/bin:$(PATH)

.PHONY: run test lint setup setup-test demo-once bench

# Installs what is missing, builds, starts a demo.
run: setup
	cargo build --release --locked -p cmes -p xtask
	scripts/demo.sh

# Installs what is missing, runs every test on both database engines and with a real browser, and the demo once.
test: setup-test
	TEST_BROWSER=$$(type -P google-chrome-stable chromium | head -n1) scripts/with-postgres.sh cargo test --workspace --locked
	$(MAKE) demo-once

# The demo as `make run` starts it, from start to end, with the curl line that it prints.
demo-once: setup
	cargo build --release --locked -p cmes -p xtask
	folder=$$(mktemp -d) && DEMO_ONCE=yes DEMO_PORT=0 DEMO_DIR=$$folder scripts/demo.sh && rm -r $$folder

# Format, lints, what is generated, dependencies.
lint: setup
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	scripts/deny.sh

bench:
	cargo bench -p cmes-extract --bench extract
	cargo bench -p cmes-server --bench echo

setup:
	@scripts/setup.sh run
setup-test:
	@scripts/setup.sh test
