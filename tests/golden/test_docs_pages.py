"""The pages of the documentation: each has its place in the index, its links and the files it names exist, its lines fit."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
KINDS = ("tutorials", "how-to", "reference", "explanation", "decisions")
RUNBOOKS = DOCS / "runbooks"
"""Pages with an index of their own."""
PAGES = sorted([*DOCS.rglob("*.md"), ROOT / "README.md", ROOT / "ARCHITECTURE.md"])
LONGEST_LINE = 140


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


def prose(text: str) -> list[tuple[int, str]]:
    """The numbered lines of `text` without code blocks and tables, which can't be wrapped."""
    found, in_block = [], False
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("```"):
            in_block = not in_block
        elif not in_block and not line.startswith("|"):
            found.append((number, line))
    return found


def anchor(heading: str) -> str:
    """The fragment under which GitHub links to `heading`."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


def anchors(page: Path) -> set[str]:
    return {anchor(line.lstrip("#")) for _, line in prose(page.read_text()) if line.startswith("#")}


def links(page: Path) -> list[str]:
    found = re.findall(r"\]\(([^)\s]+)\)", page.read_text())
    return [link for link in found if not re.match(r"[a-z]+:", link)]


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    for link in links(page):
        path, _, fragment = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{named(page)} links to {link}, which does not exist"
        assert not fragment or fragment in anchors(target), f"{named(page)} links to {link}: {target.name} has no such heading"


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_source_file_that_a_page_names_exists(page: Path) -> None:
    for path in re.findall(r"`((?:src|scripts|bench)/[\w/.-]+\.py)", page.read_text()):
        assert (ROOT / path).is_file(), f"{named(page)} names {path}"


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_lines_fit_into_140_columns(page: Path) -> None:
    long = [number for number, line in prose(page.read_text()) if len(line) > LONGEST_LINE]
    assert not long, f"{named(page)}: lines {long} are longer than {LONGEST_LINE} columns"


def test_the_index_lists_every_page_under_its_kind() -> None:
    index = DOCS / "README.md"
    listed = {(DOCS / link).resolve() for link in links(index)}
    pages = {page for kind in KINDS for page in (DOCS / kind).rglob("*.md")}
    assert len(pages) > 30
    assert not pages - listed, "docs/README.md does not list these pages"
    assert RUNBOOKS / "README.md" in listed
    assert {(RUNBOOKS / link).resolve() for link in links(RUNBOOKS / "README.md")} >= set(RUNBOOKS.glob("*.md")) - {
        RUNBOOKS / "README.md"
    }


def test_every_page_of_the_docs_is_one_of_the_kinds() -> None:
    loose = {page.name for page in DOCS.glob("*.md")} - {"README.md", "glossary.md", "panel.md"}
    assert not loose, f"put these into one of {', '.join(KINDS)}"
    assert {folder.name for folder in DOCS.iterdir() if folder.is_dir()} == {*KINDS, RUNBOOKS.name, "panel"}


def test_every_file_of_the_data_walks_exists() -> None:
    """ARCHITECTURE.md follows a candle, a kill and a promotion through the code, by paths below src/fairway."""
    text = (ROOT / "ARCHITECTURE.md").read_text()
    for walk in ("## Candle to order to fill to gate", "## Kill to verified", "## Promote"):
        steps = text.partition(f"{walk}\n")[2].partition("\n## ")[0]
        named_files = re.findall(r"`([\w/]+\.py)`", steps)
        assert len(named_files) >= 5, walk
        for path in named_files:
            assert (ROOT / "src" / "fairway" / path).is_file(), f"{walk} names {path}"


def test_the_table_of_rooms_lists_every_room() -> None:
    rooms = {path.name for path in (ROOT / "src" / "fairway").iterdir() if path.is_dir() and path.name != "__pycache__"}
    table = (ROOT / "ARCHITECTURE.md").read_text().partition("## Rooms and arrows")[2].partition("\n## ")[0]
    assert rooms == set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (.+?) \|", table, re.MULTILINE))))
