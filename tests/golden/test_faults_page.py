"""The page of mischief says what the code does, and each kind has the scene that the page names."""

import json
import re
from pathlib import Path

import msgspec

from fairway.exchange.faults.kinds import kinds

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| `(\w+)` \| (.*?) \| (\w+) \| .+ \|$", re.MULTILINE)


def rows() -> dict[str, tuple[str, str]]:
    """Options and scene by kind, as the page has them."""
    text = (ROOT / "docs" / "reference" / "faults.md").read_text()
    return {kind: (options, scene) for kind, options, scene in ROW.findall(text)}


def test_every_kind_has_its_row_with_its_options() -> None:
    """With their defaults, in the order of the code."""
    told = {name: ", ".join(_options(kind.options)) or "none" for name, kind in kinds().items()}
    assert {name: options for name, (options, _) in rows().items()} == told


def test_every_kind_has_its_scene() -> None:
    """Where the trader meets it and ends with belief equal to truth."""
    for name, (_, scene) in rows().items():
        text = (ROOT / "tests" / "scenes" / f"test_{scene}.py").read_text()
        assert f'misdeed("{name}"' in text
        assert "assert_belief_is_truth()" in text


def _options(options: type[msgspec.Struct]) -> list[str]:
    fields = msgspec.structs.fields(options)
    return [f"`{field.name}` {json.dumps(msgspec.to_builtins(field.default))}" for field in fields]
