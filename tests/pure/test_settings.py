"""A configuration: what it may say, and that every mistake is told at its place with a right example, all of them at once."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from fairway.money.fraction import Fraction
from fairway.settings import SecretMissing, SecretReference, Settings, SettingsError, VenueSettings, load
from fairway.settings.load import parse
from fairway.world.clock import SECOND

GOOD = """\
mode: practice
account: main
venue:
  exchange: binance
  url: http://127.0.0.1:9100
  key: env:FAIRWAY_KEY
  secret: in-clear-4711
symbols: [BTC/USDT]
interval: 5m
strategy:
  name: trend
  breakout_bars: 30
  stop_ranges: 2.50
risk:
  per_trade: 0.10 %
"""


def problems(text: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        parse(text)
    return [str(problem) for problem in caught.value.problems]


def check(old: str, new: str, *expected: str) -> None:
    """With this part of a good file changed, exactly these problems are told."""
    assert old in GOOD
    assert problems(GOOD.replace(old, new)) == list(expected)


def test_a_good_file_is_read_exactly() -> None:
    """Numbers are what was written; percentages are fractions; what is not said has its default."""
    settings = parse(GOOD, folder=Path("/etc/fairway"))
    assert settings.risk.per_trade == Decimal("0.001")
    rules = settings.risk.rules("USDT")
    assert (rules.per_trade, rules.position_max, rules.positions_max) == (Fraction.parse("0.1 %"), Fraction.parse("15 %"), 3)
    assert settings.symbols == ("BTC/USDT",)
    assert settings.quote == "USDT"
    assert settings.strategy.name == "trend"
    assert settings.strategy.own.model_dump()["breakout_bars"] == 30
    assert settings.strategy.own.model_dump()["stop_ranges"] == Decimal("2.50")
    assert settings.venue.sandbox is False


def test_paths_start_at_the_file_not_at_where_fairway_is_started(tmp_path: Path) -> None:
    """The same file finds the same journal from every directory."""
    (tmp_path / "a.yaml").write_text(GOOD + "journal: data/a.journal\nreport: /srv/report\n")
    settings = load(tmp_path / "a.yaml")
    assert settings.journal == tmp_path / "data" / "a.journal"
    assert settings.report == Path("/srv/report")
    assert parse(GOOD, folder=tmp_path).journal == tmp_path / "fairway.journal"


def test_a_mistake_names_line_key_value_and_a_right_example() -> None:
    """One sentence is enough to put it right."""
    check("5m", "7m", _INTERVAL)
    check("exchange: binance", "exchange: Binence", _EXCHANGE)
    check(
        "breakout_bars: 30",
        "breakout_bars: many",
        "12:3: strategy.breakout_bars: 'many' is no whole number; right is  breakout_bars: 20",
    )
    check(
        "mode: practice",
        "mode: lvie",
        "1:1: mode: 'lvie' is not one of practice, testnet or live; right is  mode: live",
    )
    check("account: main", "account: Main One", _ACCOUNT)
    check("account: main", 'account: "main\\n"', _ACCOUNT.replace("Main One", "main\\n"))
    check("http://127.0.0.1:9100", "localhost", _ADDRESS)
    check("[BTC/USDT]", "BTC/USDT", "8:1: symbols: 'BTC/USDT' is no list; right is  symbols: [BTC/USDT]")
    check("[BTC/USDT]", "[BTC/USDT, btcusdt]", _SYMBOL)
    check("[BTC/USDT]", "[]", "8:1: symbols: is empty; right is  symbols: [BTC/USDT]")


def test_one_mistake_is_one_sentence() -> None:
    """A list whose only item is wrong is not also called empty."""
    told = "is no symbol; write base, a slash and quote in capitals; right is  symbols: [BTC/USDT]"
    check("[BTC/USDT]", "[BTCUSDT]", f"8:11: symbols[0]: 'BTCUSDT' {told}")
    check("[BTC/USDT]", "[BTCUSDT, x]", f"8:11: symbols[0]: 'BTCUSDT' {told}", f"8:20: symbols[1]: 'x' {told}")


_INTERVAL = (
    "9:1: interval: '7m' is no interval; there are 1s, 1m, 3m, 5m, 15m, 30m, 1h, 2h, 4h, 6h, 8h, 12h, 1d; right is  interval: 1m"
)
_EXCHANGE = (
    "4:3: venue.exchange: 'Binence' is no exchange with streams in ccxt; did you mean binance?; right is  exchange: binance"
)
_ACCOUNT = (
    "2:1: account: 'Main One' is no account's name; it has 1 to 12 small letters and digits, for it is part of every order's id; "
    "right is  account: main"
)
_ADDRESS = "5:3: venue.url: 'localhost' is no address; it begins with http:// or https://; right is  url: http://127.0.0.1:9100"
_SYMBOL = "8:21: symbols[1]: 'btcusdt' is no symbol; write base, a slash and quote in capitals; right is  symbols: [BTC/USDT]"


@pytest.mark.parametrize("value", ["0.5", "0.005", "0,5 %", "half", "-1 %", "% 5"])
def test_a_share_without_its_sign_is_refused(value: str) -> None:
    """`0.5` could be a half or half a percent, and one of the two loses a hundred times as much."""
    told = f"15:3: risk.per_trade: '{value}' is no percentage; write a number and %; right is  per_trade: 0.5 %"
    check("0.10 %", f'"{value}"', told)


def test_bounds_are_told_in_the_unit_they_were_written_in() -> None:
    """A risk of 50 % a trade is a mistake, not a setting."""
    check("0.10 %", "50 %", "15:3: risk.per_trade: '50 %' must be at most 10 %; right is  per_trade: 0.5 %")
    check("0.10 %", "0 %", "15:3: risk.per_trade: '0 %' must be above 0 %; right is  per_trade: 0.5 %")
    check(
        "breakout_bars: 30",
        "breakout_bars: 1",
        "12:3: strategy.breakout_bars: '1' must be at least 2; right is  breakout_bars: 20",
    )


@given(some.decimals(min_value=Decimal("0.000001"), max_value=Decimal("0.75"), places=6))
def test_every_percentage_is_exact(percent: Decimal) -> None:
    """No binary rounding between the file and the position's size."""
    settings = parse(GOOD.replace("0.10 %", f"{percent:f}%"))
    assert settings.risk.rules("USDT").per_trade == Fraction(percent / 100)


