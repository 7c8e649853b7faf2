"""What a gate is: a question's settings, a pure judgement of facts, and inputs by which it was seen to block."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pydantic import Field

from fairway.launch.evidence.model import Evidence, Rank
from fairway.launch.gates.verdict import Verdict
from fairway.texts.section import Section
from fairway.watch.series import Series


class GateSettings(Section):
    """What every gate may be told in a plan; a gate adds its own keys.

    name: what the plan calls it. The plan's key `gate` says which gate it is.
    """

    name: str = Field(description="What the plan calls it", min_length=1, max_length=60, examples=["success"])

    @cached_property
    def spec(self) -> str:
        """All of it as text: what a verdict's digest begins with."""
        return repr(self)

    def __hash__(self) -> int:
        """Keys of a gate may be mappings."""
        return hash(self.spec)


@dataclass(frozen=True, slots=True)
class Claim:
    """An item of a plan's checklist. rank: the weakest class of evidence that meets it.

    max_age: how long such counts (ns), 0 for ever. of_release: whether only evidence of this very release counts.
    """

    name: str
    rank: Rank
    max_age: int = 0
    of_release: bool = True


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a gate may know. now: the instant that is judged at (ns). since: when the stage began (ns).

    pauses: spells (from, until; ns) in which the stage's clock stood, held or blind; release: the digest under launch.
    series: by indicator; what is not in it, nobody measures. baselines: by name; approvals: names of those given and valid,
    by role.
    """

    now: int
    since: int
    release: str = ""
    author: str = ""
    series: Mapping[str, Series] = field(default_factory=dict)
    controls: Mapping[str, Series] = field(default_factory=dict)
    """The same indicators of a concurrent control, such as the old release beside the new one."""
    baselines: Mapping[str, Mapping[str, Series]] = field(default_factory=dict)
    """By name, and by indicator: what was captured from a run that passed."""
    evidence: Sequence[Evidence] = ()
    checklist: Sequence[Claim] = ()
    """All items of the plan's."""
    waived: frozenset[str] = frozenset()
    """Items that need not be met now, because somebody who may has said so for a while."""
    approvals: Mapping[str, Sequence[str]] = field(default_factory=dict)
    pauses: Sequence[tuple[int, int]] = ()
    release_since: int = 0
    """Since when this release runs in the launch (ns); 0 where there was no other before it."""
    tries: int = 1
    """How often this release was tried in this stage, with this time: each try is one more chance to be lucky."""


def _no_claims(settings: Any) -> Sequence[Claim]:
    return ()


@dataclass(frozen=True, slots=True)
class Gate:
    """judge(settings, facts) is pure. asks: indicators that it needs, given its settings. flawless, spoiled: facts made for the
    settings by which it passes, and by which it must not: how it is proven to block. claims: which it asks for by itself, beside
    the plan's checklist; evidence for a claim that nobody asks for is not taken.

    means, formula, source: for its page; what it asks, how it is computed, and where the method is from. example: as in a plan.
    assumes, breaks: what it takes for granted of what it judges, and what happens where that is not so.
    """

    name: str
    settings: type[GateSettings]
    judge: Callable[[Any, Facts], Verdict]
    asks: Callable[[Any], Sequence[str]]
    means: str
    formula: str
    source: str
    example: str
    flawless: Callable[[Any], Facts]
    spoiled: Callable[[Any], Facts]
    claims: Callable[[Any], Sequence[Claim]] = _no_claims
    assumes: str = "Nothing"
    breaks: str = ""
