"""Rules about the code that no other tool knows. Each takes a tree, answers what breaks it, and is tried on a tree that does."""

import ast
import re
import shutil
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tools import locks

ROOT = Path(__file__).parents[2]
MODULE_LINES, FUNCTION_LINES, LINE_LENGTH = 300, 40, 1000
SELF = "tests/rules/test_code.py"  # says the very words that it looks for
PLAIN = ("chat/actions/", "chat/queries/", "chat/access", "chat/transaction", "chat/models/")
TESTED = ("chat/actions/", "chat/queries/", "chat/access", "chat/transaction", "chat/lib/")

# Exceptions, with the reason. One that is no longer needed fails, so the lists only shrink.
LONG_MODULES: dict[str, str] = {}
LONG_FUNCTIONS: dict[str, str] = {}
INNER_IMPORTS: dict[str, str] = {
    "chat/cli/database.py:_upgrade": "Alembic takes a sixth of a start to read, and nearly every start finds nothing to do",
    "chat/cli/database.py:_check": "the same",
}

Rule = Callable[[Path], list[str]]


def files(root: Path, *suffixes: str, under: str = "") -> Iterator[tuple[str, str]]:
    """Name and text of each file that is, or is about to be, tracked."""
    names: list[str]
    if (root / ".git").exists():
        listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
        names = subprocess.run(listed, cwd=root, check=True, capture_output=True, text=True).stdout.splitlines()
    else:
        names = [path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()]
    for name in sorted(names):
        if name.startswith(under) and (not suffixes or name.endswith(suffixes)) and (root / name).is_file():
            yield name, (root / name).read_text("utf-8", errors="ignore")


def modules(root: Path) -> Iterator[tuple[str, str]]:
    """The modules of chat/; migrations are history and stay as they were made."""
    return (one for one in files(root, ".py", under="chat/") if not one[0].startswith("chat/migrations/versions/"))


