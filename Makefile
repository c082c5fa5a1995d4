# A thin face for the commands; the work is in packaging/scripts and CMake.
.PHONY: help build-api build-images test test-unit

help:
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 16

build-api: ## builds celld and cell-hubd into build/release/bin
	@packaging/scripts/packages.sh build
	@cmake --preset release >/dev/null && cmake --build --preset release

build-images: build-api ## makes the container images from build/release/bin
	@packaging/scripts/engine.sh start
	@packaging/scripts/images.sh

test: ## all tests; ends with `cell: N passed, N failed`
	@packaging/scripts/test.sh

test-unit: ## unit tests of an existing build
	@ctest --test-dir build/ci -j2 --output-on-failure
