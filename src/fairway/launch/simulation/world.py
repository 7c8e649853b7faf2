"""A world to rehearse in: a market, a venue that fails now and then, users with money, and the trader's own guards.

It is moved from instant to instant, obeys the leases that it is given at once, and tells what a pilot would see of it.
"""

import heapq
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final

from fairway.journal.account_permissions import AccountPermissions
from fairway.journal.kinds import LeaseAccepted
from fairway.launch.control.launch_events import KillOrdered, LaunchAccount, LeaseIssued, VenueChecked
from fairway.launch.observation.observation import Observation
from fairway.launch.simulation import background_series, signals, simulated_events
from fairway.launch.simulation.bots import SimulatedBot
from fairway.launch.simulation.evidence_sources import RELEASE
from fairway.launch.simulation.observed_series import ObservedSeries
from fairway.launch.simulation.plan_terms import QUOTE, PlanTerms
from fairway.launch.simulation.population import launch_accounts
from fairway.launch.simulation.simulated_account import PAIR, SimulatedAccount
from fairway.risk import breakers
from fairway.risk.cap_kinds import KILL
from fairway.risk.caps import Cap, Lifting
from fairway.risk.disposal import Disposal
from fairway.risk.limits import Limits, TradingState
from fairway.world.chance import Chance
from fairway.world.clock import DAY, HOUR, MINUTE

BEGINS: Final = 20_000 * DAY + 8 * HOUR
"""A morning."""
TAKES_MOST: Final = 0.5
"""Of the signals, an account takes at most so many: no two users do quite the same."""
LOOKS_AFTER_NS: Final = 3 * MINUTE


