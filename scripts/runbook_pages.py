"""Writes docs/runbooks: a page for each runbook that comes with Fairway, and their index.

With --check it only says whether the pages are current.
"""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from textwrap import fill

from fairway.incidents.runbooks.library import WrittenRunbook, shipped_runbooks
from fairway.incidents.runbooks.runbook import END, NEXT, OTHER_RUNBOOK, STOP, RunbookStep
from fairway.incidents.runbooks.runbook_text import check_words, did_words
from fairway.texts.durations import as_setting

FOLDER = Path(__file__).parents[1] / "docs" / "runbooks"
COLUMNS = 138
INDEX_HEAD = """# Runbooks

What to do about an alert, step by step. Each page is written from the file that `fairway runbook run NAME` executes. Each step
says what it does, its effect, and how that is verified. `fairway runbook list` shows when each was last executed, and marks those
that were not within 30 days. How to write your own: [Add a runbook](../how-to/add-a-runbook.md).

In the pages `{config}` is the bot's configuration, `{account}` one of several accounts, `{symbol}` a pair, `{incident}` the
incident's id, and `{journal}` the trader's journal. `fairway runbook run` fills them in.

| runbook | severity | what is wrong | alerts |
| --- | --- | --- | --- |
"""


def pages() -> Mapping[str, str]:
    """By file name, the text of every page."""
    found = {f"{name}.md": "\n".join(_page(written)) + "\n" for name, written in shipped_runbooks().items()}
    rows = [
        f"| [{name}]({name}.md) | {each.runbook.severity.value} | {each.runbook.about} | {', '.join(each.runbook.alerts)} |"
        for name, each in shipped_runbooks().items()
    ]
    return {**found, "README.md": INDEX_HEAD + "\n".join(rows) + "\n"}


def _page(written: WrittenRunbook) -> Iterator[str]:
    runbook = written.runbook
    yield f"# {runbook.runbook}\n"
    yield "<!-- from the code: scripts/runbook_pages.py -->\n"
    yield f"{_filled(f'**{runbook.severity.value}.** {runbook.about} {runbook.note}')}\n"
    yield f"{_filled(f'It is over when: {runbook.over}')}\n"
    yield f"Alerts: {', '.join(f'`{alert}`' for alert in runbook.alerts)}\n"
    yield f"```\nfairway runbook run {runbook.runbook}\n```\n"
    for number, step in enumerate(runbook.steps, 1):
        yield from _step(number, step)
    yield "[All runbooks](README.md)"


def _step(number: int, step: RunbookStep) -> Iterator[str]:
    yield f"## {number}. {step.step}\n"
    if step.raises:
        yield "**It raises exposure: a person confirms it.**\n"
    for line in did_words(step):
        if line.startswith(("run: ", "operation: ")):
            kind, _, what = line.partition(": ")
            yield f"{kind.capitalize()}:\n\n```\n{what}\n```\n"
        else:
            yield f"{_filled(line)}\n"
    yield from (_item(f"answer *{answer}*: {_target(target)}") for answer, target in step.choices.items())
    yield _item(f"effect: {step.expect}")
    yield from (_item(f"verify: {check_words(check)}") for check in step.verify)
    within = f"within {as_setting(step.timeout)}"
    then = "" if step.choices else f"; then {_target(step.then)}"
    yield _item(f"{within}{then}; where it fails: {_target(step.otherwise)}") + "\n"


def _target(target: str) -> str:
    if target.startswith(OTHER_RUNBOOK):
        name = target.removeprefix(OTHER_RUNBOOK)
        return f"the runbook [{name}]({name}.md)"
    return {NEXT: "the next step", END: "it is done", STOP: "a person takes over"}.get(target, f"`{target}`")


def _item(text: str) -> str:
    return fill(text, COLUMNS, initial_indent="* ", subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)


def _filled(text: str) -> str:
    return fill(text, COLUMNS, break_long_words=False, break_on_hyphens=False)


def write() -> None:
    """Writes every page, and removes those of runbooks that are gone."""
    FOLDER.mkdir(exist_ok=True)
    made = pages()
    for place in FOLDER.glob("*.md"):
        if place.name not in made:
            place.unlink()
    for name, text in made.items():
        (FOLDER / name).write_text(text)


def is_current() -> bool:
    """Whether the pages are those that would be written now."""
    return {place.name: place.read_text() for place in FOLDER.glob("*.md")} == dict(pages())


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(int(not is_current()))
    write()