def test_single_keys_only_tighten_the_profile() -> None:
    """Whoever wants more takes another profile; a number equal to the profile's own is no mistake."""
    wider = "is wider than profile conservative allows; keys may only tighten it; right is "
    check("per_trade: 0.10 %", "per_trade: 0.76 %", f"15:3: risk.per_trade: 0.76 % {wider} per_trade: 0.75 %")
    check("per_trade: 0.10 %", "position_max: 20 %", f"15:3: risk.position_max: 20 % {wider} position_max: 15 %")
    check("per_trade: 0.10 %", "positions_max: 4", f"15:3: risk.positions_max: 4 {wider} positions_max: 3")
    moderate = parse(GOOD.replace("per_trade: 0.10 %", "profile: moderate\n  position_max: 20 %\n  positions_max: 4"))
    rules = moderate.risk.rules("USDT")
    assert (rules.position_max, rules.positions_max) == (Fraction.parse("20 %"), 4)
    check("per_trade: 0.10 %", "profile: bold", _PROFILE)


_PROFILE = "15:3: risk.profile: 'bold' is not one of conservative, moderate or aggressive; right is  profile: conservative"


def test_a_profile_needs_an_account_counted_in_dollars() -> None:
    """Its limits are in dollars; what they would be in another asset nobody knows."""
    told = "8:1: symbols: the limits of a profile are in dollars, and BTC is none of DAI, FDUSD, TUSD, USD, USDC, USDT; right is"
    check("[BTC/USDT]", "[ETH/BTC]", f"{told}  symbols: [BTC/USDT]")


