"""`fairway init`: writes a configuration with comments, which loads as it is."""

from pathlib import Path
from typing import Final

from fairway.cli.exits import ExitCode, check_new_file
from fairway.cli.shared_options import Flag

TEMPLATE: Final = """\
# A configuration of Fairway. All keys, with their bounds: docs/reference/settings.md. Check it with: fairway doctor {name}

# practice: a practice exchange that `fairway exchange serve` runs. testnet: the exchange's own test network.
# live: real money.
mode: practice

# A name of 1 to 12 small letters and digits; it is part of the id of every order.
account: main

venue:
  exchange: binance             # its name in ccxt
  url: http://127.0.0.1:9100    # the address that `fairway exchange serve` prints; only in mode practice
  # sandbox: true               # needed in mode testnet, wrong in all others
  key: env:FAIRWAY_KEY          # an environment variable; or file:PATH. The key must not be allowed to withdraw.
  secret: env:FAIRWAY_SECRET

symbols: [BTC/USDT]             # all with the same quote asset
interval: 1m                    # length of the candles that the strategy sees

strategy:
  name: trend
  # breakout_bars: 20           # the strategy's own keys stand here

risk:
  profile: conservative         # or moderate, or aggressive: docs/reference/guards.md has their numbers
  # profile_max: moderate       # with the key people each user's own profile counts instead, and this bounds all of them
  # per_trade: 0.5 %            # lost when a stop is hit; this and the next two may only tighten the profile
  # position_max: 10 %          # largest share of the account in one position
  # positions_max: 2            # open at the same time
  slippage: 0.1 %               # allowed for, each way
  spread_max: 0.5 %             # no entry at a wider one

# reconcile_every: 2m           # the venue is asked for everything so often; 30s where it is left out, 10m at most
# lease: true                   # open positions only while a launch issues leases to: docs/explanation/launch.md

# Paths start at this file's directory. One account, one mode, one journal.
journal: fairway.journal
report: report
"""


def init(path: Path = Path("fairway.yaml"), /, *, force: Flag = False) -> int:
    """Write a configuration with comments, which loads as it is.

    Parameters
    ----------
    path: Path
        The file to write.
    force: bool
        Overwrite a file that is already there.
    """
    if path.is_dir():
        path = path / "fairway.yaml"
    check_new_file(path, force=force)
    try:
        path.write_text(TEMPLATE.format(name=path), encoding="utf-8")
    except OSError:
        if path.is_file() and not path.stat().st_size:
            path.unlink()  # an empty file would stand in the way of the next try
        raise
    print(f"wrote {path}; next: set the variables of key and secret that it names, then run  fairway doctor {path}")
    return ExitCode.OK
