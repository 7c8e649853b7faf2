"""What a drill notes and signs, what counts as one, who may carry one out, and what real money forbids."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace as changed
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.pure.incidents.responses import Desk, alert
from tests.pure.incidents.told_incident import write_alerting_journal

from fairway.assembly import CODEC
from fairway.journal.kinds import EntryPlanned, EntryRefused, TraderStarted, TraderStopped
from fairway.journal.sql import open_journal
from fairway.launch.evidence.drill_record import DrillRecord, DrillStep, SignedDrill, file_of, read_drill, signed
from fairway.launch.evidence.model import Evidence, Rank
from fairway.market.instrument import Instrument
from fairway.money.amount import Amount, Price
from fairway.notify.outbox import MessageSent
from fairway.operations.actor import Actor, Shell, owner_of_machine
from fairway.operations.drill import DRILL, DrillRequest, drill_named
from fairway.operations.drills.drill import Drill, all_drills
from fairway.operations.drills.drill_run import DrillRun
from fairway.operations.drills.limit_breach import is_decided
from fairway.operations.drills.observed_account import VenueView, view_of
from fairway.operations.drills.one_at_a_time import only_drill
from fairway.operations.drills.pager import RealPager
from fairway.operations.drills.real_system import RealSystem
from fairway.operations.drills.record_file import drill_in, evidence_of_drill, write_record
from fairway.operations.drills.restore import TRIES, RestoreTry, note_tries, tried
from fairway.operations.held_processes import LONGEST_NS, HeldProcess, held_down, hold_down, let_start
from fairway.operations.launch.evidence_files import attested_evidence, imported_evidence
from fairway.operations.operation import Call, Exposure, tell_no_one
from fairway.operations.perform import perform, preview
from fairway.operations.refusal import Ground, Refusal
from fairway.orders.order import Side
from fairway.people.roles import UserRole
from fairway.settings import Settings, load
from fairway.venues.port import OrderReport, ReportStatus
from fairway.world.clock import MINUTE, SECOND, SystemClock

CONFIG = """
mode: {mode}
venue: {{exchange: binance, url: "http://127.0.0.1:9", key: "env:KEY", secret: "env:SECRET"}}
symbols: [BTC/USDT]
strategy: {{name: trend}}
"""
GOOD = DrillStep(name="contained", expected="at once", seen="after 1.00 s", holds=True, took_ns=SECOND)
BAD = DrillStep(name="nothing is opened", expected="nothing", seen="fw-main-1-1-e in BTC/USDT", holds=False, took_ns=SECOND)
NOTED = DrillStep(name="software", expected="a name", seen="back to small", holds=None, took_ns=0)


@pytest.fixture
def bot(tmp_path: Path) -> Path:
    """A configuration in mode practice, with a journal of two records."""
    config = tmp_path / "fairway.yaml"
    config.write_text(CONFIG.format(mode="practice"))
    journal = open_journal(tmp_path / "fairway.journal", CODEC, mode="practice", trader="main")
    began = TraderStarted(account="main", epoch=1, release="1", venue="v", strategy="s", symbols=("BTC/USDT",), bot="r1")
    journal.append([began], account="main", author="trader", at=1)
    journal.append([TraderStopped(why="a test", protective_orders=0)], account="main", author="trader", at=2)
    journal.sync()
    journal.close()
    return config


def record(config: Path, *steps: DrillStep) -> DrillRecord:
    from fairway.journal.sql import open_reader

    with open_reader(config.with_name("fairway.journal"), trader="main") as reader:
        last = reader.last()
    assert last is not None
    return DrillRecord(
        drill="rollback",
        claim="rollback",
        account="main",
        mode="practice",
        release="r1",
        by="ann",
        began_at=1,
        ended_at=2,
        steps=steps or (GOOD, NOTED),
        journal_seq=last.seq,
        journal_digest=last.digest,
        again="fairway drill rollback CONFIG",
    )


# -- the verdict ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("steps", "holds"),
    [((GOOD, NOTED), True), ((GOOD, BAD), False), ((BAD,), False), ((NOTED,), False)],
    ids=["good", "one failed", "all failed", "nothing decided"],
)
def test_a_claim_holds_where_no_step_failed_and_one_decided(bot: Path, steps: tuple[DrillStep, ...], holds: bool) -> None:
    made = record(bot, *steps).evidence()
    assert (made.claim, made.holds, made.rank, made.release) == ("rollback", holds, Rank.OBSERVED_IN_A_DRILL, "r1")
    assert made.digest == record(bot, *steps).digest
    assert made.again == "fairway drill rollback CONFIG"


def test_a_failed_drill_says_what_was_seen(bot: Path) -> None:
    assert record(bot, GOOD, BAD).why.endswith("failed: nothing is opened: fw-main-1-1-e in BTC/USDT")


# -- its file ------------------------------------------------------------------------------------------------------------


def written(config: Path, *steps: DrillStep) -> tuple[Settings, Path]:
    settings = load(config, environ={})
    return settings, write_record(settings, record(config, *steps), None)


def shown(settings: Settings, file: Path, claim: str = "") -> Evidence:
    drill = drill_in(file)
    assert drill is not None
    return evidence_of_drill(settings, drill, claim)


def test_a_file_that_this_traders_key_has_signed_counts_as_the_drill(bot: Path) -> None:
    settings, file = written(bot)
    assert shown(settings, file) == record(bot).evidence()
    key = bot.with_name("fairway.journal.drills.key")
    assert key.stat().st_mode & 0o077 == 0
    again = write_record(settings, record(bot), None)
    assert shown(settings, again).rank is Rank.OBSERVED_IN_A_DRILL, "the key stays the same"


def test_a_file_that_a_person_has_typed_is_at_most_an_attested_file(bot: Path) -> None:
    """All of it is right, and it is signed, by a key of the person's own."""
    settings, _ = written(bot)
    file = bot.with_name("typed.json")
    file.write_bytes(file_of(signed(record(bot), b"x" * 32)))
    with pytest.raises(Refusal, match="is not the key beside this trader's journal; answer for it yourself"):
        shown(settings, file)
    assert attested_evidence(file, "rollback", "ann").rank is Rank.ATTESTED_FILE
    assert imported_evidence(file, "").rank is Rank.BARE_WORD


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"release": "r2"}, "altered"),
        ({"steps": (GOOD,)}, "altered"),
        ({"ended_at": 9}, "altered"),
    ],
)
def test_a_file_that_was_altered_does_not_count(bot: Path, change: Mapping[str, object], why: str) -> None:
    settings, file = written(bot)
    drill = drill_in(file)
    assert drill is not None
    altered = replace(drill.record, **change)
    for each in (replace(drill, record=altered), replace(drill, record=altered, digest=altered.digest)):
        file.write_bytes(file_of(each))
        with pytest.raises(Refusal, match=why):
            shown(settings, file)
        assert not attested_evidence(file, "rollback", "ann").holds, "and no person can attest it"


