"""The journal explorer: what an address means, and where older and newer records are."""

from typing import Any

from fairway.journal.port import Record
from fairway.journal.record_filter import RecordFilter
from fairway.operations.trader.read_journal import JournalName, JournalOutcome
from fairway.panel.pages.journal_facts import SHOWN, JournalPlace, journal_facts, place_of


def record(seq: int, body: bytes = b'{"why":"stopped"}') -> Record:
    return Record(seq, 1_000, "main", "trader", "TraderStopped", 1, body, "ab" * 32)


def outcome(first: int, to: int, **more: Any) -> JournalOutcome:
    asked = {"last": to, "searched_after": 0, "searched_before": to + 1} | more
    return JournalOutcome(records=tuple(record(seq) for seq in range(first, to + 1)), **asked)


def test_an_address_that_fits_nothing_shows_the_newest_of_the_trader() -> None:
    given = {"journal": "<script>", "after": "-3", "before": "ten", "kind": ""}
    assert place_of(given) == JournalPlace()
    assert place_of({"after": "9" * 30}).after is None


def test_an_address_leads_back_to_the_same_place() -> None:
    place = JournalPlace(journal=JournalName.SERVER, wanted=RecordFilter(author="ann&co", text="a=b #"), after=0)
    query = dict(pair.split("=", 1) for pair in place.href.partition("?")[2].split("&"))
    assert query == {"journal": "server", "author": "ann%26co", "text": "a%3Db+%23", "after": "0"}


def test_the_tail_has_the_newest_first_and_leads_to_older_ones() -> None:
    found = journal_facts(JournalPlace(), outcome(41, 40 + SHOWN))
    assert [each.seq for each in found.records][:2] == [40 + SHOWN, 39 + SHOWN]
    assert (found.older, found.newer) == ("/panel/journal?journal=trader&before=41", "")
    assert "New ones appear at the top." in found.sentence


def test_a_place_begins_with_the_record_that_was_linked() -> None:
    place = JournalPlace(after=122)
    found = journal_facts(place, outcome(123, 122 + SHOWN, last=400, searched_after=122, searched_before=401))
    assert found.records[0].seq == 123
    assert found.newer == f"/panel/journal?journal=trader&after={122 + SHOWN}"
    assert found.older == "/panel/journal?journal=trader&before=123"


def test_a_search_that_found_little_goes_on_before_what_it_looked_through() -> None:
    place = JournalPlace(wanted=RecordFilter(kind="OrderFilled"))
    found = journal_facts(place, JournalOutcome(records=(), last=90_000, searched_after=40_000, searched_before=90_001))
    assert found.sentence.endswith("None of records 40,001 to 90,000 fit and are shown.")
    assert found.older == "/panel/journal?journal=trader&kind=OrderFilled&before=40001"


def test_a_place_after_the_end_says_so() -> None:
    found = journal_facts(JournalPlace(after=900), JournalOutcome(records=(), last=12, searched_after=900, searched_before=13))
    assert found.sentence == "The journal of the trader holds 12 records. None comes after record 900."


def test_an_empty_journal_says_so() -> None:
    found = journal_facts(JournalPlace(journal=JournalName.LAUNCH), JournalOutcome(records=()))
    assert (found.sentence, found.older, found.newer) == ("The journal of the launch holds no records yet.", "", "")


def test_a_body_that_is_no_json_is_shown_as_it_is() -> None:
    [shown] = journal_facts(JournalPlace(), JournalOutcome(records=(record(1, b"\xff<b>"),), last=1)).records
    assert shown.full_text == "b'\\xff<b>'"
    assert shown.what.startswith("(not readable)")