def test_unknown_keys_are_mistakes_with_a_suggestion() -> None:
    """A limit that was mistyped must not silently be no limit."""
    check("per_trade", "per_trad", _UNKNOWN)
    told = problems(GOOD + "leverage: 10\n")
    assert told == [
        "16:1: leverage: is no key here; did you mean lease?; there are mode, account, venue, symbols, interval, strategy, risk, "
        "people, master_key, lease, beside, reconcile_every, journal, latch, maintenance, log, up, server, notify, alerts, report"
    ]
    told = problems(GOOD.replace("breakout_bars", "breakout_bar"))
    assert told[0].startswith(
        "12:3: strategy.breakout_bar: is no key here; did you mean breakout_bars?; there are breakout_bars, exit"
    )


_UNKNOWN = (
    "15:3: risk.per_trad: is no key here; did you mean per_trade?; "
    "there are profile, profile_max, per_trade, position_max, positions_max, hours, slippage, spread_max"
)


@pytest.mark.parametrize(("every", "seconds"), [("30s", 30), ("2m", 120), ("10m", 600)])
def test_a_venue_may_be_asked_less_often(every: str, seconds: int) -> None:
    assert parse(GOOD).reconcile_every == 30 * SECOND
    assert parse(f"{GOOD}reconcile_every: {every}\n").reconcile_every == seconds * SECOND


@pytest.mark.parametrize("every", ["29s", "11m", "1d"])
def test_but_within_bounds(every: str) -> None:
    told = problems(f"{GOOD}reconcile_every: {every}\n")
    assert told == [f"16:1: reconcile_every: '{every}' is not between 30s and 10m; right is  reconcile_every: 2m"]


def test_missing_keys_are_told_at_their_section() -> None:
    """With what should stand there."""
    check("  exchange: binance\n", "", "3:1: venue.exchange: is missing; right is  exchange: binance")
    check("  name: trend\n", "", "10:1: strategy.name: is missing; right is  name: trend")
    assert [told.split(": ")[1] for told in problems("interval: 1m\n")] == ["mode", "strategy", "symbols", "venue"]


def test_all_mistakes_are_told_at_once_in_the_order_of_lines() -> None:
    """Nobody has to start five times to find five mistakes; the strategy's own are among them."""
    bad = GOOD.replace("5m", "7m").replace("0.10 %", "1").replace("stop_ranges: 2.50", "stop_ranges: far").replace("main", "M")
    assert [told.split(": ")[1] for told in problems(bad)] == ["account", "interval", "strategy.stop_ranges", "risk.per_trade"]


def test_an_unknown_strategy_is_told_with_the_known_ones() -> None:
    """And all else in the file is checked all the same."""
    told = problems(GOOD.replace("name: trend", "name: moon").replace("5m", "7m"))
    assert (
        told[1] == "11:3: strategy.name: there is no strategy 'moon'; there are: periodic, signals, trend; right is  name: trend"
    )
    assert len(told) == 2


URL = "  url: http://127.0.0.1:9100\n"


def test_what_does_not_go_together_is_refused() -> None:
    """Each key is right by itself; together they contradict each other, and the one to change is named."""
    check("mode: practice", "mode: live", "5:3: venue.url: is for mode practice, and the mode is live; leave one of them out")
    needs = "is missing: mode practice needs the address that `fairway exchange serve` prints"
    check(URL, "", f"3:1: venue.url: {needs}; right is  url: http://127.0.0.1:9100")
    sandbox = "6:3: venue.sandbox: is for mode testnet, and the mode is practice; right is  sandbox: false"
    check(URL, f"{URL}  sandbox: true\n", sandbox)
    quotes = "8:1: symbols: ETH/BTC is not quoted in USDT; one trader has one quote asset; right is  symbols: [BTC/USDT]"
    check("[BTC/USDT]", "[BTC/USDT, ETH/BTC]", quotes)
    moved = "4:3: venue.exchange: 'kraken' cannot be reached at another address; the practice exchange is binance"
    check("exchange: binance", "exchange: kraken", f"{moved}; right is  exchange: binance")
    check("[BTC/USDT]", "[BTC/USDT, BTC/USDT]", "8:1: symbols: BTC/USDT stands twice; right is  symbols: [BTC/USDT]")


