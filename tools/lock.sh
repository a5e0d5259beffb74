# Remakes the locks from pyproject.toml and package.json. Versions stay as they are unless --upgrade is given.
set -eu

compile() { # $1: the lock to write, then options
    lock=$1
    shift
    .venv/bin/python -m uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
        --generate-hashes --no-emit-index-url --no-annotate --custom-compile-command "make lock" --output-file "$lock" "$@"
}

compile requirements/run.txt "$@"
# dev.txt includes run.txt, so whoever has it has both.
compile requirements/dev.txt --constraint requirements/run.txt --all-extras --group dev "$@"
npm install --silent --package-lock-only --omit-lockfile-registry-resolved
.venv/bin/python tools/locks.py
