"""Writes docs/reference/api.md from the server's own description of its paths, with a line for curl for each.

With --check it only says whether the page is current. tests/clients/test_curl_lines.py sends every line to a running system.
"""

import json
import shlex
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import fill
from typing import Any, Final

from scripts.pages import run

from fairway.api.serving import opened_app
from fairway.settings import load
from fairway.world.clock import SystemClock

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "api.md"
BEGIN, END = "<!-- from the code: scripts/api_page.py -->", "<!-- end -->"
CONFIG = """
mode: practice
venue: {exchange: binance, url: "http://127.0.0.1:9100", key: env:KEY, secret: env:SECRET}
symbols: [BTC/USDT]
strategy: {name: periodic}
"""
ADDRESS: Final = "http://127.0.0.1:8080"
VALUES: Final = {
    "order_id": "fw-me-k3x9q-1-4-t",
    "command_id": "0123456789ab",
    "token_id": "0123456789ab",
    "account_id": "ann1",
    "user_id": "bob",
    "source": "tradingview",
}
"""What stands in an example for a part of a path, where the description has no example."""
STREAM: Final = "text/event-stream"
UPLOAD: Final = "application/octet-stream"
FILE: Final = "evidence.xml"
REFRESH: Final = "/api/v1/token/refresh"
COLUMNS: Final = 138
LAST: Final = ("/api/v1/password", "/api/v1/session")
"""Paths that end the sign-in with which an example is sent."""


def described() -> dict[str, Any]:
    """The server's OpenAPI document."""
    with TemporaryDirectory() as folder:
        config = Path(folder) / "fairway.yaml"
        config.write_text(CONFIG)
        with opened_app(config, load(config), SystemClock()) as app:
            return app.openapi()


def page(old: str) -> str:
    """The page with its list of paths made again."""
    before, _, rest = old.partition(BEGIN)
    _, _, after = rest.partition(END)
    paths = "\n".join(_lines(described()))
    return f"{before}{BEGIN}\n\n{paths}\n{END}{after}"


def _lines(document: dict[str, Any]) -> Iterator[str]:
    by_tag: dict[str, list[tuple[str, str, dict[str, Any]]]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            by_tag.setdefault(operation.get("tags", ["other"])[0], []).append((path, method, operation))
    for tag, operations in by_tag.items():
        yield f"## {tag[0].upper()}{tag[1:]}\n"
        for path, method, operation in sorted(operations, key=lambda each: (each[0] in LAST, each[1] == "delete")):
            yield from _operation(document, path, method, operation)


def _operation(document: dict[str, Any], path: str, method: str, operation: dict[str, Any]) -> Iterator[str]:
    yield f"### `{method.upper()} {path}`\n"
    words = operation.get("description") or operation.get("summary", "")
    if "/commands/" in path and operation.get("summary"):
        words = f"{operation['summary']} {operation.get('description', '')}"
    yield f"{fill(' '.join(words.split()), COLUMNS, break_long_words=False)}\n"
    yield f"Answers {_statuses(operation)}.\n"
    yield f"```sh\n{line(document, path, method, operation)}\n```\n"


def _statuses(operation: dict[str, Any]) -> str:
    codes = sorted(operation["responses"])
    return ", ".join(codes[:-1]) + f" or {codes[-1]}" if len(codes) > 1 else codes[0]


def line(document: dict[str, Any], path: str, method: str, operation: dict[str, Any]) -> str:
    """A command line that asks this path, by bash."""
    words = ["curl -s"]
    if STREAM in operation["responses"].get("200", {}).get("content", {}):
        words.append("-N --max-time 2")
    if method != "get":
        words.append(f"-X {method.upper()}")
    if "HTTPBasic" in str(operation.get("security")) and "HTTPBearer" not in str(operation.get("security")):
        words.append('-u "me:$PASSWORD"')
    elif operation.get("security"):
        token = "REFRESH_TOKEN" if path == REFRESH else "TOKEN"
        words.append(f'-H "Authorization: Bearer ${token}"')
    words += _body(document, operation)
    words.append(f'"{ADDRESS}{_filled(path, operation)}{_query(operation)}"')
    return _broken(words)


def _broken(words: list[str]) -> str:
    """In one line where it fits, else in several."""
    whole = " ".join(words)
    return whole if len(whole) <= COLUMNS else " \\\n  ".join(words)


def _body(document: dict[str, Any], operation: dict[str, Any]) -> Iterator[str]:
    content = operation.get("requestBody", {}).get("content", {})
    if UPLOAD in content:
        yield f"-H 'Content-Type: {UPLOAD}' --data-binary @{FILE}"
    elif content:
        schema = next(iter(content.values()))["schema"]
        body = json.dumps(example(document, schema))
        yield f"-H 'Content-Type: application/json' -d {_in_quotes(body)}"


def _in_quotes(body: str) -> str:
    """One that names a variable of the shell stands in quotes in which the shell puts it in."""
    return '"' + body.replace('"', r"\"") + '"' if "$" in body else shlex.quote(body)


def _filled(path: str, operation: dict[str, Any]) -> str:
    for each in operation.get("parameters", []):
        if each["in"] == "path":
            path = path.replace(f"{{{each['name']}}}", str(_example_of(each)))
    return path


def _query(operation: dict[str, Any]) -> str:
    """The parameters that must be given."""
    needed = [each for each in operation.get("parameters", []) if each["in"] == "query" and each.get("required")]
    words = [f"{each['name']}={_quoted(each)}" for each in needed]
    return f"?{'&'.join(words)}" if words else ""


def _quoted(parameter: dict[str, Any]) -> str:
    if parameter["name"] == "sha256":
        return f"$(sha256sum {FILE} | cut -c1-64)"
    return str(_example_of(parameter)).replace(" ", "%20")


def _example_of(parameter: dict[str, Any]) -> Any:
    schema = parameter["schema"]
    examples = schema.get("examples") or [parameter.get("example")]
    return VALUES.get(parameter["name"], examples[0])


def example(document: dict[str, Any], schema: dict[str, Any]) -> Any:
    """A right value of a schema: its own example, else one of its parts."""
    if "$ref" in schema:
        return example(document, document["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    if schema.get("examples"):
        return schema["examples"][0]
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        return example(document, schema["anyOf"][0])
    if schema.get("type") == "object":
        needed = schema.get("required", [])
        return {name: example(document, each) for name, each in schema.get("properties", {}).items() if name in needed}
    return {"string": "text", "integer": 1, "number": 1, "boolean": True, "array": []}.get(schema.get("type", ""))


if __name__ == "__main__":
    run(PAGE, page)
