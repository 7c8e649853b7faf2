"""What the page of the practice exchange shows: its market, its faults, and the trader's beliefs beside the exchange's books."""

from dataclasses import dataclass
from typing import Final

from fairway.operations.actor import Actor
from fairway.operations.practice.comparison import ComparedAccount, ComparedOrder, compare
from fairway.operations.practice.show import (
    SHOW_PRACTICE,
    PracticeFault,
    PracticeMarket,
    PracticeOutcome,
    PracticeShowRequest,
    PracticeSymbol,
)
from fairway.operations.trader.caps import CAPS, CapsRequest
from fairway.operations.trader.recent_events import RECENT_EVENTS, RecentEventsRequest
from fairway.operations.trader.status import STATUS, StatusOutcome, StatusRequest
from fairway.operations.trader.stories import TRADES, StoriesOutcome, StoriesRequest
from fairway.panel.facts.caps import CapFacts, cap_facts
from fairway.panel.feed import Question
from fairway.panel.sources import Sources
from fairway.panel.state_marks import Mark
from fairway.reports.event_context import Weight
from fairway.texts.display import NOTHING, number, percent
from fairway.texts.durations import duration_words
from fairway.world.clock import SECOND

LINES: Final = 12
FAR_NS: Final = 3 * SECOND
"""Further from the clock than this, the market's time is worth a note."""
SHOW_FRESH_NS: Final = SECOND // 2


@dataclass(frozen=True, slots=True)
class PriceFacts:
    """One pair of the market, as texts."""

    symbol: str
    last: str
    spread: str
    status: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class FaultFacts:
    """A fault that is on. until: ns, 0 until it is switched off."""

    number: int
    name: str
    words: str
    until: int


@dataclass(frozen=True, slots=True)
class SideBySide:
    """One thing that both sides hold."""

    key: str
    what: str
    believed: str
    known: str
    mark: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class BothSides:
    """One account. may_open: whether the trader may open more, and why not."""

    name: str
    sentence: str
    mark: Mark
    may_open: str
    may_mark: Mark
    balances: tuple[SideBySide, ...]
    orders: tuple[SideBySide, ...]


@dataclass(frozen=True, slots=True)
class HappenedFacts:
    seq: int
    at: int
    words: str
    is_trouble: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeFacts:
    """All of it. clock: the market's time in words; clock_note: what that does to the trader, "" for nothing. market_now: ns."""

    sentence: str
    mark: Mark
    faults_on: str
    clock: str
    clock_note: str
    market_now: int
    is_paused: bool
    speed: int
    behind: int
    """So far the market's time is behind the machine's clock (ns), 0 where it is not."""
    prices: tuple[PriceFacts, ...]
    faults: tuple[FaultFacts, ...]
    accounts: tuple[BothSides, ...]
    caps: tuple[CapFacts, ...]
    events: tuple[HappenedFacts, ...]

    def faults_named(self, name: str) -> tuple[FaultFacts, ...]:
        """Those of one kind that are on."""
        return tuple(each for each in self.faults if each.name == name)


def ask_practice(sources: Sources, actor: Actor) -> PracticeFacts:
    """Raises what the operations raise."""
    config = sources.context.config
    shown = sources.outcome(actor, SHOW_PRACTICE, PracticeShowRequest(config=config), SHOW_FRESH_NS)
    stories = sources.outcome(actor, TRADES, StoriesRequest(config=config))
    status = sources.outcome(actor, STATUS, StatusRequest(config=config))
    caps = sources.outcome(actor, CAPS, CapsRequest(config=config))
    recent = sources.outcome(actor, RECENT_EVENTS, RecentEventsRequest(config=config, limit=LINES)).events
    events = tuple(
        HappenedFacts(each.seq, each.at, each.text.what, each.text.weight is Weight.TROUBLE) for each in reversed(recent)
    )
    return practice_facts(shown, stories, status, cap_facts(caps), events)


def practice_facts(
    shown: PracticeOutcome,
    stories: StoriesOutcome,
    status: StatusOutcome,
    caps: tuple[CapFacts, ...],
    events: tuple[HappenedFacts, ...],
) -> PracticeFacts:
    """Of one instant, or nearly: the trader's journal and the exchange are asked one after the other."""
    compared = compared_accounts(shown, stories)
    reasons = {each.holdings.account: each.why_not for each in status.accounts}
    sentence, mark = _headline(compared, is_running=status.trader.is_running)
    return PracticeFacts(
        sentence=sentence,
        mark=mark,
        faults_on=_faults_on(shown.faults),
        clock=_clock(shown.market),
        clock_note=_clock_note(shown.market),
        market_now=shown.market.market_now // SECOND * SECOND,
        is_paused=shown.market.is_paused,
        speed=shown.market.speed,
        behind=max(0, shown.market.now - shown.market.market_now) // SECOND * SECOND,
        prices=tuple(_price(each) for each in shown.symbols),
        faults=tuple(FaultFacts(each.number, each.name, _scope(each), each.until) for each in shown.faults),
        accounts=tuple(_both(each, reasons.get(each.name, "")) for each in compared),
        caps=tuple(each for each in caps if each.mark is not Mark.GOOD),
        events=events,
    )