def test_fallbacks_are_of_the_form_of_the_first_address() -> None:
    """URLs where it is one, host names of the exchange else; each once."""
    assert parse(GOOD.replace(URL, f"{URL}  fallbacks: [http://127.0.0.1:9101]\n")).venue.fallbacks == ("http://127.0.0.1:9101",)
    wrong = "is no URL, and `url` is one; a right one is 'http://127.0.0.1:9101'"
    check(URL, f"{URL}  fallbacks: [api1.binance.com]\n", f"6:15: venue.fallbacks[0]: 'api1.binance.com' {wrong}")
    twice = "6:15: venue.fallbacks[0]: http://127.0.0.1:9100 stands twice; each address stands once"
    check(URL, f"{URL}  fallbacks: [http://127.0.0.1:9100]\n", twice)
    live = GOOD.replace("mode: practice", "mode: live")
    assert parse(live.replace(URL, "  fallbacks: [api1.binance.com]\n")).venue.fallbacks == ("api1.binance.com",)
    assert problems(live.replace(URL, "  fallbacks: [http://127.0.0.1:9101]\n")) == [
        "5:15: venue.fallbacks[0]: 'http://127.0.0.1:9101' is no host name; a right one is 'api1.binance.com'"
    ]


def test_testnet_needs_the_sandbox() -> None:
    """A file that says testnet never reaches the real venue."""
    told = problems(GOOD.replace("practice", "testnet").replace("  url: http://127.0.0.1:9100\n", ""))
    assert told == ["3:1: venue.sandbox: must be true in mode testnet; right is  sandbox: true"]


def test_yaml_does_not_guess() -> None:
    """`no` is a text, and a switch is `true` or `false`; nothing else turns anything on."""
    norway = parse(GOOD.replace("account: main", "account: no"))
    assert norway.account == "no"
    check("  key:", "  sandbox: yes\n  key:", "6:3: venue.sandbox: 'yes' is neither true nor false; right is  sandbox: true")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("mode: live\nmode: testnet\n", "2:1: mode: stands twice; the first is in line 1"),
        ("a: &x {b: 1}\nc: *x\n", "2:1: c: an alias stands here; write the value itself"),
        ("a: [1, 2\n", "2:1: cannot be read as YAML: while parsing a flow sequence expected ',' or ']', but got '<stream end>'"),
        ("a:\n\t- b\n", "2:1: cannot be read as YAML: a tab; indent with spaces"),
        ("{[a]: 1}\n", "1:2: a key must be one word; right is  mode: practice"),
        ("- a\n", "holds no settings; right is  a file that `fairway init` wrote"),
        ("", "holds no settings; right is  a file that `fairway init` wrote"),
        ("a: " + "[" * 30 + "]" * 30 + "\n", "1:24: a" + "[0]" * 20 + ": is nested deeper than 20 levels"),
        ("a: \x00\n", "1:4: the character U+0000 stands here, which belongs in no text; leave it out"),
        ("a" * 1_000_001, "is longer than 1,000,000 characters, so it is no configuration"),
    ],
)  # fmt: skip
def test_text_that_is_no_configuration_is_told(text: str, told: str) -> None:
    """Broken YAML, doubled keys, aliases, wrong forms: one sentence each, with the place."""
    assert problems(text) == [told]


