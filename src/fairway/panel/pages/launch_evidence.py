"""The evidence of a plan: what each claim rests on, until when, and a form that brings a file."""

from functools import partial

from nicegui.element import Element

from fairway.api.bodies import UPLOAD_BYTES_MAX
from fairway.panel.command_dialog import command_button
from fairway.panel.elements import Tag, card, empty
from fairway.panel.facts.claims import ClaimFacts
from fairway.panel.fresh_sign_in import fresh_sign_in
from fairway.panel.live import Live
from fairway.panel.moments import live_moment
from fairway.panel.pages.launch_facts import LaunchFacts
from fairway.panel.visit import Visit


def evidence(visit: Visit, live: Live[LaunchFacts]) -> None:
    """The checklist first, then what gates and stages of other traders ask for."""
    with card("Checklist and evidence", "evidence-card"):
        live.rows(Tag("ul", "", "claim-list"), lambda facts: facts.claims, lambda claim: claim.name, partial(_claim, visit))
        live.visible(empty("The plan asks for no evidence."), lambda facts: not facts.claims)
        if visit.may("launch-waive") and live.facts.claims:
            _form(visit, [claim.name for claim in live.facts.claims])


def _claim(visit: Visit, row: Live[ClaimFacts]) -> Element:
    with Tag("li", "", "claim") as found:
        with Tag("p"):
            row.mark(lambda claim: claim.mark)
            row.words(lambda claim: claim.name, classes="name")
            row.words(lambda claim: claim.standing)
        with Tag("p", "", "quiet") as expiry:
            Tag("span", "until ")
            live_moment(row, lambda claim: claim.ends_at)
            row.words(lambda claim: f" ({claim.left}{', soon' if claim.ends_soon else ''})")
        row.visible(expiry, lambda claim: bool(claim.ends_at))
        with Tag("details"):
            Tag("summary", f"What {row.facts.name} rests on")
            _rests_on(row)
            if visit.may("launch-waive", claim=row.facts.name):
                waive = command_button(visit, f"Waive {row.facts.name}", "launch-waive", {"claim": row.facts.name})
                row.visible(waive, lambda claim: claim.can_waive)
    return found


def _rests_on(row: Live[ClaimFacts]) -> None:
    with Tag("dl", "", "explanation"):
        Tag("dt", "it takes at least")
        row.words(lambda claim: claim.needs, "dd")
        Tag("dt", "asked for by")
        row.words(lambda claim: claim.asked_by or "a later stage", "dd")
        Tag("dt", "evidence")
        row.words(lambda claim: f"{claim.rank} by {claim.by}: {claim.says}" if claim.rank else "none yet", "dd")
        Tag("dt", "made")
        with Tag("dd"):
            live_moment(row, lambda claim: claim.made_at, nothing="never")
        Tag("dt", "SHA-256")
        with Tag("dd"):
            row.words(lambda claim: claim.digest or "none", "code")
        Tag("dt", "made again by")
        with Tag("dd"):
            row.words(lambda claim: claim.again or "no command is known", "code")


def _form(visit: Visit, claims: list[str]) -> None:
    """`launch.js` sends the file to the HTTP API with its SHA-256: what it says is shown first, and taken with a second press."""
    with Tag("details", "", "bring"):
        Tag("summary", "Bring a file as evidence")
        with Tag(
            "form", "", "evidence-form", data_user=visit.actor.name, data_bytes=UPLOAD_BYTES_MAX, aria_label="Bring evidence"
        ):
            with Tag("label", "for the claim"), Tag("select", name="claim", required=True):
                for claim in claims:
                    Tag("option", claim, value=claim)
            with Tag("label", f"file, at most {UPLOAD_BYTES_MAX >> 20} MB"):
                Tag("input", type="file", name="file", required=True)
            with Tag("label", "reason"):
                Tag("input", type="text", name="reason", required=True, maxlength="2000", autocomplete="off")
            with Tag("label", "", "check"):
                Tag("input", type="checkbox", name="attest")
                Tag("span", "I answer for what the file says, such as minutes")
            with Tag("div", "", "again", hidden=True):
                Tag("p", "It raises what may be risked, so it asks for a fresh sign-in.")
                fresh_sign_in()
            Tag("div", "", "said", role="status")
            Tag("button", "Show what it says", "raises", type="submit")
        with Tag("p", "A bare word, another trader's launch or a copy of the journal is brought with ", "quiet"):
            Tag("code", "fairway launch evidence")