def test_a_file_of_another_journal_or_mode_does_not_count(bot: Path) -> None:
    settings = load(bot, environ={})
    elsewhere = write_record(settings, replace(record(bot), journal_digest="0" * 64), None)
    with pytest.raises(Refusal, match="the journal does not hold the record that it names"):
        shown(settings, elsewhere)
    other = write_record(settings, replace(record(bot), mode="testnet"), None)
    with pytest.raises(Refusal, match="of a trader in mode testnet"):
        shown(settings, other)


def test_a_key_that_others_may_read_signs_nothing(bot: Path) -> None:
    settings, file = written(bot)
    bot.with_name("fairway.journal.drills.key").chmod(0o644)
    with pytest.raises(Refusal, match="is not the key"):
        shown(settings, file)
    with pytest.raises(Refusal, match="no key of drills that its owner alone reads"):
        write_record(settings, record(bot), None)


def test_what_speaks_against_a_claim_counts_whoever_has_signed_it(bot: Path) -> None:
    settings, _ = written(bot)
    file = bot.with_name("typed.json")
    file.write_bytes(file_of(signed(record(bot, GOOD, BAD), b"x" * 32)))
    found = shown(settings, file)
    assert (found.holds, found.rank) == (False, Rank.BARE_WORD)


def test_a_drill_is_about_its_own_claim(bot: Path) -> None:
    settings, file = written(bot)
    with pytest.raises(Refusal, match="is about rollback, and not about kill-drill"):
        shown(settings, file, "kill-drill")


