"""What a person may set about a venue that is reached through ccxt."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from fairway.venues.addresses import what_is_wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class CcxtSettings:
    """One account at one ccxt exchange. Key and secret never show in the repr, so not in logs either.

    `url` points to an exchange that speaks this exchange's protocol at another address, such as a practice exchange
    (`http://127.0.0.1:9100`); it is known for Binance's protocol only.
    """

    exchange: str
    """ccxt's name of the exchange: `binance`, `kraken`."""
    key: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    sandbox: bool = False
    """Use the exchange's own test network."""
    url: str = ""
    fallbacks: tuple[str, ...] = ()
    """Where the exchange is asked while its address does not answer, in order: further URLs where `url` is given, else host names
    (`api1.binance.com`)."""
    timeout_s: float = 10.0
    """Longest wait for one answer. An order that is not answered by then is Ambiguous."""
    receive_window_s: float = 5.0
    """The venue refuses a request that reaches it later than this after it was signed: an old order is not done late."""
    market_silence_s: float = 30.0
    """After so long without a quote of a symbol the venue is asked for it: the same is a quiet market, another a mute stream.

    A stream that says nothing at all for so long is asked for an echo too.
    """
    account_echo_s: float = 30.0
    """An account stream may be silent; after so long it is asked for an echo, and reconnected if none comes."""
    candle_grace_s: float = 0.5
    """Wait after a candle's end before the venue is asked for it."""
    with_trades: bool = False
    """Send public trades to the sink too; off, because most strategies do not read them and they cost the most."""

    def __post_init__(self) -> None:
        if self.url and (urlsplit(self.url).scheme not in ("http", "https") or not urlsplit(self.url).netloc):
            raise ValueError(f"url: {self.url!r} is no address of an exchange; a right one is 'http://127.0.0.1:9100'")
        self._check_fallbacks()
        for name in ("timeout_s", "receive_window_s", "market_silence_s", "account_echo_s"):
            if getattr(self, name) <= 0:
                raise ValueError(f"{name}: {getattr(self, name)} is not above zero; a right one is 10.0")
        if not 0 <= self.candle_grace_s < 60:
            raise ValueError(f"candle_grace_s: {self.candle_grace_s} is not between 0 and 60; a right one is 0.5")

    def _check_fallbacks(self) -> None:
        addresses = (self.url, *self.fallbacks)
        for fallback in self.fallbacks:
            if addresses.count(fallback) > 1:
                raise ValueError(f"fallbacks: {fallback!r} stands twice; each address stands once")
            if why := what_is_wrong(fallback, is_url=bool(self.url)):
                raise ValueError(f"fallbacks: {fallback!r} {why}")
