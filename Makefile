# The two commands of a newcomer are `make run` and `make test`.
SHELL := /bin/bash
export PATH := $(HOME)/.cargo/bin:$(PATH)
# The C++ of the embedded models takes six minutes of a processor; what was compiled once is taken from ccache.
ifneq ($(shell type -P ccache),)
export CMAKE_C_COMPILER_LAUNCHER := ccache
export CMAKE_CXX_COMPILER_LAUNCHER := ccache
endif

# A program that is built to run here may use what this processor can: embeddings are twice as fast with AVX-512. It then
# says so on a processor without. Only for these targets, so that make and cargo share what they compile for tests.
ifeq ($(shell grep -m1 -o avx512_vnni /proc/cpuinfo 2>/dev/null)-$(shell grep -m1 -o avx512vbmi /proc/cpuinfo 2>/dev/null),avx512_vnni-avx512vbmi)
run test-models demo-once: export GGML_AVX512 := ON
run test-models demo-once: export GGML_AVX512_VNNI := ON
run test-models demo-once: export GGML_AVX512_VBMI := ON
endif

.PHONY: run test test-models lint setup setup-test demo-once bench

# Installs what is missing, builds, starts a demo.
run: setup
	cargo build --release --locked -p cmes -p xtask
	scripts/demo.sh

# Installs what is missing, runs every test on both database engines, with a real browser and real models, and the demo once.
test: setup-test test-models
	TEST_BROWSER=$$(type -P google-chrome-stable chromium | head -n1) scripts/with-postgres.sh cargo test --workspace --locked
	$(MAKE) demo-once

# The models that tests run with; TEST_CHAT_MODEL names a chat model to fetch beside the embedder.
test-models: setup
	cargo build --release --locked -p cmes -p xtask
	scripts/test-models.sh

# The demo as `make run` starts it, from start to end, with the curl line that it prints.
demo-once: setup
	cargo build --release --locked -p cmes -p xtask
	folder=$$(mktemp -d) && DEMO_ONCE=yes DEMO_PORT=0 DEMO_DIR=$$folder scripts/demo.sh && rm -r $$folder

# Format, lints, what is generated, dependencies.
lint: setup
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	cargo check -p cmes --no-default-features --locked
	scripts/deny.sh

bench:
	cargo bench -p cmes-extract --bench extract
	cargo bench -p cmes-server --bench echo

setup:
	@scripts/setup.sh run
setup-test:
	@scripts/setup.sh test
