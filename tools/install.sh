# Brings what the words of the Makefile need: run | dev (Python packages), peers (of the bench), browser, javascript (tools for static/).
# A step that was done for the same lock is skipped, and a step that cannot be done says in one sentence what to do.
set -eu

say() {
    echo "quietroom: $*" >&2
    exit 1
}

find_python() {
    # Each candidate is run: a name on the path may be a wrapper for a version that is not installed.
    for python in ${PYTHON:-python3.13 python3.12 python3.11 python3}; do
        if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$python"
            return
        fi
    done
    say "Python 3.11 or newer is needed${PYTHON:+ ($PYTHON is not)}; install it, or name one with PYTHON=/path/to/python."
}

make_venv() {
    .venv/bin/python -m pip --version >/dev/null 2>&1 && return
    python=$(find_python)
    "$python" -c 'import venv, ensurepip' 2>/dev/null ||
        say "$python has no venv module; on Debian and Ubuntu run: apt-get install python3-venv"
    "$python" -m venv --clear .venv || say "$python could not make .venv in $(pwd); is the folder writable?"
}

packages() { # $1: run or dev. The stamp is a copy of the lock; dev includes run.
    # The lock is whole, so nothing needs resolving (--no-deps): older pips take a pinned package asked for with an extra for an unpinned one.
    if .venv/bin/python -c '' 2>/dev/null; then
        cmp -s requirements/dev.txt .venv/dev.txt && return
        cmp -s "requirements/$1.txt" ".venv/$1.txt" && return
    fi
    make_venv
    echo "Installing Python packages, once (about a minute)…"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --requirement "requirements/$1.txt" \
        >.venv/install.log 2>&1 ||
        say "the packages could not be installed; check the network and run it again (pip's words: .venv/install.log)."
    cp "requirements/$1.txt" ".venv/$1.txt"
}

peers() { # what the bench compares with, in an environment of its own
    cmp -s requirements/peers.txt .venv/peers/peers.txt && return
    .venv/bin/python -m venv --clear .venv/peers
    echo "Installing what others offer, once…"
    .venv/peers/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --requirement requirements/peers.txt \
        >.venv/peers/install.log 2>&1 ||
        say "the peers could not be installed; check the network and run it again (pip's words: .venv/peers/install.log)."
    cp requirements/peers.txt .venv/peers/peers.txt
}

browser() {
    missing=""
    found=""
    for name in "${QUIETROOM_TEST_CHROMIUM:-chromium}" chromium chromium-browser google-chrome; do
        command -v "$name" >/dev/null && found=yes
    done
    [ "$found" ] || missing="chromium fonts-noto-core fonts-noto-color-emoji"
    command -v firefox-esr >/dev/null || command -v firefox >/dev/null || missing="$missing firefox-esr"
    command -v WebKitWebDriver >/dev/null && command -v Xvfb >/dev/null || missing="$missing webkit2gtk-driver xvfb"
    [ "$missing" ] || return 0
    install="apt-get install -y --no-install-recommends $missing"
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        say "the tests need Chromium, Firefox and WebKit's driver; install what is missing (Debian: $install), or name a Chromium with QUIETROOM_TEST_CHROMIUM."
    fi
    echo "Installing browsers, once…"
    { apt-get update -q && DEBIAN_FRONTEND=noninteractive $install && light; } >.venv/browsers.log 2>&1 ||
        say "the browsers could not be installed; check the network and run it again (apt's words: .venv/browsers.log)."
}

# Where the system has it: the same engine at three quarters of the work. The tests do without it, too.
light() {
    apt-cache show chromium-headless-shell >/dev/null 2>&1 || return 0
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium-headless-shell
}

javascript() {
    node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null && command -v npm >/dev/null ||
        say "make check needs Node.js 20 or newer, with npm, to look at static/; install it and run it again."
    cmp -s package-lock.json node_modules/.stamp && return
    npm ci --silent --no-audit --no-fund >.venv/npm.log 2>&1 ||
        say "the JavaScript tools could not be installed; check the network and run it again (npm's words: .venv/npm.log)."
    cp package-lock.json node_modules/.stamp
}

for step in "$@"; do
    case $step in
    run | dev) packages "$step" ;;
    *) "$step" ;;
    esac
done
