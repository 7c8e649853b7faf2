"""Lists the plug-ins of other packages that are installed and cannot be used."""

from collections.abc import Iterator

from fairway.exchange.faults.registry import KIND as FAULTS
from fairway.launch.evidence.importers.port import KIND as IMPORTERS
from fairway.launch.gates.registry import KIND as GATES
from fairway.launch.plan.lint.port import KIND as RULES
from fairway.notify.registry import KIND as CHANNELS
from fairway.operations.registry import unusable_operations
from fairway.plugins import UnusablePlugin
from fairway.strategies.api import KIND as STRATEGIES
from fairway.venues.registry import KIND as VENUES


def unusable_plugins() -> Iterator[UnusablePlugin]:
    """Of every kind that another package can add to. A guard that cannot be used is refused before: nothing trades without it."""
    for kind in (STRATEGIES, GATES, RULES, IMPORTERS, VENUES, FAULTS, CHANNELS):
        yield from kind.installed().broken
    yield from unusable_operations()
