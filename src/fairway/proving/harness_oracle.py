"""The part of a stage that hands its play to the oracle: what hindered the trader, and the facts that are not in its books."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence

from fairway.exchange.events import ExchangeEvent
from fairway.journal.kinds import TraderStarted
from fairway.orders.lifecycle import OrderAdopted, OrderSent
from fairway.proving import restrictions
from fairway.proving.delayed_inbox import DelayedInbox
from fairway.proving.exchange_log import RecordedExchange, RunFacts, log_of
from fairway.proving.exchange_recorder import FOR_EVER, RecordedEvent, WitnessedSession
from fairway.proving.harness_latch import LatchLog
from fairway.proving.oracle_case import OracleCase
from fairway.proving.outages import Outage, of_blindness, of_exchange_faults, of_exits_in_doubt, of_flattening
from fairway.proving.scenario_script import ExchangeFault
from fairway.risk.rules import RiskRules
from fairway.trading.account_state import AccountState
from fairway.world.loop import EPOCH_NS


class HarnessOracle:
    """The other attributes are the stage's."""

    needs_lease: bool
    exchange: RecordedExchange
    delayed_inbox: DelayedInbox | None
    _witness: WitnessedSession
    _latch_log: LatchLog
    exchange_faults: Sequence[ExchangeFault]
    _rules: RiskRules
    _start: Mapping[str, int]
    _cuts: list[Outage]
    _downs: list[int]
    _ended_at: int

    def __init__(self) -> None:
        super().__init__()
        self._left_at: dict[str, int] = {}
        """By client id: when the trader handed an order to its venue client."""

    strangers: "Sequence[HarnessOracle]"
    """Other traders on the same key, each with a journal of its own."""

    @property
    @abstractmethod
    def account_state(self) -> AccountState: ...

    def case(
        self, account: str, told: Sequence[ExchangeEvent], journal: Sequence[RecordedEvent], troubles: Sequence[Outage]
    ) -> OracleCase:
        """The play as the oracle sees it. account: its name at the exchange; told: the exchange's events."""
        said = self.delayed_inbox.said if self.delayed_inbox is not None else None
        log = log_of(account, told, self.exchange.market_points, self._witness.answers, self._start)
        facts = RunFacts(
            pairs={pair.venue_symbol: pair for pair in self.account_state.config.instruments.values()},
            rules=self._rules,
            restrictions=restrictions.of_play(self._latch_log.latchings, journal, said),
            issued=[*restrictions.issued_leases(said, journal)] if self.needs_lease else None,
            troubles=troubles,
            blindness=[*of_blindness(self.exchange_faults)],
            left_at=self._left_at,
            journaled={it.event.order_id for it in journal if isinstance(it.event, OrderSent | OrderAdopted)},
            journal_began_at=journal[0].noted_at if journal else FOR_EVER,
            began_at=EPOCH_NS,
            ended_at=self._ended_at,
            guard_lifts=restrictions.lifted_guards(journal),
            traders=1 + len(self.strangers),
        )
        return OracleCase(log, facts)

    def _troubles(self, journal: Sequence[RecordedEvent]) -> list[Outage]:
        starts = [noted.durable_at for noted in journal if isinstance(noted.event, TraderStarted)]
        dead = [Outage(down, next((at for at in starts if at >= down), FOR_EVER), "the trader is dead") for down in self._downs]
        bans = [Outage(ban.since, ban.until, "the address is banned") for ban in self._witness.bans]
        doubts = of_exits_in_doubt(journal)
        return [
            *of_exchange_faults(self.exchange_faults),
            *self._cuts,
            *dead,
            *bans,
            *doubts,
            *of_flattening(self._latch_log.latchings),
        ]
