# A thin face for the commands; the work is in packaging/scripts and CMake.
# Settings come from the environment, from .env, or from the command line: make start CELL_INSTANCE=second DNS_PORT=5353
scripts := packaging/scripts
.PHONY: help start stop restart status logs uninstall show-admin-password reset-admin-password \
	build-api build-webui build-images types test test-unit test-integration bench fuzz

SECONDS ?= 60

help:
	@sed -n 's/^\([a-z%-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 24

start: ## brings the cell up: installs, builds and starts what is missing
	@$(scripts)/start.sh

stop: ## stops the cell's containers, keeps everything
	@$(scripts)/stop.sh

restart: ## stop, then start
	@$(scripts)/stop.sh
	@$(scripts)/start.sh

status: ## what runs, how it is, and where
	@$(scripts)/status.sh

logs: ## last lines of all containers (LINES=100, FOLLOW=1)
	@$(scripts)/container.sh logs

logs-%: ## the same of one: api caddy dns ntp wireguard
	@$(scripts)/container.sh logs $*

shell-%: ## a shell in one of them
	@$(scripts)/container.sh shell $*

uninstall: ## removes containers, networks and images; PURGE=1 also the data; YES=1 does not ask
	@$(scripts)/uninstall.sh

show-admin-password: ## the password that set-up made, while it is unchanged
	@$(scripts)/admin_password.sh show

reset-admin-password: ## makes a new one
	@$(scripts)/admin_password.sh reset

build-api: ## builds celld and cell-hubd into build/release/bin
	@$(scripts)/build.sh api

build-webui: ## builds the web UI into webui/dist
	@$(scripts)/build.sh webui

build-images: build-api build-webui ## makes the container images
	@$(scripts)/engine.sh start
	@$(scripts)/images.sh

types: ## renews webui/openapi.json and the web UI's types after a change of the API (CELL_BIN_DIR=… takes the celld there)
	@$(scripts)/types.sh

test: ## all tests; ends with `cell: N passed, N failed`
	@$(scripts)/test.sh

test-unit: ## unit tests only
	@$(scripts)/test.sh unit

test-integration: ## tests against real containers, network namespaces and processes only
	@$(scripts)/test.sh integration

bench: ## measures beside others, on a quiet machine; see tests/bench/README.md
	@tests/bench/run.sh

fuzz: ## runs each fuzz target for SECONDS=60
	@tests/fuzz/run.sh $(SECONDS)
