"""A launch of a plan with probes, flown by real ticks and notings at instants of one's own, and its journal on a disk."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace
from tests.pure.launch.launches import Flight
from tests.pure.watch.journals import START

from fairway.journal.command_reader import ReadCommand
from fairway.journal.kinds import LeaseAccepted
from fairway.journal.sql import SqlJournal, open_journal
from fairway.launch.control import launch_events
from fairway.launch.control.command_inbox import PILOT_STREAM, launch_beside
from fairway.launch.control.commands import HoldIt, LaunchInstruction
from fairway.launch.control.decision import decide
from fairway.launch.control.state import CODEC
from fairway.launch.control.tick_context import TickOutcome
from fairway.launch.evidence.survey import UserAnswer
from fairway.launch.evidence.survey_answers import Surveying
from fairway.launch.observation.probing import Probing
from fairway.launch.observation.sample_buffer import SampleBuffer
from fairway.launch.plan.compile import PlanCompiler
from fairway.launch.plan.limits import Mode
from fairway.launch.plan.load import parse
from fairway.store.place import Place
from fairway.watch.answers import ProbedPage
from fairway.watch.observer import Measurement
from fairway.world.clock import MILLISECOND, MINUTE, SECOND

PLAN = """
plan: watched
about: Two stages, the first of which is left when green answers.
author: ann
approvals: {need: {owner: 1}, expires: 4h}
guards: [daily loss, drawdown, unknown worth, edge health, losses in a row, position loss, runaway rate]
probes:
  - {name: green, of: http_ok, asks: "GET http://green:8080/health", every: 10s}
  - {name: blue, of: http_ok, asks: "GET http://blue:8080/health", every: 20s}
  - {name: lag, of: consumer_lag, asks: METRIC lag at http://green:8080/metrics, every: 20s}
  - {name: cost, of: llm_cost, asks: METRIC cost_total at http://green:8080/metrics, every: 20s}
stages:
  - name: small
    limits: {mode: paper, capital: 1000 USD, loss: 50 USD}
    stay: {at_least: 5m, at_most: 1h}
    expects_activity: false
    gates: [{name: answers, gate: proportion, of: http_ok, at_least: 50 %, strength: not_disproven, at_least_n: 12}]
  - name: large
    limits: {mode: paper, capital: 5000 USD, loss: 200 USD}
    stay: {at_least: 1h, at_most: 10d}
    gates:
      - {name: answers, gate: proportion, of: http_ok, at_least: 50 %, strength: not_disproven, at_least_n: 12}
      - {name: fills, gate: paired_difference, of: live_vs_shadow_bps, not_worse_than: 5 bps}
"""
GUARDS = ("daily loss", "drawdown", "unknown worth", "edge health", "losses in a row", "position loss", "runaway rate")
ACCOUNTS = ("ann", "bob")


@dataclass
class Pages:
    """What came back of the questions, in the place of a prober. is_up: whether green answers."""

    waiting: list[tuple[str, ProbedPage]] = field(default_factory=list)
    is_up: bool = True
    cost: Decimal = Decimal(1)

    def ask(self, at: int) -> None:
        """What is due at an instant, to the second."""
        self.waiting.append(("green", self._page(at, 200 if self.is_up else 503, 30)))
        if at % (20 * SECOND) == 0:
            self.cost += Decimal("0.25")
            body = f"lag {at // SECOND % 60}\ncost_total {self.cost}\n".encode()
            self.waiting += [("blue", self._page(at, 200, 400))]
            self.waiting += [(name, self._page(at, 200, 5, body)) for name in ("lag", "cost")]

    def _page(self, at: int, status: int, took_ms: int, body: bytes = b"fine") -> ProbedPage:
        return ProbedPage(at, took_ms * MILLISECOND, status, body)

    def away(self) -> Sequence[tuple[str, ProbedPage]]:
        waiting, self.waiting = self.waiting, []
        return waiting


class WatchedLaunch(Flight):
    """Its decisions are written down as a pilot writes them. Begins at START."""

    def __init__(self) -> None:
        plan = PlanCompiler(parse(PLAN), "USDT", Mode.PAPER).compiled()
        super().__init__(plan=plan, accounts=ACCOUNTS, now=START, guards=dict.fromkeys(ACCOUNTS, GUARDS))
        self.pages = Pages()
        self.probing, self.surveying = Probing(plan.probes, self.pages), Surveying()
        self.shadow = SampleBuffer("shadow", ("live_vs_shadow_bps",))
        self.control = SampleBuffer("control", ("order_ack",), is_control=True)
        self.written = 0

    def tick_only(self, *said: tuple[str, LaunchInstruction]) -> TickOutcome:
        heard = [ReadCommand(self.said + number, by, self.now, what) for number, (by, what) in enumerate(said, start=1)]
        self.said += len(heard)
        events, outcome = decide(self.plan, self.launch, self.observation(), heard)
        self.take(*events)
        for lease in outcome.leases():
            accepted = LeaseAccepted(epoch=lease.epoch, until=lease.until, limits=lease.limits, by="pilot")
            self.leases |= dict.fromkeys(lease.accounts, accepted)
        return outcome

    def watch(self, ns: int) -> None:
        """Asks, notes and ticks every ten seconds, until so much time has passed."""
        until = self.now + ns
        while self.now < until:
            self.now += 10 * SECOND
            self.pages.ask(self.now)
            self._compare()
            self.take(*_awaited(self.probing, self), *_awaited(self.surveying, self))
            self.take(*(due for each in (self.shadow, self.control) if (due := each.due(self.now)) is not None))
            self.tick()

    def _compare(self) -> None:
        if self.now % MINUTE == 0:
            cost = float(self.now // MINUTE % 5)
            self.shadow.add([Measurement("live_vs_shadow_bps", self.now, cost, "BTC/USDT")])
            self.shadow.stand(self.now, self.now)
            self.control.add([Measurement("order_ack", self.now, 0.25)])
            self.control.stand(self.now, self.now)

    def begin(self) -> None:
        """Into its first stage, with what users said."""
        self.tick(*self.approve_all("small", {"owner": "bob"}))
        self.watch(10 * SECOND)
        answers = tuple(UserAnswer(key=str(number), at=self.now, is_positive=number != 2) for number in range(3))
        self.take(launch_events.AnswersTaken(answers=answers, digest="d", by="eve", at=self.now))

    def hold(self, by: str = "eve", *, contains: bool = True) -> None:
        self.tick((by, HoldIt(reason="something smells", contains=contains)))

    def noted(self, of: str, label: str) -> list[Decimal]:
        """Values of an indicator that are noted, oldest first."""
        rows = (row for event in self.events if isinstance(event, launch_events.SamplesTaken) for row in event.values.get(of, ()))
        return [value for _, value, labelled, _ in rows if labelled == label]

    def write(self, journal: SqlJournal) -> None:
        """What is not in a journal yet."""
        for event, at in list(zip(self.events, self.ats, strict=True))[self.written :]:
            journal.append([_whole(event)], account="", author="pilot", at=at)
        self.written = len(self.events)
        journal.sync()


def _whole(event: Struct) -> Struct:
    """A launch begins with its plan's text, word for word."""
    return replace(event, text=PLAN, plan="watched") if isinstance(event, launch_events.LaunchBegan) else event


def _awaited(source: Probing | Surveying, flight: Flight) -> Sequence[launch_events.SamplesTaken]:
    """It awaits nobody, so its first step is its last."""
    work = source.news(flight.launch, flight.now)
    try:
        work.send(None)
    except StopIteration as done:
        noted: Sequence[launch_events.SamplesTaken] = done.value
        return noted
    raise AssertionError("a source waited")


def journal_of_launch(trader_journal: Place, trader: str = "main") -> SqlJournal:
    """Beside a trader's journal, as its pilot opens it."""
    where = launch_beside(trader_journal)
    return open_journal(where, CODEC, mode="practice", trader=trader, stream=PILOT_STREAM, synchronous="OFF")