def compared_accounts(shown: PracticeOutcome, stories: StoriesOutcome) -> tuple[ComparedAccount, ...]:
    """Those that the trader trades too; the exchange may have others."""
    found = []
    for account in shown.accounts:
        if (story := stories.stories.get(account.name)) is not None:
            found.append(compare(account, story.balances if story.is_opened else None, story.orders_live))
    return tuple(found)


def _headline(compared: tuple[ComparedAccount, ...], *, is_running: bool | None) -> tuple[str, Mark]:
    if not compared:
        return "The trader has not yet read an account of this exchange.", Mark.UNKNOWN
    count = sum(each.differences for each in compared)
    if is_running is False:
        return "No trader runs: what it believes was true when it last wrote.", Mark.UNKNOWN
    if not count:
        return "The trader believes what the exchange knows, to the last digit.", Mark.GOOD
    what = "one thing" if count == 1 else f"{count} things"
    return f"The trader and the exchange differ in {what}.", Mark.HELD


def _faults_on(faults: tuple[PracticeFault, ...]) -> str:
    if not faults:
        return "No fault is on: the exchange answers as it should."
    names = ", ".join(dict.fromkeys(each.name.replace("_", " ") for each in faults))
    return f"Faults that are on: {names}."


def _clock(market: PracticeMarket) -> str:
    ahead = market.market_now - market.now
    far = duration_words(abs(ahead)) if abs(ahead) >= SECOND else ""
    where = f", {far} {'ahead of' if ahead > 0 else 'behind'} the clock" if far else ", at the clock"
    if market.has_ended:
        return f"its recording has ended{where}"
    if market.is_paused:
        return f"stands still{where}"
    return f"{'runs with the clock' if market.speed == 1 else f'runs {market.speed} times as fast'}{where}"


def _clock_note(market: PracticeMarket) -> str:
    """What the trader, whose clock goes on, makes of it."""
    ahead = market.market_now - market.now
    if ahead >= FAR_NS:
        return "The trader goes by its own clock: it enters nothing by candles ahead of it. Orders at the exchange are filled."
    if ahead <= -FAR_NS:
        return "The trader goes by its own clock: candles are late for it, and it enters nothing by them. Jump to the clock."
    return ""


def _price(symbol: PracticeSymbol) -> PriceFacts:
    spread = NOTHING
    if symbol.bid is not None and symbol.ask is not None and symbol.ask:
        spread = percent((symbol.ask - symbol.bid) / symbol.ask, 3)
    trades = symbol.status == "TRADING"
    words = "trades" if trades else symbol.status.lower() or "no longer listed"
    return PriceFacts(symbol.symbol, number(symbol.last), spread, words, Mark.GOOD if trades else Mark.BAD)


def _scope(fault: PracticeFault) -> str:
    parts = [each for each in (fault.account, fault.symbol, " ".join(fault.endpoints)) if each]
    return ", ".join(parts) or "everything"


def _both(compared: ComparedAccount, why_not: str) -> BothSides:
    count = compared.differences
    return BothSides(
        name=compared.name,
        sentence="both agree" if not count else f"differs in {count}",
        mark=Mark.HELD if count else Mark.GOOD,
        may_open=f"opens nothing: {why_not}" if why_not else "may open positions",
        may_mark=Mark.HELD if why_not else Mark.GOOD,
        balances=tuple(
            SideBySide(
                each.asset,
                each.asset,
                number(each.believed) if each.believed is not None else "not read yet",
                number(each.known),
                Mark.GOOD if each.agrees else Mark.BAD if each.believed is not None else Mark.UNKNOWN,
            )
            for each in compared.balances
        ),
        orders=tuple(_order(each) for each in compared.orders),
    )


def _order(order: ComparedOrder) -> SideBySide:
    mark = Mark.GOOD if order.agrees else Mark.UNKNOWN if order.is_asked else Mark.BAD
    what = f"{order.symbol} {order.what}"
    return SideBySide(order.id, what, order.believed or "does not know it", order.known or "does not have it", mark)


PRACTICE: Final = Question("practice", ask_practice)
