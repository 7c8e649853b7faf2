"""An account of a registry is traded by its user's profile, up to the bound of the file, and within its own bounds."""

from pathlib import Path
from typing import Any

import pytest
from tests.pure.people.registries import account, user
from tests.pure.risk.test_sizing import size

from fairway.assembly.fleet import profile_in_words, rules_of_account
from fairway.money.amount import Amount
from fairway.people.user import Profile
from fairway.risk.rules import RiskRules
from fairway.settings import load
from fairway.trading.account_supervisor import NotOpened

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


def test_three_users_of_one_file_are_traded_by_their_own_three_profiles(tmp_path: Path) -> None:
    """The file that `fairway init` writes names a profile; each user's entry is sized by the user's own."""
    found = {profile: rules(tmp_path, "profile: conservative", profile) for profile in Profile}
    assert {profile: each.profile for profile, each in found.items()} == {profile: profile.value for profile in Profile}
    sized = [size("100", "95", rules=found[profile]) for profile in Profile]
    quantities = [each.value for each in sized if isinstance(each, Amount)]
    assert len(set(quantities)) == 3, sized
    assert quantities == sorted(quantities)


def test_what_the_operator_bounds_no_user_exceeds(tmp_path: Path) -> None:
    """In every number of sizes, limits and guards; the more careful value counts."""
    for bound in Profile:
        for users in Profile:
            risk = f"profile: conservative, profile_max: {bound}"
            applied = min(bound, users, key=tuple(Profile).index)
            assert rules(tmp_path, risk, users) == rules(tmp_path, f"profile: {applied}", applied)


def test_a_key_of_the_file_tightens_every_profile_and_widens_none(tmp_path: Path) -> None:
    """Two positions of an aggressive file are more than a conservative user may have."""
    bold = rules(tmp_path, "profile: aggressive", Profile.AGGRESSIVE).positions_max
    careful = rules(tmp_path, "profile: conservative", Profile.CONSERVATIVE).positions_max
    assert careful < bold
    for users in Profile:
        alone = rules(tmp_path, "profile: aggressive", users).positions_max
        assert rules(tmp_path, f"profile: aggressive, positions_max: {bold}", users).positions_max == alone


def test_it_is_said_which_profile_applies_and_why(tmp_path: Path) -> None:
    def told(risk: str) -> str:
        (tmp_path / "fairway.yaml").write_text(CONFIG.format(risk=risk))
        traded = account(mode="practice", url="http://127.0.0.1:9100")
        return profile_in_words(traded, user(profile=Profile.AGGRESSIVE), load(tmp_path / "fairway.yaml"))

    assert "traded by profile aggressive, that of its user ann" in told("profile: conservative")
    assert "traded by profile moderate: its user ann has aggressive, and risk.profile_max is moderate" in told(
        "profile_max: moderate"
    )


def test_capital_in_another_currency_is_no_bound_and_the_account_is_not_traded(tmp_path: Path) -> None:
    """Five million yen are no five million dollars."""
    with pytest.raises(NotOpened, match="its capital_max is 5000000 JPY, and this bot trades in USDT; write it in USDT"):
        rules(tmp_path, "profile: conservative", capital_max=Amount.of(5_000_000, "JPY"))