def test_an_alias_bomb_is_refused_before_it_grows() -> None:
    """Ten lines that would be a billion values are ten mistakes."""
    lines = ["a0: &a0 [x, x]"] + [f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, 40)]
    assert "an alias stands here" in problems("\n".join(lines))[0]


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """Missing, or not text."""
    with pytest.raises(SettingsError, match=r"none.yaml: there is no such file; `fairway init` writes one"):
        load(tmp_path / "none.yaml")
    with pytest.raises(SettingsError, match="cannot be read: Is a directory"):
        load(tmp_path)
    (tmp_path / "a.yaml").write_bytes(b"mode: \xff")
    with pytest.raises(SettingsError, match="is no text in UTF-8: byte 6 is not"):
        load(tmp_path / "a.yaml")


def test_the_message_of_a_file_names_it_in_every_line(tmp_path: Path) -> None:
    """So that an editor jumps to each."""
    path = tmp_path / "a.yaml"
    path.write_text(GOOD.replace("5m", "7m").replace("0.10 %", "1"))
    with pytest.raises(SettingsError) as caught:
        load(path)
    assert [line.split(": ")[0] for line in str(caught.value).splitlines()] == [f"{path}:9:1", f"{path}:15:3"]


def test_secrets_are_never_shown() -> None:
    """Not in a repr, not in a dump as JSON, not in a message about a mistake beside them."""
    settings = parse(GOOD)
    assert settings.venue.secret is not None
    assert settings.venue.secret.reveal() == "in-clear-4711"
    shown = [repr(settings), str(settings.venue), f"{settings.venue.secret}", *problems(GOOD.replace("5m", "7m"))]
    shown += problems(GOOD.replace("secret: in-clear-4711", "secret: [in-clear-4711]"))
    shown += problems(GOOD.replace("secret: in", "secrets: in"))
    assert not any("4711" in text for text in shown)


def test_secrets_come_from_the_environment_or_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Looked up when used; a missing one is one sentence with what to do."""
    monkeypatch.setenv("FAIRWAY_TEST_KEY", "abc")
    assert SecretReference("env:FAIRWAY_TEST_KEY").reveal() == "abc"
    monkeypatch.delenv("FAIRWAY_TEST_KEY")
    with pytest.raises(SecretMissing, match="the environment variable FAIRWAY_TEST_KEY is not set; set it, as with"):
        SecretReference("env:FAIRWAY_TEST_KEY").reveal()
    (tmp_path / "key").write_text("abc\n")
    assert SecretReference("file:key", tmp_path).reveal() == "abc"
    (tmp_path / "key").write_text("\n")
    with pytest.raises(SecretMissing, match="is empty"):
        SecretReference("file:key", tmp_path).reveal()
    with pytest.raises(SecretMissing, match=r"cannot be read \(No such file or directory\)"):
        SecretReference("file:none", tmp_path).reveal()
    assert SecretReference("abc").is_in_clear
    assert not SecretReference("file:key").is_in_clear
    check("key: env:FAIRWAY_KEY", 'key: "env:"', "6:3: venue.key: its value is empty; right is  key: env:FAIRWAY_KEY")


def test_programs_give_values_and_not_texts() -> None:
    """The same models are built by a program, with exact numbers; a float is refused there too."""
    venue = VenueSettings(exchange="binance", key=SecretReference("a"), secret=SecretReference("b"), url="http://127.0.0.1:1")
    given = {"mode": "practice", "venue": venue, "symbols": ("BTC/USDT",), "strategy": parse(GOOD).strategy}
    assert Settings.model_validate({**given, "risk": {"per_trade": Decimal("0.005")}}).risk.per_trade == Decimal("0.005")
    with pytest.raises(ValueError, match="is a float and not exact"):
        Settings.model_validate({**given, "risk": {"per_trade": 0.01}})


def test_a_plan_where_a_configuration_belongs_is_told_as_such() -> None:
    """One sentence, and not thirty about keys that are none."""
    [told] = problems("plan: beta\nabout: x\nstages: []\n")
    assert "is a launch's plan, and here the configuration of its trader belongs; right is  fairway.yaml" in told
