"""What a first page makes a browser load."""

from tests.bench.pages import linked

PAGE = """<!doctype html><link rel="stylesheet" href="/css/app.css"><link rel="icon" href="favicon.svg">
<link rel="preload" href="/api/me" as="fetch" crossorigin><link rel="canonical" href="/elsewhere">
<link rel="apple-touch-icon" href="/icon.png">
<script type="module" src="/js/app.js"></script><a href="/not-loaded">x</a>
<script src="https://example.org/other.js"></script>"""
MODULE = """import { a,
  b } from "./lib/a.js";
import "../b.js";
export { c } from './c.js';
import("./later.js");
const lazy = () => import("./later.js");
const pictures = new URL("../pictures.svg", import.meta.url), folder = new URL("../", import.meta.url);"""


def test_a_page_loads_its_scripts_and_links_but_not_its_anchors_or_other_servers() -> None:
    assert linked("/", PAGE) == ["/css/app.css", "/favicon.svg", "/js/app.js"]


def test_a_module_loads_what_it_imports_before_it_runs_and_the_files_that_it_names() -> None:
    assert linked("/js/app.js", MODULE) == ["/js/lib/a.js", "/b.js", "/js/c.js", "/pictures.svg"]


def test_a_style_sheet_loads_what_it_imports() -> None:
    assert linked("/css/app.css", '@import url("base.css") layer(base);\n@import "theme.css";') == [
        "/css/base.css",
        "/css/theme.css",
    ]
