"""The documentation, as somebody reads it who builds nothing: plain Markdown, links that say where they lead, words the pages have."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fairwitness.record.erase import NOT_PROMISED

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(page for page in DOCS.rglob("*.md") if "_build" not in page.parts)
INDEXES = [page for page in PAGES if page.name == "index.md"]


def plain(page: Path) -> str:
    """The page without its directives: what a code forge shows."""
    return re.sub(r"```\{.*?```", "", page.read_text(encoding="utf-8"), flags=re.S)


@pytest.mark.parametrize("index", INDEXES, ids=lambda page: page.parent.name)
def test_an_index_links_every_page_of_its_room(index: Path) -> None:
    linked = {(index.parent / target).resolve() for target in re.findall(r"\]\(([^)#]+\.md)\)", plain(index))}
    rooms = [page for page in INDEXES if page.parent.parent == index.parent and page != index]
    listed = re.findall(r"^(\S+)$", "\n".join(re.findall(r"```\{toctree\}(.*?)```", index.read_text(encoding="utf-8"), re.S)), re.M)
    pages = [index.parent / f"{name}.md" for name in listed if not name.startswith(":")]
    missing = [page.name for page in [*rooms, *pages] if page.resolve() not in linked]
    assert not missing, f"add a line “- [Title](page.md)” for these to {index}: {missing}"


def test_every_link_says_where_it_leads_and_leads_there() -> None:
    empty = [f"{page.name}: {link}" for page in PAGES for link in re.findall(r"\[\]\([^)]*\)", page.read_text(encoding="utf-8"))]
    assert not empty, f"a link without words is invisible on a code forge: {empty}"
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in [*PAGES, ROOT / "README.md"]
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", plain(page))
        if not (page.parent / target).exists()
    ]
    assert not broken, broken


@pytest.mark.parametrize("page", [page for page in PAGES if "{literalinclude}" in page.read_text() or "%VERBS%" in page.read_text()],
                         ids=lambda page: page.name)  # fmt: skip
def test_a_page_made_from_the_code_points_to_the_code(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    wanted = set(re.findall(r"\{literalinclude\} (\S+)", text)) or {"../../src/fairwitness/record/verbs.py"}
    assert wanted <= set(re.findall(r"\]\(([^)]+)\)", plain(page)))


def test_the_readme_says_how_the_documentation_is_built() -> None:
    assert "sphinx-build" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_what_is_not_promised_stands_word_for_word_in_the_documentation() -> None:
    text = (DOCS / "explanation" / "consent-and-erasing.md").read_text(encoding="utf-8")
    part = text[text.index("## What is not promised"):text.index("What remains on record")]
    assert re.findall(r"^- (.*)$", part, re.M) == list(NOT_PROMISED)


@pytest.mark.parametrize("page", ["tutorials/first-visit.md", "how-to/withdraw-consent.md"])
def test_links_named_in_the_guides_are_on_the_pages(page: str) -> None:
    """What stands in italics after “choose” is the label of a link or a button, letter for letter."""
    said = " ".join(plain(DOCS / page).split())
    shown = " ".join(
        file.read_text(encoding="utf-8") for place in ("*.html", "*.py") for file in (ROOT / "src/fairwitness/web").rglob(place)
    )
    named = [word for part in re.findall(r"choose(.{0,80})", said) for word in re.findall(r"\*([A-Z][^*]+)\*", part)]
    assert len(named) >= 3
    assert [word for word in named if word not in shown] == []
