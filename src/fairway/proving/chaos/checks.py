"""Checks that many chaos scenes share: each is one number of the exchange's log, and its bound."""

from typing import Final

from fairway.proving.chaos.scene import SceneCheck

ETH: Final = "ETHUSDT"
"""The second symbol of most scenes, by the exchange's name."""
ALERT: Final = "alert"
"""The part of a high-risk scenario that the alerting service shows."""


def buys_again(since: float) -> SceneCheck:
    """The bot trades on by itself."""
    return SceneCheck(
        tells="entries of the second symbol afterwards",
        ask=lambda seen: seen.bought(since=since, symbol=ETH),
        at_least=1,
        unit="entries",
        part="automatic recovery",
    )


def opens_nothing(since: float, until: float, part: str = "degradation") -> SceneCheck:
    return SceneCheck(
        tells="entries while it lasts, of one that is signalled",
        ask=lambda seen: seen.bought(since=since, until=until),
        at_most=0,
        unit="entries",
        part=part,
    )


def keeps_stops(since: float, until: float = float("inf"), at_most: float = 0.0) -> SceneCheck:
    return SceneCheck(
        tells="longest time that a coin was without a stop",
        ask=lambda seen: seen.naked_s(since, until),
        at_most=at_most,
        unit="s",
        part="degradation",
    )


def is_announced(*kinds: type, since: float, within_s: float) -> SceneCheck:
    names = " or ".join(kind.__name__ for kind in kinds)
    return SceneCheck(
        tells=f"{names} journaled, which alerts watch",
        ask=lambda seen: seen.announced_after_s(*kinds, since=since),
        at_most=within_s,
        unit="s",
        part="what is raised",
    )


def is_told(cause: str, since: float, within_s: float) -> SceneCheck:
    """By the alerting service beside the trader: a shipped rule has fired, and its message has arrived."""
    return SceneCheck(
        tells=f"until a message about the incident {cause} has arrived at its channel",
        ask=lambda seen: seen.told_after_s(cause, since),
        at_most=within_s,
        unit="s",
        part=ALERT,
    )


def loses_no_fill() -> SceneCheck:
    return SceneCheck(
        tells="fills of the exchange's log that the journal lacks", ask=lambda seen: seen.fills_lost(), at_most=0, unit="fills"
    )


def has_filled() -> SceneCheck:
    return SceneCheck(tells="fills by the exchange's log", ask=lambda seen: seen.fills(), at_least=1, unit="fills")


def flat_within(since: float, within_s: float) -> SceneCheck:
    return SceneCheck(
        tells="until nothing is held and nothing is open at the exchange",
        ask=lambda seen: seen.flat_after_s(since),
        at_most=within_s,
        unit="s",
        part="emergency stop",
    )


def kill_is_verified() -> SceneCheck:
    return SceneCheck(
        tells="kills that the exchange has confirmed",
        ask=lambda seen: seen.kills_verified(),
        at_least=1,
        at_most=1,
        unit="kills",
        part="emergency stop",
    )


def one_entry_at_most(symbol: str = "BTCUSDT") -> SceneCheck:
    return SceneCheck(
        tells="entries that one signal led to", ask=lambda seen: seen.bought(symbol=symbol), at_most=1, unit="entries"
    )


def is_turned_away() -> SceneCheck:
    return SceneCheck(tells="requests turned away with 429", ask=lambda seen: seen.turned_away(), at_least=1, unit="requests")


def is_not_banned() -> SceneCheck:
    return SceneCheck(tells="bans of the address", ask=lambda seen: seen.bans(), at_most=0, unit="bans")
