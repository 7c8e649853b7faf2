"""The record of a launch as text, as a page, on paper and as data. The same record gives the same bytes."""

from importlib.resources import files
from typing import TYPE_CHECKING, Final

import msgspec

from fairway.launch.views.record import LaunchRecord

if TYPE_CHECKING:
    from jinja2 import Environment

TEXT_TEMPLATE: Final = "record.md.jinja"
PAGE_TEMPLATE: Final = "record.html.jinja"
PAPER_TEMPLATE: Final = "record.typ"


def markdown(record: LaunchRecord) -> str:
    """The record as text that is read anywhere."""
    environment = _environment(escapes=False)
    environment.filters["cell"] = _cell
    return environment.get_template(TEXT_TEMPLATE).render(record=record)


def page(record: LaunchRecord) -> bytes:
    """The record as one page that needs nothing else, UTF-8. The same record gives the same bytes."""
    return _environment(escapes=True).get_template(PAGE_TEMPLATE).render(record=record).encode()


def pdf(record: LaunchRecord) -> bytes:
    """The record on paper: PDF with tags for who has it read out, and with the fonts that typst brings."""
    import typst

    template = files("fairway.launch.views").joinpath("templates", PAPER_TEMPLATE).read_bytes()
    inputs = {
        "record": msgspec.json.encode(record).decode(),
        "verdict": "go" if record.is_go else "wait" if record.is_ready else "no",
    }
    made: bytes = typst.compile(template, format="pdf", sys_inputs=inputs, ignore_system_fonts=True, timestamp=0)
    return made


def data(record: LaunchRecord) -> bytes:
    """The record for other programs."""
    return msgspec.json.format(msgspec.json.encode(record), indent=2) + b"\n"


def _environment(*, escapes: bool) -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("fairway.launch.views"),
        autoescape=escapes,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=not escapes,
    )


def _cell(text: str) -> str:
    """Escapes a person's text, so that it neither ends a cell nor starts other markup."""
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ").replace("<", "&lt;").replace("`", "'")
