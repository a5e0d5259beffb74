# Remakes the locks from pyproject.toml and package.json. Versions stay as they are unless --upgrade is given.
set -eu

compile() { # $1: the lock to write, then options
    lock=$1
    shift
    .venv/bin/python -m uv pip compile --quiet --universal --python-version 3.11 \
        --generate-hashes --no-emit-index-url --no-annotate --custom-compile-command "make lock" --output-file "$lock" "$@"
}

compile requirements/run.txt pyproject.toml "$@"
# dev.txt includes run.txt, so whoever has it has both.
compile requirements/dev.txt pyproject.toml --constraint requirements/run.txt --all-extras --group dev "$@"
# The bench's peers live in an environment of their own; what they share with the product is of the same version.
compile requirements/peers.txt --constraint requirements/run.txt --group peers "$@"
npm install --silent --package-lock-only --omit-lockfile-registry-resolved
.venv/bin/python tools/locks.py
