"""A roster of guards on its own: a test hands it events and what can be seen, and applies its verdicts as a trader does."""

from decimal import Decimal

from msgspec.structs import replace

from fairway.money.amount import Amount
from fairway.risk.escalation import Level
from fairway.risk.guards.port import AccountLook, AccountMarked, Closed, MarketActivity, PositionValue
from fairway.risk.guards.roster import GuardVerdict, Roster, cap_id
from fairway.risk.guards.rules import GuardRules
from fairway.world.clock import DAY, MINUTE, SECOND

MIDNIGHT = 20_000 * DAY
CALM = {"ETH/USDT": MarketActivity(Decimal(0), Amount.of(10**9, "USDT"))}
LOOK = AccountLook(now=MIDNIGHT, worth=None, marked_at=0, capital=None, held={}, markets=CALM)


class Ground:
    """now: ns. Worth and results in USDT."""

    def __init__(self, **rules: object) -> None:
        self.roster = Roster(GuardRules(**rules), "USDT")
        self.now = MIDNIGHT
        self.capital: Amount | None = None

    def look(self, **seen: object) -> list[tuple[str, Level]]:
        """What changed, by guard and level, when a candle of another symbol has closed; applied as an account state does."""
        changed = []
        for verdict in self.roster.verdicts(replace(LOOK, now=self.now, capital=self.capital, **seen)):
            changed.append((f"{verdict.guard} {verdict.symbol}".rstrip(), verdict.level))
            self._apply(verdict)
        return changed

    def _apply(self, verdict: GuardVerdict) -> None:
        if verdict.level is Level.NORMAL:
            self.roster.cleared(verdict.guard, verdict.symbol)
        else:
            self.roster.tripped(verdict.guard, verdict.symbol, verdict.level)

    def worth(self, worth: str, *, marked_at: int = 0) -> list[tuple[str, Level]]:
        return self.look(worth=usdt(worth), marked_at=marked_at)

    def position(self, result: str, *, cost: str = "500", seen_at: int = 0) -> list[tuple[str, Level]]:
        """One that would bring so much more than it cost."""
        return self.look(held={"BTC/USDT": PositionValue(usdt(result), usdt(cost), usdt(cost) + usdt(result), seen_at)})

    def market(self, *, move: str = "0", traded: str = "1000000") -> list[tuple[str, Level]]:
        return self.look(markets={"BTC/USDT": MarketActivity(Decimal(move), usdt(traded))})

    def mark(self, worth: str, at: int | None = None) -> None:
        """A mark that the next one agrees with."""
        for _ in range(2):
            self.roster.observe(AccountMarked(usdt(worth), {"BTC/USDT": Decimal(100)}, self.now if at is None else at))

    def close(self, result: str, *, gross: str = "", risks: str | None = None) -> None:
        in_risks = Decimal(risks) if risks is not None else None
        self.roster.observe(Closed("BTC/USDT", usdt(result), usdt(gross or result), in_risks, self.now))

    def lift(self, guard: str, level: Level, symbol: str = "") -> None:
        """A person lifts the cap that a guard raised."""
        self.roster.lifted(cap_id(guard, symbol, level), self.now)

    def wait(self, seconds: int = 0, minutes: int = 0) -> None:
        self.now += seconds * SECOND + minutes * MINUTE


def usdt(value: str) -> Amount:
    return Amount.of(value, "USDT")
