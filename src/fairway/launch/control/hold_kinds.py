"""Kinds of holds: what a hold comes from, what it does to the launch, how severe it is, who releases it and what clears it.

Each hold carries its kind, in memory and in the journal. Whatever is decided about a hold is read from these fields; its id only
tells it from other holds. Renaming a guard, a gate or an alarm changes ids and texts, and nothing else.
"""

from enum import StrEnum
from typing import Final

from msgspec import Struct

from fairway.risk.caps import Lifting
from fairway.risk.causes import AlertSeverity, Cause, Effect


class HoldSource(StrEnum):
    """What a hold comes from. Metrics count holds by it."""

    PERSON = "person"
    GATE = "gate"
    LONGEST_STAY = "inconclusive"
    FIRST_STAGE = "failed"
    """A demotion in a track's first stage, where there is no smaller one."""
    LOSS_BUDGET = "budget"
    CAUSE = "cause"
    """A cap of the trader, or an alarm of the plan."""
    BLINDNESS = "blind"
    KILL_NOT_DONE = "undone"
    GUARDS = "guards"
    LIMITS_NOT_SHOWN = "effect"
    COMMANDS = "commands"
    REGISTRY = "registry"
    SAFE_START = "safe start"


class HoldKind(Struct, frozen=True, kw_only=True, omit_defaults=True):
    name: str
    """Tells the kind from others, and begins the ids of its holds."""
    source: HoldSource
    effect: Effect
    """What follows for the tracks that a hold covers while it lasts; a demotion is decided once, when it is raised."""
    lifting: Lifting
    clears: str = "its reason is gone"
    """When a hold ends that ends by itself, in words."""
    severity: AlertSeverity | None = None
    """Of the incident that a hold of this kind is where it contains; None where it is no incident."""
    restarts_stage: bool = False
    """Whether the stage begins again, with its evidence, when a person releases the hold."""
    is_observed: bool = False
    """Whether each tick checks if the reason is still there, and lifts the hold when it is gone."""
    is_kill: bool = False
    """Whether the hold lasts while traders show that they are killed."""
    title: str = ""
    """What people read for the hold when it is lifted; "" for its id."""

    def id_of(self, scope: str = "") -> str:
        """The id of a hold of this kind. scope: what it is about, such as an account or a track; "" for the whole launch."""
        return f"{self.name} {scope}".rstrip()

    @property
    def contains(self) -> bool:
        """Whether nothing is opened while a hold of this kind lasts."""
        return self.effect not in (Effect.NONE, Effect.HOLD)


def _person(effect: Effect) -> HoldKind:
    return HoldKind(name="person", source=HoldSource.PERSON, effect=effect, lifting=Lifting.PERSON)


PERSON: Final = _person(Effect.HOLD)
PERSON_CONTAINS: Final = _person(Effect.CONTAIN)
LONGEST_STAY: Final = HoldKind(
    name="inconclusive",
    source=HoldSource.LONGEST_STAY,
    effect=Effect.HOLD,
    lifting=Lifting.PERSON,
    restarts_stage=True,
)
FIRST_STAGE_FAILED: Final = HoldKind(name="failed", source=HoldSource.FIRST_STAGE, effect=Effect.CONTAIN, lifting=Lifting.PERSON)
LOSS_BUDGET: Final = HoldKind(
    name="budget", source=HoldSource.LOSS_BUDGET, effect=Effect.HOLD, lifting=Lifting.PERSON, restarts_stage=True
)
LIMITS_NOT_SHOWN: Final = HoldKind(
    name="effect", source=HoldSource.LIMITS_NOT_SHOWN, effect=Effect.CONTAIN, lifting=Lifting.ITSELF
)
KILL_NOT_DONE: Final = HoldKind(
    name="undone",
    source=HoldSource.KILL_NOT_DONE,
    effect=Effect.CONTAIN,
    lifting=Lifting.PERSON,
    severity=AlertSeverity.P0,
)
UNGUARDED: Final = HoldKind(
    name="guards",
    source=HoldSource.GUARDS,
    effect=Effect.CONTAIN,
    lifting=Lifting.ITSELF,
    clears="its trader shows that they are on",
    is_observed=True,
)
"""No account of the launch has all the guards on that its plan names."""
COMMANDS: Final = HoldKind(name="commands", source=HoldSource.COMMANDS, effect=Effect.CONTAIN, lifting=Lifting.ITSELF)
REGISTRY: Final = HoldKind(name="registry", source=HoldSource.REGISTRY, effect=Effect.HOLD, lifting=Lifting.ITSELF)
SAFE_START: Final = HoldKind(name="safe start", source=HoldSource.SAFE_START, effect=Effect.CONTAIN, lifting=Lifting.PERSON)
"""The pilot's journal lacks leases that the trader accepted: a person confirms that this pilot runs the launch."""


def _blind(what: str) -> HoldKind:
    return HoldKind(
        name=f"blind {what}",
        source=HoldSource.BLINDNESS,
        effect=Effect.CONTAIN,
        lifting=Lifting.ITSELF,
        severity=AlertSeverity.P1,
        is_observed=True,
    )


BLIND_TRADER: Final = _blind("trader")
BLIND_VENUE: Final = _blind("venue")
BLIND_LEASE: Final = _blind("lease")
BLIND_KILL: Final = _blind("kill")

HOLD_KINDS: Final = (
    PERSON, PERSON_CONTAINS, LONGEST_STAY, FIRST_STAGE_FAILED, LOSS_BUDGET, LIMITS_NOT_SHOWN, KILL_NOT_DONE, UNGUARDED, COMMANDS,
    REGISTRY, SAFE_START, BLIND_TRADER, BLIND_VENUE, BLIND_LEASE, BLIND_KILL,
)  # fmt: skip
"""All but those of gates, caps and alarms, for tests. The order decides nothing."""


def gate_kind(effect: Effect) -> HoldKind:
    """The kind of the hold that a gate's FAIL raises. effect: what the gate's `on_fail` leads to."""
    return HoldKind(name="gate", source=HoldSource.GATE, effect=effect, lifting=Lifting.PERSON, restarts_stage=True)


def cause_kind(cause: Cause, effect: Effect, clears: str) -> HoldKind:
    """The kind of the hold that a cause raises: of caps, or of an alarm. effect: with the plan's answers taken into account."""
    return HoldKind(
        name=f"cause {cause.name}",
        source=HoldSource.CAUSE,
        effect=effect,
        lifting=Lifting.ITSELF,
        clears=clears,
        severity=AlertSeverity.P0 if cause.is_kill else AlertSeverity.P1,
        is_observed=True,
        is_kill=cause.is_kill,
        title=cause.name,
    )