def functions(tree: ast.AST, prefix: str = "") -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Every function with its dotted name."""
    for node in ast.iter_child_nodes(tree):
        name = f"{prefix}{node.name}" if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) else prefix
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield name, node
        yield from functions(node, name if name == prefix else f"{name}.")


def ratchet(found: dict[str, str], exceptions: dict[str, str]) -> list[str]:
    """What was found and is not excepted, and exceptions without need or reason."""
    faults = [f"{place}: {fault}" for place, fault in found.items() if place not in exceptions]
    faults += [f"{place}: the exception is no longer needed" for place in exceptions if place not in found]
    return faults + [f"{place}: the exception has no reason" for place, reason in exceptions.items() if not reason.strip()]


def matches(root: Path, pattern: str, *suffixes: str, under: str = "") -> list[str]:
    """Each line that the pattern is found in."""
    wanted = re.compile(pattern)
    return [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in files(root, *suffixes, under=under)
        if name != SELF
        for number, line in enumerate(text.splitlines(), 1)
        if wanted.search(line)
    ]


def modules_are_short(root: Path) -> list[str]:
    long = {name: len(text.splitlines()) for name, text in modules(root)}
    return ratchet({name: f"{lines} lines" for name, lines in long.items() if lines > MODULE_LINES}, LONG_MODULES)


def functions_are_short(root: Path) -> list[str]:
    found = {}
    for file, text in modules(root):
        for name, node in functions(ast.parse(text)):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION_LINES:
                found[f"{file}:{name}"] = f"{lines} lines"
    return ratchet(found, LONG_FUNCTIONS)


def imports_stand_at_the_top(root: Path) -> list[str]:
    found = {
        f"{file}:{name}": "imports inside"
        for file, text in modules(root)
        for name, function in functions(ast.parse(text))
        if any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(function))
    }
    return ratchet(found, INNER_IMPORTS)


def the_core_never_awaits(root: Path) -> list[str]:
    awaiting = ast.AsyncFunctionDef | ast.Await | ast.AsyncFor | ast.AsyncWith
    return [
        f"{file}:{node.lineno}: the core is plain functions"
        for file, text in modules(root)
        if file.startswith(PLAIN)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, awaiting)
    ]


def nothing_is_left_for_later(root: Path) -> list[str]:
    return matches(root, r"\b(TODO|FIXME|XXX|HACK)\b", ".py", ".js", ".css", ".html", ".sh", ".toml", "Makefile")


def pages_are_built_without_markup_strings(root: Path) -> list[str]:
    unsafe = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|\bnew Function\("
    return matches(root, unsafe, ".js", ".html", under="static/")


def every_word_of_the_pages_is_said(root: Path) -> list[str]:
    """A name of static/js/lib/words*.js that stands in no other file of the pages is said nowhere."""
    texts = dict(files(root, ".js", ".html", under="static/"))
    faults = []
    for file, text in texts.items():
        if Path(file).name.startswith("words"):
            others = {name for other, its in texts.items() if other != file for name in re.findall(r"\w+", its)}
            names = re.findall(r"^ {4}(\w+):", text, re.MULTILINE)
            faults += [f"{file}: nobody says {name}" for name in names if name not in others]
    return faults


def elements_define_their_own_name_and_know_no_other(root: Path) -> list[str]:
    faults = []
    for file, text in files(root, ".js", under="static/js/elements/"):
        tag = Path(file).stem
        if re.findall(r"customElements\.define\(\s*\"([^\"]*)\"", text) != [tag]:
            faults.append(f"{file}: does not define <{tag}>, and only that")
        imported = re.findall(r"(?:\bfrom|\bimport)\s*\(?\s*[\"']([^\"']+)[\"']", text)
        faults += [f"{file}: imports the element {one}" for one in imported if one.startswith("./") or "elements/" in one]
    return faults


def every_file_of_the_core_has_its_test(root: Path) -> list[str]:
    wanted = {
        file: Path("tests", *Path(file).parts[1:-1], f"test_{Path(file).name}")
        for file, _ in modules(root)
        if file.startswith(TESTED) and not file.endswith("__init__.py")
    }
    return [f"{file}: has no {test}" for file, test in wanted.items() if not (root / test).is_file()]


def settings_are_commented_known_and_documented(root: Path) -> list[str]:
    if not (root / "chat").is_dir():
        return []
    config, settings, manual = root / "config.toml", root / "chat/settings.py", root / "docs/operations.md"
    if missing := [path for path in (config, settings, manual) if not path.is_file()]:
        return [f"{path.relative_to(root)} is missing" for path in missing]
    nodes = ast.walk(ast.parse(settings.read_text()))
    fields = {node.target.id for node in nodes if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)}
    documented, lines = manual.read_text(), config.read_text().splitlines()
    faults = []
    for name in names(tomllib.loads(config.read_text())):
        number = next(number for number, line in enumerate(lines) if re.match(rf"\s*\"?{name}\"?\s*=", line))
        above = lines[number - 1] if number else ""
        if not above.lstrip().startswith("#") and " #" not in lines[number]:
            faults.append(f"config.toml: {name} has no comment")
        if name not in fields:
            faults.append(f"config.toml: {name} is unknown to chat/settings.py")
        if not re.search(rf"\b(QUIETROOM_{name.upper()}|{name})\b", documented):
            faults.append(f"docs/operations.md: {name} is not documented")
    return faults


def names(table: dict[str, object]) -> Iterator[str]:
    """The settings of a TOML table and of the tables in it."""
    for name, value in table.items():
        yield from names(value) if isinstance(value, dict) else [name]


def everything_here_was_written_here(root: Path) -> list[str]:
    faults = []
    for file, text in files(root):
        if re.search(r"\.min\.\w+$|\.(woff2?|[ot]tf|map)$|(^|/)(vendor|third[_-]party|node_modules)/", file):
            faults.append(f"{file}: looks like somebody else's")
        if file.endswith((".js", ".css", ".html", ".py")) and max(map(len, text.splitlines()), default=0) > LINE_LENGTH:
            faults.append(f"{file}: is minified")
    return faults + matches(root, r"/\*!|@license|Copyright \(c\)", ".js", ".css", under="static/")


def nothing_names_one_machine_or_package_host(root: Path) -> list[str]:
    machine = r"(?<![\w.-])/(?:home|work|root)/"
    hosts = r"pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|deb\.debian\.org|crates\.io"
    return matches(root, f"{machine}|{hosts}")


def locks_are_in_step(root: Path) -> list[str]:
    return locks.python_faults(root) + locks.npm_faults(root)


RULES: list[Rule] = [
    modules_are_short,
    functions_are_short,
    imports_stand_at_the_top,
    the_core_never_awaits,
    nothing_is_left_for_later,
    pages_are_built_without_markup_strings,
    every_word_of_the_pages_is_said,
    elements_define_their_own_name_and_know_no_other,
    every_file_of_the_core_has_its_test,
    settings_are_commented_known_and_documented,
    everything_here_was_written_here,
    nothing_names_one_machine_or_package_host,
    locks_are_in_step,
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_tree_keeps_the_rule(rule: Rule) -> None:
    if faults := rule(ROOT):
        pytest.fail("\n".join(faults), pytrace=False)


ELEMENT = 'import "../lib/dom.js";\ncustomElements.define("chat-box", class extends HTMLElement {});\n'
SETTINGS = {
    "chat/settings.py": "class Settings:\n    port: int\n",
    "config.toml": "# Where browsers connect.\nport = 8000\n",
    "docs/operations.md": "`QUIETROOM_PORT`: where browsers connect.\n",
}

# Rule, a small tree that keeps it, what is changed, and the words of the fault.
SAMPLES: list[tuple[Rule, dict[str, str], dict[str, str], str]] = [
    (modules_are_short, {"chat/a.py": "x = 1\n" * 300}, {"chat/a.py": "x = 1\n" * 301}, "chat/a.py: 301 lines"),
    (
        functions_are_short,
        {"chat/a.py": "class A:\n    def f():\n" + "        x = 1\n" * 39},
        {"chat/a.py": "class A:\n    def f():\n" + "        x = 1\n" * 40},
        "chat/a.py:A.f: 41 lines",
    ),
    (
        imports_stand_at_the_top,
        {"chat/a.py": "import json\ndef f(): pass\n"},
        {"chat/a.py": "def f():\n    if f:\n        from json import loads\n"},
        "chat/a.py:f: imports inside",
    ),
    (
        the_core_never_awaits,
        {"chat/web/socket.py": "async def f(): pass\n"},
        {"chat/actions/a.py": "async def f(): pass\n"},
        "chat/actions/a.py:1",
    ),
    (nothing_is_left_for_later, {"chat/a.py": "# done\n"}, {"Makefile": "# TODO: more\n"}, "Makefile:1"),
    (
        pages_are_built_without_markup_strings,
        {"static/js/a.js": "node.textContent = text;\nretrieval(x);\n"},
        {"static/js/a.js": "\nnode.innerHTML = text;\n"},
        "static/js/a.js:2: node.innerHTML",
    ),
    (
        every_word_of_the_pages_is_said,
        {"static/js/lib/words.js": 'let w = {\n    sent: "Sent",\n};\n', "static/a.html": '<b data-word="sent"></b>\n'},
        {"static/a.html": "<b></b>\n"},
        "static/js/lib/words.js: nobody says sent",
    ),
    (
        elements_define_their_own_name_and_know_no_other,
        {"static/js/elements/chat-box.js": ELEMENT},
        {"static/js/elements/chat-bar.js": ELEMENT},
        "chat-bar.js: does not define <chat-bar>",
    ),
    (
        elements_define_their_own_name_and_know_no_other,
        {"static/js/elements/chat-box.js": ELEMENT},
        {"static/js/elements/chat-box.js": ELEMENT.replace("../lib/dom", "./chat-bar")},
        "chat-box.js: imports the element ./chat-bar.js",
    ),
    (
        every_file_of_the_core_has_its_test,
        {"chat/actions/people.py": "", "tests/actions/test_people.py": "", "chat/access.py": "", "tests/test_access.py": ""},
        {"chat/queries/people.py": ""},
        "chat/queries/people.py: has no tests/queries/test_people.py",
    ),
    (settings_are_commented_known_and_documented, {}, {"chat/__init__.py": ""}, "chat/settings.py is missing"),
    (
        settings_are_commented_known_and_documented,
        SETTINGS,
        {"config.toml": "# A table.\n\n[web]\nport = 8000\n"},
        "port has no comment",
    ),
    (
        settings_are_commented_known_and_documented,
        SETTINGS,
        {"chat/settings.py": "class Settings:\n    host: str\n"},
        "port is unknown to chat/settings.py",
    ),
    (settings_are_commented_known_and_documented, SETTINGS, {"docs/operations.md": "Transports."}, "port is not documented"),
    (everything_here_was_written_here, {"static/a.js": "x;\n"}, {"static/a.min.js": ""}, "static/a.min.js: looks like"),
    (everything_here_was_written_here, {"static/a.js": "x;\n"}, {"static/a.js": "x;" * 501}, "static/a.js: is minified"),
    (nothing_names_one_machine_or_package_host, {"a.md": "see /homes/ and a/work/b\n"}, {"a.md": "in /home/ada\n"}, "a.md:1"),
    (nothing_names_one_machine_or_package_host, {}, {"a.txt": "--index-url pypi.org\n"}, "a.txt:1"),
]


@pytest.mark.parametrize(("rule", "good", "change", "words"), SAMPLES, ids=[f"{s[0].__name__}: {s[3]}" for s in SAMPLES])
def test_the_rule_finds_what_breaks_it(
    rule: Rule, good: dict[str, str], change: dict[str, str], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for exceptions in (LONG_MODULES, LONG_FUNCTIONS, INNER_IMPORTS):
        for place in [*exceptions]:
            monkeypatch.delitem(exceptions, place)  # in a tree of a few lines none of them is needed

    def write(tree: dict[str, str]) -> None:
        for name, text in tree.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text)

    write(good)
    assert rule(tmp_path) == []
    write(change)
    assert any(words in fault for fault in rule(tmp_path))


def test_an_exception_needs_a_reason_and_a_need() -> None:
    assert ratchet({"a": "long"}, {"a": "a table is clearer in one piece"}) == []
    assert ratchet({"a": "long"}, {"a": " "}) == ["a: the exception has no reason"]
    assert ratchet({}, {"a": "was long once"}) == ["a: the exception is no longer needed"]


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("pyproject.toml", '"starlette>=', '"starlette>=99', "run.txt has no starlette>=99"),
        ("pyproject.toml", '"pytest>=9"', '"pytest>=9", "nose"', "dev.txt has no nose"),
        ("requirements/run.txt", "orjson==3.", "orjson==2.", "orjson differs between run.txt and dev.txt"),
        ("requirements/run.txt", "    --hash", "    --index-url https://packages.test/\n    --hash", "not a pin or a hash"),
        ("requirements/run.txt", "\n    --hash", "\n", "no hash for"),
        ("package.json", "typescript", "coffeescript", "package-lock.json is not of this package.json"),
        ("package-lock.json", '"integrity": "', '"resolved": "https://packages.test/", "integrity": "', "has an address"),
        ("package-lock.json", '"integrity"', '"nothing"', "has no integrity"),
        ("package-lock.json", "node_modules/@biomejs/cli-linux-x64", "node_modules/other", "misses @biomejs/cli-linux-x64"),
    ],
)
def test_a_lock_out_of_step_is_found(file: str, old: str, new: str, words: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    for name in ("pyproject.toml", "package.json", "package-lock.json"):
        shutil.copy(ROOT / name, tmp_path)
    assert locks_are_in_step(tmp_path) == []
    text = (tmp_path / file).read_text()
    assert old in text
    (tmp_path / file).write_text(text.replace(old, new, 1))
    assert any(words in fault for fault in locks_are_in_step(tmp_path))
