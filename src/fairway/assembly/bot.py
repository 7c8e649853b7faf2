"""A bot as its configuration describes it: what it trades, by which strategy and rules."""

import inspect
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import msgspec

import fairway
from fairway.risk.rules import RiskRules
from fairway.settings import Settings
from fairway.strategies.api import Plugin, Strategy, made, strategy
from fairway.watch.series import Spell, merged


@dataclass(frozen=True, slots=True, kw_only=True)
class Bot:
    """What is traded and how; the venue is no part of it."""

    account: str
    symbols: tuple[str, ...]
    interval: str
    strategy_name: str
    strategy: Strategy
    rules: RiskRules
    needs_lease: bool = False
    maintenance: tuple[Spell, ...] = ()
    """Planned (ns), in order and apart from each other."""
    digest: str = ""
    """SHA-256 of the release, symbols, interval, strategy with its code and settings, and rules."""


def bot_of(settings: Settings) -> Bot:
    """The configured bot. Raises UnknownStrategy, BrokenStrategy and StrategyFailed."""
    plugin, rules = strategy(settings.strategy.name), settings.risk.rules(settings.quote)
    own = settings.strategy.own.model_dump(mode="json")
    makes_it = (fairway.__version__, settings.symbols, settings.interval, plugin.name, _code_of(plugin), own, rules)
    return Bot(
        account=settings.account,
        symbols=settings.symbols,
        interval=settings.interval,
        strategy_name=plugin.name,
        strategy=made(plugin, settings.strategy.own),
        rules=rules,
        needs_lease=settings.lease,
        maintenance=merged(settings.maintenance),
        digest=sha256(msgspec.json.encode(makes_it, order="deterministic")).hexdigest(),
    )


def _code_of(plugin: Plugin) -> str:
    """Digest of the file in which the strategy is made: changed code is another strategy. "" where there is no such file."""
    try:
        file = inspect.getsourcefile(plugin.make)
    except TypeError:
        return ""
    return sha256(Path(file).read_bytes()).hexdigest() if file else ""
