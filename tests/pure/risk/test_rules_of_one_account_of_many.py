"""An account of a registry is traded within three words: the file's, its user's profile, and its own; the tightest counts."""

from pathlib import Path
from typing import Any

import pytest
from tests.pure.people.registries import account, user

from fairway.assembly.fleet import rules_of_account
from fairway.money.amount import Amount
from fairway.people.user import Profile
from fairway.risk.rules import RiskRules
from fairway.settings import load
from fairway.trading.steward import NotOpened

CONFIG = """
mode: practice
venue: {{exchange: binance, url: http://127.0.0.1:9100}}
people: fairway.people
symbols: [BTC/USDT]
strategy: {{name: trend}}
risk: {{{risk}}}
"""


def rules(folder: Path, risk: str, profile: Profile = Profile.AGGRESSIVE, **bounds: Any) -> RiskRules:
    path = folder / "fairway.yaml"
    path.write_text(CONFIG.format(risk=risk))
    traded = account(mode="practice", url="http://127.0.0.1:9100", **bounds)
    return rules_of_account(traded, user(profile=profile), load(path))


@pytest.mark.parametrize(
    ("key", "value"),
    [("per_trade", "0.1 %"), ("position_max", "2 %"), ("positions_max", "1"), ("spread_max", "0.05 %"), ("slippage", "0.3 %")],
)
def test_what_the_file_tightens_is_tight_for_every_account(tmp_path: Path, key: str, value: str) -> None:
    got = rules(tmp_path, f"profile: aggressive, {key}: {value}")
    assert str(getattr(got, key)) == value


def test_a_bold_user_of_a_careful_file_is_as_careful_as_the_file(tmp_path: Path) -> None:
    """In every number of sizes, limits and guards, and the other way round."""
    bold = rules(tmp_path, "profile: conservative", Profile.AGGRESSIVE)
    careful = rules(tmp_path, "profile: aggressive", Profile.CONSERVATIVE)
    assert bold == careful == rules(tmp_path, "profile: conservative", Profile.CONSERVATIVE)


def test_capital_in_another_currency_is_no_bound_and_the_account_is_not_traded(tmp_path: Path) -> None:
    """Five million yen are no five million dollars."""
    with pytest.raises(NotOpened, match="its capital_max is 5000000 JPY, and this bot trades in USDT; write it in USDT"):
        rules(tmp_path, "profile: conservative", capital_max=Amount.of(5_000_000, "JPY"))
