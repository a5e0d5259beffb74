# All of `make check`: one line a tool when it is content, its own words when it is not, and every tool gets its turn.
set -u
failed=0

step() { # $1: name, then the command
    name=$1
    shift
    if words=$("$@" 2>&1); then
        echo "ok    $name"
    else
        printf 'FAIL  %s\n%s\n' "$name" "$words"
        failed=1
    fi
}

step "ruff check" .venv/bin/ruff check --quiet
step "ruff format" .venv/bin/ruff format --check --quiet --diff
step "mypy" .venv/bin/python -m mypy --no-error-summary
step "import-linter" .venv/bin/python -c 'from importlinter.cli import lint_imports_command as main; main()'
step "biome" node_modules/.bin/biome check --error-on-warnings
step "tsc" node_modules/.bin/tsc --project tsconfig.json
step "locks" .venv/bin/python tools/locks.py
step "migrations" .venv/bin/python -m chat migrate --check
exit $failed
