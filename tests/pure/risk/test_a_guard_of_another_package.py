"""The example of docs/how-to/add-a-guard.md, installed as another package: it watches, trips, caps, is shown and is proven."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.installed_package import example_of, installed
from tests.pure.trading.test_guard_evaluation import FAR, Guarded, of
from tests.pure.trading.test_step import filled, report

from fairway.cli import run
from fairway.cli.exits import ExitCode
from fairway.journal.commands import LiftCap
from fairway.journal.events import Codec
from fairway.journal.kinds import EVENTS, CapRaised, EntryRefused, GuardTripped, TraderStarted
from fairway.journal.sql import open_journal
from fairway.launch.control.causes import cause_of
from fairway.launch.gates.gate_drill import prove_guards
from fairway.launch.plan.lint.rules import guard_missing
from fairway.risk.caps import Cap, Lifting
from fairway.risk.causes import AlertSeverity, Effect
from fairway.risk.escalation import Level
from fairway.risk.guards.registry import BrokenGuard, UnknownGuardSetting, check_settings, guards
from fairway.risk.guards.roster import Roster
from fairway.risk.guards.rules import GuardRules
from fairway.risk.guards.sentences import cap_sentence
from fairway.risk.profiles import Profile, rules_of
from fairway.trading.inputs import CommandReceived, OrdersAcknowledged
from fairway.venues.port import ReportStatus

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "add-a-guard.md"
CONFIG = """
mode: practice
venue: {exchange: binance, url: http://127.0.0.1:9100, key: env:KEY, secret: env:SECRET}
symbols: [BTC/USDT]
strategy: {name: trend}
"""
CACHES = (guards, guard_missing.known_guards, guard_missing.mandatory_guards)


def forget() -> None:
    for each in CACHES:
        each.cache_clear()


@pytest.fixture
def package(tmp_path: Path) -> Iterator[None]:
    forget()
    with installed(tmp_path, "fairway.guards", "overtrading", example_of(PAGE), "GUARD"):
        yield
    forget()


def tripped() -> tuple[Guarded, Cap]:
    """An account that has closed its only round trip of the day, and the cap that the guard raised."""
    scene = Guarded(GuardRules(round_trips_a_day=1))
    scene.holds()
    stop = next(order for order in scene.state.orders.blotter.live.values() if order.stop_price is not None)
    scene.news(OrdersAcknowledged([report(stop)]))
    scene.news(OrdersAcknowledged([report(stop, ReportStatus.FILLED, filled=stop.quantity.value)]))
    outcome = scene.news(filled(stop, "2", stop.quantity.value, price="75.51"))
    [trip] = of(GuardTripped, outcome)
    assert isinstance(trip, GuardTripped)
    assert (trip.guard, trip.level, trip.severity) == ("overtrading", Level.CRITICAL, AlertSeverity.P1)
    [raised] = of(CapRaised, outcome)
    assert isinstance(raised, CapRaised)
    return scene, raised.cap


@pytest.mark.usefixtures("package")
def test_its_own_sentence_says_why_it_raised_a_cap() -> None:
    _, cap = tripped()
    assert cap_sentence(cap) == "1 round trips were closed within 24 hours, and the limit is 1"


@pytest.mark.usefixtures("package")
def test_it_watches_trips_and_caps_until_a_person_lifts_it() -> None:
    """All of it from the guard's own fields; the account opens nothing meanwhile."""
    scene, cap = tripped()
    cause = cause_of(cap)
    assert cause is not None
    assert (cap.id, cap.lifting, cause.effect) == ("guard overtrading", Lifting.PERSON, Effect.DEMOTE)
    assert of(EntryRefused, scene.wish(FAR)) != []
    assert cap.id in scene.replayed().limits.caps
    scene.news(CommandReceived(1, "ann", LiftCap(reason="it may go on", cap_id=cap.id)))
    assert cap.id not in scene.state.limits.caps
    assert scene.state.guards.alarms == {}


@pytest.mark.usefixtures("package")
def test_fairway_caps_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bot.yaml").write_text(CONFIG)
    scene, cap = tripped()
    start = TraderStarted(account="main", epoch=1, release="1", venue="binance", strategy="trend", symbols=("BTC/USDT",))
    journal = open_journal(tmp_path / "fairway.journal", Codec(*EVENTS), mode="practice", trader="main", synchronous="OFF")
    journal.append([start, CapRaised(cap=cap)], account="main", author="trader", at=scene.now)
    journal.close()
    assert run(["caps", "bot.yaml"]) == ExitCode.OK
    shown = capsys.readouterr().out
    assert "guard overtrading" in shown
    assert "GUARD_OVERTRADING: round_trips=1 limit=1" in shown
    assert "fairway lift bot.yaml 'guard overtrading'" in shown


@pytest.mark.usefixtures("package")
@pytest.mark.parametrize("profile", Profile)
def test_its_proof_counts_and_every_profile_has_it(profile: Profile) -> None:
    roster = Roster(rules_of(profile, "USDT").guards, "USDT")
    assert "overtrading" in roster.names
    [proof] = [each for each in prove_guards(None) if each.guard == "overtrading"]
    assert proof.gaps == []
    assert proof.cap is not None
    assert proof.cap.kind.name == "guard overtrading"


@pytest.mark.usefixtures("package")
def test_a_plan_must_name_it_for_only_a_person_lifts_its_cap() -> None:
    assert "overtrading" in guard_missing.known_guards()
    assert "overtrading" in guard_missing.mandatory_guards()


def test_without_the_package_its_setting_is_refused() -> None:
    """A setting that no guard reads would watch nothing."""
    with pytest.raises(UnknownGuardSetting, match="no guard has a setting round_trips_a_day; there are: daily_loss"):
        Roster(GuardRules(round_trips_a_day=1), "USDT")


def test_one_that_cannot_be_loaded_is_an_error_and_no_account_without_it(tmp_path: Path) -> None:
    forget()
    with installed(tmp_path, "fairway.guards", "overtrading", "import no_such_library", "GUARD"):
        told = "the guard 'overtrading' of overtrading 1.2 cannot be used: ModuleNotFoundError: .*; repair or uninstall it"
        with pytest.raises(BrokenGuard, match=told):
            Roster(rules_of(Profile.MODERATE, "USDT").guards, "USDT")
    forget()


def test_a_setting_that_another_guard_declares_is_refused_by_name() -> None:
    """Else the value of one guard would silently replace the limit of the other."""
    first, second = [each for each in guards() if each.settings][:2]
    with pytest.raises(BrokenGuard, match=f"'{first.settings[0].name}' is declared by the guard '{first.name}' already"):
        check_settings((first, replace(second, settings=first.settings)))
    check_settings((first, second))
