"""What is written about an incident afterwards: facts of the journals, unknown where they say nothing, texts that stay texts."""

from dataclasses import replace
from decimal import Decimal

from tests.pure.incidents.responses import BEGAN, P0, Desk, alert
from tests.pure.incidents.told_incident import journal_of_trader, timeline, told

from fairway.incidents.postmortem import draft_postmortem, plain_markdown
from fairway.incidents.timeline import MoneyImpact, lines_of, number_before, timeline_of
from fairway.incidents.trader_lines import CODEC, trader_source
from fairway.journal.kinds import TransferAnnounced
from fairway.journal.memory import MemoryFile, open_memory
from fairway.money.amount import Amount
from fairway.world.clock import DAY, HOUR, MINUTE


def test_a_timeline_has_the_lines_of_the_span_in_order_and_counts_fills_fees_and_the_deepest_fall() -> None:
    found = timeline(told())
    assert [each.at for each in found.lines] == sorted(each.at for each in found.lines)
    assert [each.what for each in found.lines if each.source == "trader"] == [
        "order o1 was rejected: the venue is | busy",
        "the account stream is lost: no pong",
        "the account stream is back",
        "cap blind lifted by trader: caught up",
    ]
    assert (found.money.fills, found.money.rejected, found.money.fees) == (1, 1, {"USDT": Decimal("0.1")})
    assert found.money.deepest_fall() == Amount.of("-60", "USDT")


def test_a_fall_of_worth_is_unknown_where_money_was_moved_or_no_worth_was_seen() -> None:
    assert MoneyImpact().deepest_fall() is None
    money = MoneyImpact()
    money.mark("main", Amount.of("100", "USDT"))
    money.mark("main", Amount.of("50", "USDT"))
    assert money.deepest_fall() == Amount.of("-50", "USDT")
    journal = open_memory(MemoryFile(), CODEC, mode="practice", trader="main")
    journal.append([TransferAnnounced(amount=Amount.of("-50", "USDT"), by="ann", why="x")], account="main", author="t", at=1)
    journal.sync()
    timeline_of([(trader_source(money), journal.read())], money, 0, 2)
    assert money.deepest_fall() is None


def test_worth_only_rises_is_a_fall_of_zero() -> None:
    money = MoneyImpact()
    money.mark("main", Amount.of("100", "USDT"))
    money.mark("main", Amount.of("150", "USDT"))
    assert money.deepest_fall() == Amount.of("0", "USDT")


def test_reading_begins_shortly_before_the_span() -> None:
    journal = journal_of_trader()
    numbers = {record.seq: record.at for record in journal.read()}
    for at in (0, BEGAN, BEGAN + HOUR, BEGAN + DAY, BEGAN + 9 * DAY):
        found = number_before(journal, at)
        assert all(instant < at - HOUR for number, instant in numbers.items() if number <= found)
        assert all(instant >= at - HOUR for number, instant in numbers.items() if number > found)


def test_lines_beyond_the_most_are_counted(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr("fairway.incidents.timeline.ENTRIES_MAX", 2)
    found, left_out = lines_of(trader_source(MoneyImpact()), journal_of_trader().read(), BEGAN - HOUR, BEGAN + HOUR)
    assert (len(found), left_out) == (2, 2)


def test_a_postmortem_says_unknown_where_the_journals_say_nothing() -> None:
    desk = Desk()
    desk.facts = replace(desk.facts, realized=None)
    desk.fire(alert("cannot-place-orders", severity=P0))
    incident = desk.incident
    text = draft_postmortem(
        desk.state, incident, timeline_of([], MoneyImpact(), BEGAN, BEGAN + MINUTE, {"trader": "it is locked"})
    )
    assert "| result of all accounts from its declaration to its end | unknown |" in text
    assert "| fees | unknown |" in text
    assert "| worst fall of what is held and not realized | unknown |" in text
    assert "| resolved | unknown |  |" in text
    assert "no person acknowledged it" in text
    assert "Stops held" not in text
    assert "trader: UNKNOWN, it is locked" in text


def test_hostile_texts_change_no_structure_of_a_postmortem() -> None:
    desk = told()
    text = draft_postmortem(desk.state, desk.incident, timeline(desk))
    assert "\n# head" not in text
    assert "<b>" not in text.replace(r"\<b\>", "")
    assert [line for line in text.splitlines() if line.startswith("# ")] == [
        f"# Postmortem {desk.incident.id}: " + plain_markdown(desk.incident.title)
    ]
    assert plain_markdown("a|b\n<c>") == r"a\|b \<c\>"
