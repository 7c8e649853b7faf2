"""Turns journal records into lines of a terminal, without knowing what kinds there are."""

from typing import Final

from fairway.journal.port import Record
from fairway.journal.record_text import what
from fairway.world.clock import text_of

COLUMNS: Final = f"{'seq':>7}  {'time (UTC)':<24}  {'account':<10}  {'author':<8}  {'kind':<16}  what"


def columns(record: Record) -> str:
    """One line: number, time, account, author, kind, and what the body says that is not empty."""
    head = f"{record.seq:>7}  {text_of(record.at):<24}  {record.account:<10}  {record.author:<8}  {record.kind:<16}"
    return f"{head}  {what(record.body)}"
