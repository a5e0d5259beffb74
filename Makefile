# A handful of words. Everything they need goes to .venv and node_modules, nothing else is touched.
# Some environments forbid Python to keep what it compiled; then every process would compile everything anew.
export PYTHONDONTWRITEBYTECODE =

.PHONY: help run test check bench faults fuzz pictures words lock

help:
	@sed -n 's/^\([a-z]*\):.* ## \(.*\)/  make \1	\2/p' Makefile

run: ## start the server, with the demo on first use (ARGS="--port 8080")
	@sh tools/install.sh run
	@exec .venv/bin/python -m chat serve $(ARGS)

test: ## run all tests (ARGS="tests/actions -k send" for some of them)
	@sh tools/install.sh dev browser
	@exec .venv/bin/python -m pytest --numprocesses=logical --maxprocesses=4 --dist=worksteal $(ARGS)

check: ## lint, format, types, layers, locks and migrations
	@sh tools/install.sh dev javascript
	@sh tools/check.sh

bench: ## measure, and print the figures as a table (PEERS=1 measures what others offer, too)
	@sh tools/install.sh dev browser $(if $(PEERS),peers)
	@exec .venv/bin/python -m tests.bench $(if $(PEERS),--peers) $(ARGS)

faults: ## kill, freeze, cut and fill up, and look for what was lost (ARGS="--only web-kill-sqlite --cycles 5")
	@sh tools/install.sh dev
	@exec nice -n 10 .venv/bin/python -m tests.faults $(ARGS)

fuzz: ## a hundred thousand made-up requests and frames against a server (ARGS="--requests 5000 --frames 5000")
	@sh tools/install.sh dev
	@exec .venv/bin/python -m tests.fuzz $(ARGS)

pictures: ## take pictures of every page and mail (ARGS="--only inbox" for some of them)
	@sh tools/install.sh dev browser
	@exec .venv/bin/python -m tests.pictures $(ARGS)

words: ## renew the catalogues of the languages, and say what is to be translated
	@sh tools/install.sh dev
	@.venv/bin/python -m tools.words

lock: ## remake requirements/ and package-lock.json (ARGS=--upgrade for newer versions)
	@sh tools/install.sh dev
	@sh tools/lock.sh $(ARGS)
