"""Defines what a gate is: its settings, a pure function that judges facts, and facts that prove that it passes and blocks."""

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
    """The keys that every gate has in a plan; the settings of a gate add their own.

    The plan's key `gate` names the kind of gate and is read before these settings.
    """

    name: str = Field(description="What the plan calls it", min_length=1, max_length=60, examples=["success"])

    @cached_property
    def spec(self) -> str:
        """All settings as text; the digest of a verdict begins with it."""
        return repr(self)

    def __hash__(self) -> int:
        """The hash of the text, because the values of a gate's keys may be mappings."""
        return hash(self.spec)


@dataclass(frozen=True, slots=True)
class Claim:
    """An item of a plan's checklist, or what a gate such as `drill` requires evidence for."""

    name: str
    rank: Rank
    """The weakest class of evidence that meets it."""
    max_age: int = 0
    """How long evidence counts (ns); 0 for ever."""
    of_release: bool = True
    """Whether only evidence of the release under launch counts."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that a gate may judge by. A gate reads no clock and no file."""

    now: int
    """The instant that is judged at (ns)."""
    since: int
    """When the stage began (ns)."""
    release: str = ""
    """The digest of the release under launch."""
    author: str = ""
    series: Mapping[str, Series] = field(default_factory=dict)
    """By indicator; an indicator that is missing here is measured by no source."""
    controls: Mapping[str, Series] = field(default_factory=dict)
    """The same indicators of a concurrent control, such as the old release beside the new one."""
    baselines: Mapping[str, Mapping[str, Series]] = field(default_factory=dict)
    """By name, and by indicator: what was captured from a run that passed."""
    evidence: Sequence[Evidence] = ()
    checklist: Sequence[Claim] = ()
    """All items of the plan's checklist."""
    waived: frozenset[str] = frozenset()
    """Items of the checklist that a person has waived for a while."""
    approvals: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """By role: the names of the people whose approval is valid."""
    pauses: Sequence[tuple[int, int]] = ()
    """Spells (from, until; ns) in which the stage's clock was paused by a hold or by missing measurements."""
    release_since: int = 0
    """Since when this release runs in the launch (ns); 0 where it is the first one."""
    tries: int = 1
    """How many attempts of this stage the release has made, this one included: each is one more chance of a lucky pass."""


def _no_claims(settings: Any) -> Sequence[Claim]:
    return ()


def _no_approvals(settings: Any) -> Mapping[str, int]:
    return {}


@dataclass(frozen=True, slots=True)
class Gate:
    """One kind of gate. `fairway.launch.gates.registry` finds it by its name, in Fairway and in other packages."""

    name: str
    """What plans write under the key `gate`."""
    settings: type[GateSettings]
    judge: Callable[[Any, Facts], Verdict]
    """Takes the settings and the facts, and is pure: the same facts give the same verdict."""
    indicators: Callable[[Any], Sequence[str]]
    """The indicators that a gate with these settings reads."""
    question: str
    """For its page: what it asks, as one sentence; `formula`: how it is computed; `reference`: where the method is published."""
    formula: str
    reference: str
    example: str
    """An entry as it stands in a plan."""
    passing_facts: Callable[[Any], Facts]
    """Facts made for the settings, which the gate must pass."""
    failing_facts: Callable[[Any], Facts]
    """The same facts with one thing wrong, which the gate must not pass."""
    claims: Callable[[Any], Sequence[Claim]] = _no_claims
    """Claims that it requires evidence for beside the checklist. Evidence for a claim that no item and no gate has is refused."""
    approvals: Callable[[Any], Mapping[str, int]] = _no_approvals
    """How many people of each role it waits for."""
    decides: bool = True
    """False for a gate that only shows a number: it neither holds nor demotes a launch."""
    needs_rate: bool = False
    """Whether it waits for observations that come with trading, so that a plan has to say how often it expects them."""
    may_judge_profit: bool = False
    """Whether the linter lets it judge profit: only where profit cannot promote a bot, or every single result counts."""
    assumptions: str = "Nothing"
    """For its page: what the method assumes of the observations."""
    limitations: str = ""
    """For its page: what the gate does where an assumption does not hold."""
