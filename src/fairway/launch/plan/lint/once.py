"""Merges findings about the same defect: of several stages with one gate, of two rules about one cause, or of one value."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.texts.located_yaml import Path, Tree

TOLD: Final = 3
"""So many differences at one place are told; of more only how many there are."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a rule has found. accepted: the plan's reason why it stays, or ""."""

    rule: Rule
    found: RuleFinding
    accepted: str = ""

    @property
    def severity(self) -> Severity:
        return self.found.severity or self.rule.severity

    @property
    def subject(self) -> Path:
        """What it is about: the key that is missing in its place, else the place."""
        return (*self.found.path, self.found.about) if self.found.about else self.found.path


def once(seen: Sequence[Seen], tree: Tree) -> list[Seen]:
    """Each cause once. What a plan accepts hides nothing, for it has answered that one alone."""
    open_ones = [each for each in seen if not each.accepted]
    kept = [each for each in seen if each.accepted or not any(_says_more(other, each, tree) for other in open_ones)]
    groups: dict[tuple[str, Path], list[Seen]] = {}
    for each in kept:
        groups.setdefault((each.rule.name, each.found.path), []).append(each)
    return [_joined(group) for group in groups.values()]


def _says_more(other: Seen, each: Seen, tree: Tree) -> bool:
    """Whether another rule's finding makes this one superfluous. A warning never hides a refusal."""
    if other.rule.name == each.rule.name or (other.severity is Severity.WARN and each.severity is Severity.REFUSE):
        return False
    if other.rule.name in each.rule.yields_to:
        is_one_key = not (other.found.about and each.found.about) or other.found.about == each.found.about
        return other.found.path == each.found.path and is_one_key
    if each.rule.name in other.rule.yields_to and other.severity is each.severity:
        return False
    return other.subject == each.subject and _is_value(tree, each.subject) and _rank(other) < _rank(each)


def _rank(seen: Seen) -> tuple[bool, bool, str]:
    """Of two rules about one value which is told: the graver, then one that says more than others, then by name."""
    return seen.severity is Severity.WARN, bool(seen.rule.yields_to), seen.rule.name


def _is_value(tree: Tree, path: Path) -> bool:
    """Whether a path leads to a single value, or to a key that is not there."""
    for part in path:
        match tree, part:
            case (dict(), str()) if part in tree:
                tree = tree[part]
            case (list(), int()) if part < len(tree):
                tree = tree[part]
            case _:
                return bool(path)
    return isinstance(tree, str)


def _joined(group: list[Seen]) -> Seen:
    """The gravest of them, with what the others say."""
    first = min(group, key=lambda each: each.severity is Severity.WARN)
    ordered = [first, *(each for each in group if each is not first)]
    what = _listed(dict.fromkeys(each.found.what for each in ordered))
    mend = _listed(dict.fromkeys(each.found.mend for each in ordered))
    return replace(first, found=replace(first.found, what=what, mend=mend, severity=first.severity))


def _listed(texts: dict[str, None]) -> str:
    told = list(texts)
    more = [f"and {len(told) - TOLD} more like it"] if len(told) > TOLD else []
    return "; ".join([*told[:TOLD], *more])
