"""A world to rehearse in: a market, a venue that fails now and then, users with money, and the trader's own guards.

It is moved from instant to instant, obeys the leases that it is given at once, and tells what a pilot would see of it.
"""

import heapq
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final

from fairway.journal.account_permissions import AccountPermissions
from fairway.journal.kinds import LeaseAccepted
from fairway.launch.control.launch_events import KillOrdered, LeaseIssued, Seated, VenueSeen
from fairway.launch.observation.observation import Observation
from fairway.launch.simulation import background_series, signals, simulated_events
from fairway.launch.simulation.bots import Bot
from fairway.launch.simulation.evidence_sources import RELEASE
from fairway.launch.simulation.observed_series import ObservedSeries
from fairway.launch.simulation.plan_terms import QUOTE, PlanTerms
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

    def __init__(self, terms: PlanTerms, bot: Bot, seed: int, days: int) -> None:
        chance, ns = Chance(seed), days * DAY + HOUR
        rates = [ground.trips_a_day for grounds in terms.grounds.values() for ground in grounds]
        self.terms, self.bot, self.now, self.ends = terms, bot, BEGINS, BEGINS + days * DAY
        self.dice = chance.child(bot.name).stream("world")
        self.pulse = background_series.draw(bot, BEGINS, ns, chance, terms.signals_a_day, restarts=terms.restarts)
        self.wishes = signals.draw(
            bot, BEGINS, ns, chance, a_day=max(rates) / TAKES_MOST, users=len(terms.seats), intents=terms.intents
        )
        own, beside = (terms.asked_by(beside=each) for each in (False, True))
        answered = background_series.answers_beside(BEGINS, ns, chance, beside) if beside else None
        self.tape = ObservedSeries(self.pulse, terms.asks, own, answered)
        self.purses: dict[str, SimulatedAccount] = {}
        self.takes, self.loss_max = 0.0, terms.grounds[terms.goal[0]][0].loss_cents
        self.is_stopped = False
        """Whether all have lost together what they may."""
        self.paired = -1
        """The last signal that was compared with its shadow."""
        money = chance.stream("money")
        self._known = {
            seat.account: SimulatedAccount(seat, number, brought=int(seat.least * (seat.most / seat.least) ** money.random()))
            for number, seat in enumerate(terms.seats)
        }
        self.carried = 0
        """Cents at risk in positions that were open when this stage was entered."""
        self._at_entry: dict[str, int] = {}
        self._due: list[tuple[int, int, simulated_events.Happening]] = []
        self._pushed = 0
        for at, happening in simulated_events.drawn(self):
            self.push(at, happening)

    def push(self, at: int, happening: simulated_events.Happening) -> None:
        """It happens at an instant (ns)."""
        self._pushed += 1
        heapq.heappush(self._due, (at, self._pushed, happening))

    def advance(self, until: int) -> None:
        """Everything that happens until an instant (ns)."""
        while self._due and self._due[0][0] <= until:
            self.now, _, happening = heapq.heappop(self._due)
            happening(self)
        self.now = until

    # -- what a pilot sees -----------------------------------------------------------------------------------------

    def accounts(self) -> tuple[Seated, ...]:
        """Everybody who waits to be let in."""
        return tuple(
            Seated(account=seat.account, user=seat.account, profile=seat.profile.value, cohort=seat.cohort, joined_at=number)
            for number, seat in enumerate(self.terms.seats)
        )

    def sight(self) -> Observation:
        return Observation(
            now=self.now,
            release=RELEASE,
            accounts={name: AccountPermissions(caps=purse.caps, lease=purse.lease) for name, purse in self.purses.items()},
            series=self.tape.series(self.now),
            controls=self.tape.controls(self.now),
            guards={name: purse.roster.names for name, purse in self._known.items()},
            written_at=self.pulse.wrote_at(self.now),
        )

    def looks(self) -> Iterator[VenueSeen]:
        """How the accounts stand at the venue, where it answers."""
        if self.pulse.answers(self.now):
            naked = (QUOTE,) if self.pulse.is_naked[self.pulse.minute(self.now)] else ()
            for name, purse in self._known.items():
                held = (PAIR,) if purse.held else ()
                is_naked = naked if name in self.purses else ()
                yield VenueSeen(account=name, asked_at=self.now, naked=is_naked, held=held, protective=len(purse.held))

    def instants(self) -> Iterator[int]:
        """When a pilot that looks every second would notice something between two looks of ours."""
        for at in (*self.pulse.deaths, *self.pulse.births, *self.pulse.naked):
            yield at + LOOKS_AFTER_NS

    # -- what it is told -------------------------------------------------------------------------------------------

    def issue(self, issued: LeaseIssued) -> None:
        """Accounts take a lease at once; losses are counted from the beginning of its stage."""
        for name in issued.accounts:
            purse = self._known[name]
            if name not in self.purses:
                self.purses[name] = purse
                self.push(self.now + simulated_events.ASKED_AFTER_NS, partial(simulated_events.answers, purse=purse))
            lease = LeaseAccepted(epoch=issued.epoch, until=issued.until, limits=issued.limits, by="pilot", stage=issued.stage)
            purse.accept(lease, self.now)

    def kill(self, ordered: KillOrdered) -> None:
        """Accounts are killed at once, until a person has looked; where they are sold, at what was paid for it."""
        sells = ordered.disposal is Disposal.FLATTEN
        for name in ordered.accounts:
            purse = self.purses.setdefault(name, self._known[name])
            purse.raise_(_killed(ordered.why, self.now, sells=sells), self.now, self.tape.note)
            for position in list(purse.held) if sells else ():
                purse.close(position, 0.0, self.now)

    def enter(self, track: str, stage: int) -> None:
        """What is traded in a stage, and what all may lose in it."""
        ground = self.terms.grounds[track][stage]
        self.takes, self.loss_max = ground.trips_a_day / self.wishes.a_day, ground.loss_cents
        self.is_stopped = False
        self.carried = self.in_flight()
        self._at_entry = {name: purse.worth for name, purse in self._known.items()}
        for purse in self._known.values():
            purse.is_real = ground.is_real

    def lift(self, cap_id: str) -> None:
        """A person lifts a cap in every account that has it."""
        for purse in self.purses.values():
            cap = purse.caps.get(cap_id)
            if cap is not None and cap.not_before <= self.now:
                purse.lift(cap, self.now, self.tape.note)
        if cap_id == breakers.TOTAL_LOSS:
            self.is_stopped = False

    # -- what is known of it ---------------------------------------------------------------------------------------

    def caps_of_people(self) -> Mapping[str, Cap]:
        """Those that a person has to lift: of each name the one that may be lifted first."""
        found: dict[str, Cap] = {}
        for purse in self.purses.values():
            for cap in purse.caps.values():
                if cap.lifting is Lifting.PERSON and (cap.id not in found or cap.not_before < found[cap.id].not_before):
                    found[cap.id] = cap
        return found

    def lost_together(self) -> int:
        """Cents, by the trader's count since each account's stage began; nobody's gain makes up for what another loses."""
        return sum(max(purse.lost, 0) for purse in self.purses.values())

    def lost_in_stay(self) -> int:
        """Cents, since this stage was entered, by those who lost any."""
        return sum(max(self._at_entry[name] - purse.worth, 0) for name, purse in self.purses.items() if name in self._at_entry)

    def in_flight(self) -> int:
        """Cents that would be lost if all stops were hit now."""
        return sum(purse.at_risk for purse in self.purses.values())

    def lost_by_users(self) -> int:
        """Cents of real money that those have lost who lost any."""
        return sum(max(-purse.won, 0) for purse in self.purses.values())


def _killed(why: str, now: int, *, sells: bool) -> Cap:
    """As a trader shows it that has read its latch."""
    limits = Limits(state=TradingState.KILLED, hands_off=sells)
    return Cap(id=KILL.id_of("account"), kind=KILL, limits=limits, reason=why, since=now, is_over=sells)