def test_a_file_with_one_field_more_is_no_drill() -> None:
    assert read_drill(b'{"form": "fairway drill 1", "holds": true}') is None
    assert SignedDrill.__struct_config__.forbid_unknown_fields


# -- who, and with which money -------------------------------------------------------------------------------------------


def asked(config: Path, name: str, role: UserRole | None = None, **more: object) -> Call[DrillRequest]:
    actor = owner_of_machine("ann") if role is None else Actor(name="ann", shell=Shell.API, role=role)
    return Call(actor=actor, request=DrillRequest(config=config, name=name, **more))  # type: ignore[arg-type]


WATCHED = [each.name for each in all_drills() if each.is_watched]


def test_there_are_these_drills() -> None:
    assert {each.name for each in all_drills()} >= {
        "kill",
        "restore",
        "gates-proven",
        "rollback",
        "limit-breach",
        "controller-death",
    }
    assert len(WATCHED) >= 4
    assert all(isinstance(drill_named(each.name), Drill) for each in all_drills())


@pytest.mark.parametrize("name", WATCHED)
def test_with_real_money_a_drill_says_what_it_does_and_asks_for_a_confirmation(bot: Path, name: str) -> None:
    bot.write_text(CONFIG.format(mode="live").replace(', url: "http://127.0.0.1:9"', ""))
    with pytest.raises(Refusal, match="this is real money") as told:
        perform(DRILL, asked(bot, name))
    assert drill_named(name).does in str(told.value)
    with pytest.raises(Refusal, match=r"with real money a drill resumes nothing|goes with the drill kill alone"):
        perform(DRILL, asked(bot, name, resume=True, real_money=True))


@pytest.mark.parametrize("name", WATCHED)
@pytest.mark.parametrize(("role", "may"), [(UserRole.SUPPORT, True), (UserRole.ADMIN, True), (UserRole.VIEWER, False)])
def test_who_may_lower_exposure_may_drill_it(bot: Path, name: str, role: UserRole, may: bool) -> None:
    if may:
        assert drill_named(name).does in preview(DRILL, asked(bot, name, role)).effect
        return
    with pytest.raises(Refusal, match="does not allow `drill`"):
        preview(DRILL, asked(bot, name, role))


@pytest.mark.parametrize("name", ["restore", "gates-proven"])
def test_what_only_brings_evidence_is_for_those_who_decide_about_a_launch(bot: Path, name: str) -> None:
    assert drill_named(name).exposure is Exposure.RAISES
    with pytest.raises(Refusal, match="does not allow `drill`"):
        preview(DRILL, asked(bot, name, UserRole.SUPPORT))


@pytest.mark.parametrize("name", ["rollback", "controller-death", "limit-breach", "gates-proven"])
def test_a_drill_that_cannot_be_carried_out_says_what_is_missing_and_changes_nothing(bot: Path, name: str) -> None:
    lock = bot.with_name("fairway.journal.drills.lock")
    before = {each.name for each in bot.parent.iterdir()}
    with pytest.raises(Refusal, match=r"cannot be carried out, and nothing was changed: no (trader|launch)") as told:
        perform(DRILL, asked(bot, name))
    assert told.value.code == f"DRILL_NOT_POSSIBLE: drill={name}"
    assert {each.name for each in bot.parent.iterdir()} - {lock.name} == before


