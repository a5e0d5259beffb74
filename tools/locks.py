"""Says whether the locks are in step with pyproject.toml and package.json, without a network."""

import json
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;]+)([^\\]*)\\?$")


def pins(lock: Path) -> dict[str, set[str]]:
    """Each locked package with its versions (several where a marker decides)."""
    found: dict[str, set[str]] = {}
    for line in lock.read_text().splitlines():
        if match := PIN.match(line):
            found.setdefault(canonicalize_name(match[1]), set()).add(match[2])
    return found


def python_faults(root: Path) -> list[str]:
    """What is wrong with requirements/."""
    project = tomllib.loads((root / "pyproject.toml").read_text())
    runtime = project["project"]["dependencies"]
    extras = [one for extra in project["project"].get("optional-dependencies", {}).values() for one in extra]
    development = runtime + extras + project["dependency-groups"]["dev"]
    run, dev = root / "requirements/run.txt", root / "requirements/dev.txt"
    peers = root / "requirements/peers.txt"
    faults = [*unsatisfied(run, runtime), *unsatisfied(dev, development), *unhashed(run), *unhashed(dev)]
    faults += [*unsatisfied(peers, project["dependency-groups"]["peers"]), *unhashed(peers)]
    in_dev = pins(dev)
    faults += [
        f"{name} differs between run.txt and dev.txt" for name, versions in pins(run).items() if in_dev.get(name) != versions
    ]
    return faults


def unsatisfied(lock: Path, requirements: list[str]) -> list[str]:
    """The requirements that the lock does not fulfil."""
    locked = pins(lock)
    wanted = [Requirement(text) for text in requirements]
    return [
        f"{lock.name} has no {one}"
        for one in wanted
        if not any(
            one.specifier.contains(version, prereleases=True) for version in locked.get(canonicalize_name(one.name), set())
        )
    ]


def unhashed(lock: Path) -> list[str]:
    """Pins without a hash, and lines that are neither pin, hash nor comment (an address, say)."""
    lines = lock.read_text().splitlines()
    faults = [
        f"{lock.name}: not a pin or a hash: {line}"
        for line in lines
        if line and not re.match(r"^( {4}--hash=sha256:|#)", line) and not PIN.match(line)
    ]
    after = [*lines[1:], ""]
    return faults + [
        f"{lock.name}: no hash for {line}"
        for line, next_line in zip(lines, after, strict=True)
        if PIN.match(line) and "--hash" not in next_line
    ]


def npm_faults(root: Path) -> list[str]:
    """What is wrong with package-lock.json."""
    lock: dict[str, Any] = json.loads((root / "package-lock.json").read_text())
    packages: dict[str, dict[str, Any]] = lock["packages"]
    wanted = json.loads((root / "package.json").read_text()).get("devDependencies", {})
    faults = ["package-lock.json is not of this package.json"] if packages[""].get("devDependencies", {}) != wanted else []
    for path, package in packages.items():
        if path and "integrity" not in package:
            faults.append(f"package-lock.json has no integrity for {path}")
        if "resolved" in package:
            faults.append(f"package-lock.json has an address for {path}")
        # A registry that misses one platform's build makes npm drop it silently, and `npm ci` fail later.
        faults += [
            f"package-lock.json misses {one}"
            for one in package.get("optionalDependencies", {})
            if f"node_modules/{one}" not in packages
        ]
    return faults


def main() -> int:
    """Prints the faults, if any."""
    root = Path(__file__).parent.parent
    faults = python_faults(root) + npm_faults(root)
    if faults:
        print(*faults, "Run: make lock", sep="\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
