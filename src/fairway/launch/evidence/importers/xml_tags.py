"""Reads XML of strangers tag by tag: nothing is expanded, nothing is fetched, and no tree is built that could be deep."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.parsers.expat import ExpatError, ParserCreate

from fairway.launch.evidence.importers.port import SourceFile

TAGS_MAX = 2_000_000


@dataclass(frozen=True, slots=True)
class XmlTag:
    """One opening tag. parent: the name of the tag that it is in, "" for the first."""

    name: str
    parent: str
    attributes: Mapping[str, str]
    line: int


class _Refused(Exception):
    pass


def tags(source: SourceFile) -> list[XmlTag]:
    """Every opening tag, in order. Raises ImportFailed: a document type, and so every entity of its own, is refused."""
    parser = ParserCreate()
    found: list[XmlTag] = []
    open_tags: list[str] = []

    def opened(name: str, attributes: dict[str, str]) -> None:
        if len(found) >= TAGS_MAX:
            raise _Refused(f"has more than {TAGS_MAX:,} tags")
        bare = name.rpartition(":")[2]
        found.append(XmlTag(bare, open_tags[-1] if open_tags else "", attributes, parser.CurrentLineNumber))
        open_tags.append(bare)

    def closed(_: str) -> None:
        open_tags.pop()

    def refused(*_: object) -> None:
        raise _Refused("declares a document type, which no report needs; it is not read")

    parser.StartElementHandler, parser.EndElementHandler = opened, closed
    parser.StartDoctypeDeclHandler = refused
    parser.EntityDeclHandler = refused
    try:
        parser.Parse(source.data, True)
    except _Refused as error:
        raise source.broken(str(error), line=parser.CurrentLineNumber) from None
    except (ExpatError, ValueError, LookupError) as error:
        line, column = getattr(error, "lineno", 0), getattr(error, "offset", -1) + 1
        raise source.broken(f"is no XML: {str(error).partition(':')[0]}", line=line, column=column) from None
    return found


def root_is(source: SourceFile, *names: str) -> bool:
    """Whether it looks like XML whose first tag is one of these; cheap, and never fails."""
    head = source.data[:4_000].decode("utf-8", "replace")
    return any(f"<{name}" in head for name in names) and head.lstrip("\ufeff \t\r\n").startswith("<")


def whole(attributes: Mapping[str, str], key: str) -> int:
    """A count; 0 where it is no number."""
    text = attributes.get(key, "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def first(found: list[XmlTag], name: str) -> Iterator[XmlTag]:
    return (tag for tag in found if tag.name == name)