def test_one_drill_runs_at_a_time(bot: Path) -> None:
    with only_drill(load(bot, environ={})), pytest.raises(Refusal, match="another drill of this trader") as told:
        perform(DRILL, asked(bot, "rollback"))
    assert told.value.ground is Ground.IN_USE
    with pytest.raises(Refusal, match="cannot be carried out"):
        perform(DRILL, asked(bot, "rollback"))


def test_with_real_money_nothing_is_given_back_and_the_command_is_left_to_a_person(bot: Path) -> None:
    async def lift() -> str:
        raise AssertionError("it would raise exposure")

    run = run_of(bot)
    run.gives_back = False
    asyncio.run(contained(run, lift))
    assert run.left == ["the limit stays (with real money a drill gives nothing back); lift it:  fairway lift"]


def test_what_was_set_is_given_back_also_where_the_drill_breaks_off(bot: Path) -> None:
    lifted = []

    async def lift() -> str:
        lifted.append("it")
        return ""

    with pytest.raises(KeyboardInterrupt):
        asyncio.run(contained(run_of(bot), lift, KeyboardInterrupt()))
    assert lifted == ["it"]


async def contained(run: DrillRun, lift: object, error: BaseException | None = None) -> None:
    async with run.given_back("the limit", lift, "fairway lift"):  # type: ignore[arg-type]
        if error is not None:
            raise error


def run_of(config: Path) -> DrillRun:
    settings = load(config, environ={})
    system = RealSystem(settings, config, "main", asked(config, "kill"))
    return DrillRun(system=system, clock=SystemClock(), tell=tell_no_one, config=config)


# -- what is seen --------------------------------------------------------------------------------------------------------

BTC = Instrument(symbol="BTC/USDT", venue_symbol="BTCUSDT", base="BTC", quote="USDT", tick=Decimal("0.01"), lot=Decimal("0.001"))


def order(client_id: str, quantity: str, filled: str = "0") -> OrderReport:
    return OrderReport(
        client_id=client_id,
        venue_id="1",
        symbol="BTC/USDT",
        side=Side.SELL,
        status=ReportStatus.OPEN,
        quantity=Amount.of(quantity, "BTC"),
        filled=Amount.of(filled, "BTC"),
        price=Price(Decimal(1), "BTC", "USDT"),
        stop_price=None,
        at=1,
    )


def view(*orders: OrderReport, held: str = "2") -> VenueView:
    return view_of("main", {"BTC/USDT": BTC}, orders, {"BTC": Decimal(held)})


def test_a_view_tells_what_protects_from_what_opens_and_ours_from_others() -> None:
    entry, stop, target = (order(f"fw-main-abcde-1-1-{role}", "2") for role in "est")
    seen = view(entry, stop, target, order("fw-other-abcde-1-1-e", "9"), order("web_1", "9"))
    assert [each.client_id for each in seen.entries] == ["fw-main-abcde-1-1-e"]
    assert (seen.stopped["BTC/USDT"], seen.bare("BTC/USDT"), seen.protected) == (Decimal(2), Decimal(0), ["BTC/USDT"])
    assert view(changed(stop, filled=Amount.of("0.5", "BTC"))).stopped["BTC/USDT"] == Decimal("1.5")
    assert view(target).bare("BTC/USDT") == Decimal(2), "a target is no stop"