class World:
    """purses: of those that ever had a lease, by account. takes: the share of all signals that an account takes in this stage."""

    def __init__(self, terms: PlanTerms, bot: SimulatedBot, seed: int, days: int) -> None:
        chance, ns = Chance(seed), days * DAY + HOUR
        rates = [stage_terms.trips_a_day for stages in terms.stages.values() for stage_terms in stages]
        self.terms, self.bot, self.now, self.ends = terms, bot, BEGINS, BEGINS + days * DAY
        self.random = chance.child(bot.name).stream("world")
        self.background = background_series.draw(bot, BEGINS, ns, chance, terms.signals_a_day, restarts=terms.restarts)
        self.signals = signals.draw(
            bot, BEGINS, ns, chance, a_day=max(rates) / TAKES_MOST, users=len(terms.users), intents=terms.intents
        )
        own, beside = (terms.asked_by(beside=each) for each in (False, True))
        answered = background_series.answers_beside(BEGINS, ns, chance, beside) if beside else None
        self.observed = ObservedSeries(self.background, terms.asks, own, answered)
        self.accounts: dict[str, SimulatedAccount] = {}
        self.takes, self.loss_max = 0.0, terms.stages[terms.goal[0]][0].loss_cents
        self.is_stopped = False
        """Whether all have lost together what they may."""
        self.paired = -1
        """The last signal that was compared with its shadow."""
        money = chance.stream("money")
        self._known = {
            user.name: SimulatedAccount(
                user, number, brought=int(user.cents_min * (user.cents_max / user.cents_min) ** money.random())
            )
            for number, user in enumerate(terms.users)
        }
        self.carried = 0
        """Cents at risk in positions that were open when this stage was entered."""
        self._at_entry: dict[str, int] = {}
        self._due: list[tuple[int, int, simulated_events.SimulatedEvent]] = []
        self._pushed = 0
        for at, event in simulated_events.drawn(self):
            self.push(at, event)

    def push(self, at: int, event: simulated_events.SimulatedEvent) -> None:
        """It happens at an instant (ns)."""
        self._pushed += 1
        heapq.heappush(self._due, (at, self._pushed, event))

    def advance(self, until: int) -> None:
        """Everything that happens until an instant (ns)."""
        while self._due and self._due[0][0] <= until:
            self.now, _, event = heapq.heappop(self._due)
            event(self)
        self.now = until

    # -- what a pilot sees -----------------------------------------------------------------------------------------

    def enrolled(self) -> tuple[LaunchAccount, ...]:
        """All users of the plan, in the order of their joining; the pilot lets them in."""
        return launch_accounts(self.terms.users)

    def observe(self) -> Observation:
        return Observation(
            now=self.now,
            release=RELEASE,
            accounts={
                name: AccountPermissions(caps=account.caps, lease=account.lease) for name, account in self.accounts.items()
            },
            series=self.observed.series(self.now),
            controls=self.observed.controls(self.now),
            guards={name: account.roster.names for name, account in self._known.items()},
            written_at=self.background.wrote_at(self.now),
        )

    def looks(self) -> Iterator[VenueChecked]:
        """How the accounts stand at the venue, where it answers."""
        if self.background.answers(self.now):
            naked = (QUOTE,) if self.background.is_naked[self.background.minute(self.now)] else ()
            for name, account in self._known.items():
                held = (PAIR,) if account.held else ()
                is_naked = naked if name in self.accounts else ()
                yield VenueChecked(account=name, asked_at=self.now, naked=is_naked, held=held, protective=len(account.held))

    def instants(self) -> Iterator[int]:
        """When a pilot that looks every second would notice something between two looks of ours."""
        for at in (*self.background.deaths, *self.background.births, *self.background.naked):
            yield at + LOOKS_AFTER_NS

    # -- what it is told -------------------------------------------------------------------------------------------

    def issue(self, issued: LeaseIssued) -> None:
        """Accounts take a lease at once; losses are counted from the beginning of its stage."""
        for name in issued.accounts:
            account = self._known[name]
            if name not in self.accounts:
                self.accounts[name] = account
                self.push(self.now + simulated_events.ASKED_AFTER_NS, partial(simulated_events.answers, account=account))
            lease = LeaseAccepted(epoch=issued.epoch, until=issued.until, limits=issued.limits, by="pilot", stage=issued.stage)
            account.accept(lease, self.now)

    def kill(self, ordered: KillOrdered) -> None:
        """Accounts are killed at once, until a person has looked; where they are sold, at what was paid for it."""
        sells = ordered.disposal is Disposal.FLATTEN
        for name in ordered.accounts:
            account = self.accounts.setdefault(name, self._known[name])
            account.raise_(_killed(ordered.reason, self.now, sells=sells), self.now, self.observed.note)
            for position in list(account.held) if sells else ():
                account.close(position, 0.0, self.now)

    def enter(self, track: str, stage: int) -> None:
        """What is traded in a stage, and what all may lose in it."""
        stage_terms = self.terms.stages[track][stage]
        self.takes, self.loss_max = stage_terms.trips_a_day / self.signals.a_day, stage_terms.loss_cents
        self.is_stopped = False
        self.carried = self.in_flight()
        self._at_entry = {name: account.worth for name, account in self._known.items()}
        for account in self._known.values():
            account.is_real = stage_terms.is_real

    def lift(self, cap_id: str) -> None:
        """A person lifts a cap in every account that has it."""
        for account in self.accounts.values():
            cap = account.caps.get(cap_id)
            if cap is not None and cap.not_before <= self.now:
                account.lift(cap, self.now, self.observed.note)
        if cap_id == breakers.TOTAL_LOSS:
            self.is_stopped = False

    # -- what is known of it ---------------------------------------------------------------------------------------

    def caps_of_people(self) -> Mapping[str, Cap]:
        """Those that a person has to lift: of each name the one that may be lifted first."""
        found: dict[str, Cap] = {}
        for account in self.accounts.values():
            for cap in account.caps.values():
                if cap.lifting is Lifting.PERSON and (cap.id not in found or cap.not_before < found[cap.id].not_before):
                    found[cap.id] = cap
        return found

    def lost_together(self) -> int:
        """Cents lost since each account's stage began; a gain of one account does not offset a loss of another."""
        return sum(max(account.lost, 0) for account in self.accounts.values())

    def lost_in_stay(self) -> int:
        """Cents, since this stage was entered, by those who lost any."""
        return sum(
            max(self._at_entry[name] - account.worth, 0) for name, account in self.accounts.items() if name in self._at_entry
        )

    def in_flight(self) -> int:
        """Cents that would be lost if all stops were hit now."""
        return sum(account.at_risk for account in self.accounts.values())

    def lost_by_users(self) -> int:
        """Cents of real money that those have lost who lost any."""
        return sum(max(-account.won, 0) for account in self.accounts.values())


def _killed(why: str, now: int, *, sells: bool) -> Cap:
    """As a trader shows it that has read its latch."""
    limits = Limits(state=TradingState.KILLED, hands_off=sells)
    return Cap(id=KILL.id_of("account"), kind=KILL, limits=limits, reason=why, since=now, is_over=sells)
