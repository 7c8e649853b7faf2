"""Checks a plan with every rule: what each finds, what the plan accepts, and whether the plan may be launched."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from fairway.launch.plan.day import Accept
from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.once import Seen, once
from fairway.launch.plan.lint.port import KIND, Rule, RuleFinding, Severity, rules
from fairway.texts.located_yaml import Path, Tree, dotted
from fairway.texts.nearest import nearest

MISREAD = Rule(
    "misread",
    Severity.REFUSE,
    "A gate that cannot read its settings decides nothing.",
    lambda _: (),
    may_stay=False,
)
IDLE_ACCEPT = "idle-accept"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found in a plan. accepted: the plan's reason why it stays, or ""."""

    rule: str
    severity: Severity
    line: int
    column: int
    place: str
    what: str
    mend: str
    because: str
    accepted: str = ""

    @property
    def name(self) -> str:
        """As a plan accepts it."""
        return f"{self.rule} {self.place}"

    @property
    def refuses(self) -> bool:
        return self.severity is Severity.REFUSE and not self.accepted


def lint(draft: Draft) -> list[Finding]:
    """All findings, each cause once, in the order of the file."""
    accepts = {_spaced(each.finding): each for each in draft.plan.accept}
    looked = [*_misread(draft), *(Seen(rule, found) for rule in rules() for found in rule.look(draft))]
    seen = [replace(each, accepted=_accepted(draft, each, accepts)) for each in looked]
    told = [*_unusable(), *(_finding(draft, each) for each in once(seen, draft.written.composed.tree))]
    told += _idle(draft, {_finding(draft, each).name for each in seen})
    return sorted(told, key=lambda each: (each.line, each.column, each.rule, each.what))


def may_be_launched(findings: list[Finding]) -> bool:
    return not any(finding.refuses for finding in findings)


def _accepted(draft: Draft, seen: Seen, accepts: dict[str, Accept]) -> str:
    found = accepts.get(_finding(draft, seen).name) if seen.rule.may_stay else None
    return found.reason if found else ""


def _finding(draft: Draft, seen: Seen) -> Finding:
    composed, found = draft.written.composed, seen.found
    line, column = composed.place(found.path)
    place = named(found.path, composed.tree)
    rule = seen.rule
    return Finding(rule.name, seen.severity, line, column, place, found.what, found.mend, rule.because, seen.accepted)


def _misread(draft: Draft) -> Iterator[Seen]:
    """What a gate's own plug-in does not understand is a finding like any other, so that everything is told at once."""
    for problem in draft.written.misfits:
        mend = f"write {problem.example}" if problem.example else "change it, or leave it out"
        yield Seen(MISREAD, RuleFinding(problem.path, problem.what, mend))


def _unusable() -> Iterator[Finding]:
    """A rule that cannot be loaded looks at nothing, and that is told."""
    for broken in KIND.installed().broken:
        because = "What it would have found is not known."
        yield Finding("broken-rule", Severity.WARN, 0, 0, broken.name, str(broken), "repair or remove that package", because)


def _idle(draft: Draft, names: set[str]) -> Iterator[Finding]:
    """An acceptance of what is not there would hide the next one at its place."""
    for index, accept in enumerate(draft.plan.accept):
        if _spaced(accept.finding) not in names:
            line, column = draft.written.composed.place(("accept", index))
            meant = nearest(_spaced(accept.finding), names)
            yield Finding(
                IDLE_ACCEPT,
                Severity.WARN,
                line,
                column,
                dotted(("accept", index)),
                f"{accept.finding!r} is no finding of this plan",
                f"finding: {meant}" if meant else "leave it out",
                "A reader believes in a danger that does not exist, and the next finding at that place is accepted unseen.",
            )


def named(path: Path, tree: Tree) -> str:
    """A place by the names of what stands there: `stages[green-10].gates[uptime]`, which stays when lines are added above."""
    text = ""
    for part in path:
        tree = _part(tree, part)
        name = next((tree[key] for key in ("name", "id", "phase", "do") if key in tree), None) if isinstance(tree, dict) else None
        if isinstance(part, int):
            text += f"[{name if isinstance(name, str) and name else part}]"
        else:
            text += f".{part}" if text else part
    return text


def _part(tree: Tree, part: str | int) -> Tree:
    match tree, part:
        case dict(), str() if part in tree:
            return tree[part]
        case list(), int() if part < len(tree):
            return tree[part]
    return ""


def _spaced(text: str) -> str:
    return " ".join(text.split())