def test_only_a_refusal_for_the_very_limit_counts() -> None:
    def refusals(*codes: str) -> list[tuple[int, EntryRefused]]:
        return [(1, EntryRefused(symbol="BTC/USDT", code=code, intent="enter")) for code in codes]

    assert not is_decided(refusals("POSITIONS_MAX: open=2 max=2", "STATE_REDUCE_ONLY: paused"), 1)
    assert is_decided(refusals("POSITIONS_MAX: open=2 max=1"), 1)
    assert not is_decided(refusals("POSITIONS_MAX: open=2 max=11"), 1)
    price = Price(Decimal(1), "BTC", "USDT")
    approved = EntryPlanned(symbol="BTC/USDT", order_id="1", stop=price, target=price, why="", quote_age_ns=0)
    assert is_decided([(1, approved)], 1)


# -- restore -------------------------------------------------------------------------------------------------------------


def restore_try(why: str, *, holds: bool) -> RestoreTry:
    evidence = Evidence(claim="restore", rank=Rank.OBSERVED_IN_A_DRILL, holds=holds, why=why, producer="fairway drill", made_at=1)
    return RestoreTry(evidence, SECOND)


@pytest.mark.parametrize(
    ("tries", "holds", "why"),
    [
        (("",), True, "a copy was restored"),
        (("BTC differs", ""), True, "a copy was restored; 1 try before it failed: BTC differs"),
        (("BTC differs", "ETH differs", ""), True, "a copy was restored; 2 tries before it failed: ETH differs"),
        (("a", "b", "c", ""), False, "c; 2 tries before it failed: b"),
    ],
)
def test_every_try_of_a_restore_is_in_its_record(bot: Path, tries: tuple[str, ...], holds: bool, why: str) -> None:
    outcomes = iter([restore_try(each or "a copy was restored", holds=not each) for each in tries])
    run = run_of(bot)
    note_tries(run, tried(lambda: next(outcomes)))
    *failed, last = run.steps
    assert [(each.seen, each.holds) for each in failed] == [(each, None) for each in tries[: len(failed)]]
    assert (last.name, last.seen, last.holds, len(run.steps)) == ("restored", why, holds, min(len(tries), TRIES))
    assert record(bot, *run.steps).why.endswith(why), "and so in its evidence"


# -- page ----------------------------------------------------------------------------------------------------------------


def test_a_page_that_is_only_queued_has_reached_no_channel(bot: Path) -> None:
    settings, desk = load(bot, environ={}), Desk()
    desk.fire(alert("orders-failing"))
    pager, incident = RealPager(settings, bot, asked(bot, "page")), desk.incident.id
    assert desk.incident.report.channels == ("chat",)
    write_alerting_journal(settings, desk)
    assert asyncio.run(pager.seen(incident)).sent == ()
    [queued] = [each for each in desk.queued if each.channel == "chat"]
    desk.journal = [(desk.now, MessageSent(id=queued.message.id, channel="chat", receipt="17", tries=1))]
    write_alerting_journal(settings, desk)
    assert asyncio.run(pager.seen(incident)).sent == ("chat",)


# -- a process that is held down -----------------------------------------------------------------------------------------


def test_a_hold_on_a_process_ends_by_itself_and_never_lasts_long(bot: Path) -> None:
    settings = load(bot, environ={})
    hold_down(settings, HeldProcess(name="pilot", since=MINUTE, until=2 * MINUTE, why="a drill"))
    assert [held_down(settings, "pilot", at) is not None for at in (MINUTE - 1, MINUTE, 2 * MINUTE - 1, 2 * MINUTE)] == [
        False,
        True,
        True,
        False,
    ]
    assert held_down(settings, "trader", MINUTE) is None
    hold_down(settings, HeldProcess(name="pilot", since=MINUTE, until=1000 * MINUTE, why="a drill"))
    assert held_down(settings, "pilot", MINUTE + LONGEST_NS) is None
    let_start(settings, "pilot")
    let_start(settings, "pilot")
    assert held_down(settings, "pilot", MINUTE) is None


def test_a_hold_that_cannot_be_read_keeps_no_process_down(bot: Path) -> None:
    bot.with_name("fairway.journal.up.held-pilot").write_text("{")
    assert held_down(load(bot, environ={}), "pilot", MINUTE) is None
