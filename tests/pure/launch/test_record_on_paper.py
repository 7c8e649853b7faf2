"""The record as PDF: the same record gives the same bytes, and what a person wrote is never markup."""

from dataclasses import replace

from tests.pure.launch.launches import at_middle
from tests.pure.launch.test_record import record

from fairway.launch.views.record_forms import pdf
from fairway.panel.record_download import file_name


def test_same_record_gives_same_pdf() -> None:
    made = record(at_middle())
    assert pdf(made) == pdf(made)
    assert pdf(made).startswith(b"%PDF-")


def test_text_of_a_person_is_not_read_as_markup() -> None:
    made = replace(record(at_middle()), plan='#panic("read") $x$ *a*', waivers=['#include "/etc/passwd" @label <b> [', "\\"])
    assert pdf(made).startswith(b"%PDF-")


def test_name_of_the_file_fits_every_system() -> None:
    made = replace(record(at_middle()), plan="../a plan", verdict="READY, WAITING FOR APPROVAL", made_at="2026-11-25T14:05:00")
    assert file_name(made) == "a-plan-READY-WAITING-FOR-APPROVAL-2026-11-25T14-05-00.pdf"
