"""What a chaos scene came to: each number beside its bound, what was injected and how fast it was over, and what broke a rule."""

from collections.abc import Sequence

from msgspec import Struct


class CheckResult(Struct, frozen=True, kw_only=True):
    """One number. play: which part of the scene it was measured in; part: what of a high-risk scenario it shows, or "".

    measured: None where it was not seen. bound: such as `at most 30 s`.
    """

    play: str
    tells: str
    measured: float | None
    bound: str
    unit: str
    holds: bool
    at_most: float | None = None
    at_least: float | None = None
    part: str = ""

    @property
    def badness(self) -> tuple[bool, bool, float]:
        """Larger for what is worse, of checks with the same bound."""
        if self.measured is None:
            return not self.holds, True, 0.0
        return not self.holds, False, self.measured if self.at_most is not None else -self.measured


class RecoveryResult(Struct, frozen=True, kw_only=True):
    """One trouble that was injected. Seconds of the play; took_s: from its end until the system was itself again, None for never.

    lasted_s: the trouble's own length, which no system can shorten.
    """

    play: str
    tells: str
    since_s: float
    lasted_s: float
    took_s: float | None
    within_s: float

    @property
    def is_recovered(self) -> bool:
        return self.took_s is not None and self.took_s <= self.within_s


class SceneResult(Struct, frozen=True, kw_only=True):
    """violations: of invariants and of the oracle's rules, in words. took_s: real seconds on this machine."""

    name: str
    kind: str
    source: str
    shows: str
    injects: str
    assumes: str
    items: tuple[str, ...]
    plays: int
    checks: tuple[CheckResult, ...]
    recoveries: tuple[RecoveryResult, ...]
    violations: tuple[str, ...]
    took_s: float
    again: str

    @property
    def holds(self) -> bool:
        """Whether all was seen that must be: a scene that measured nothing shows nothing."""
        has_shown = bool(self.checks or self.recoveries)
        return has_shown and not self.violations and all(each.holds for each in self.checks) and self.has_recovered

    @property
    def has_recovered(self) -> bool:
        return all(each.is_recovered for each in self.recoveries)

    def against(self) -> Sequence[str]:
        """What speaks against it, in sentences; empty where it holds."""
        if not (self.checks or self.recoveries):
            return ["it measured nothing"]
        checks = (
            f"{each.play}: {each.tells}: {number(each.measured, each.unit)}, and must be {each.bound}"
            for each in self.checks
            if not each.holds
        )
        recoveries = (
            f"{each.play}: {each.tells}: recovered after {number(each.took_s, 's')}, and must within {each.within_s:g} s"
            for each in self.recoveries
            if not each.is_recovered
        )
        return [*checks, *recoveries, *self.violations]


def number(measured: float | None, unit: str) -> str:
    """A measured number as people read it."""
    if measured is None:
        return "not seen"
    text = f"{measured:,.3f}".rstrip("0").rstrip(".") if measured % 1 else f"{measured:,.0f}"
    return f"{text} {unit}".strip()
