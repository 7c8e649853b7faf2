"""The stages of a track from top to bottom, each with its limits; the present one is open."""

from nicegui.element import Element

from fairway.panel.elements import Tag
from fairway.panel.facts.launch_stages import StageFacts
from fairway.panel.live import Live
from fairway.panel.moments import live_moment
from fairway.panel.pages.launch_facts import LaunchTrackFacts


def stages(row: Live[LaunchTrackFacts]) -> None:
    """The list."""
    row.rows(Tag("ol", "", "ladder"), lambda each: each.stages, lambda stage: stage.name, _stage)


def _stage(row: Live[StageFacts]) -> Element:
    with Tag("li") as found:
        row.toned(found, lambda stage: f"is-{stage.where.replace(' ', '-')}")
        row.attribute(found, "aria-current", lambda stage: "step" if stage.is_open else None)
        with Tag("details") as details:
            row.attribute(details, "open", lambda stage: stage.is_open or None)
            with Tag("summary"):
                row.mark(lambda stage: stage.mark)
                row.words(lambda stage: f"{stage.number}. {stage.name}", classes="name")
                row.words(lambda stage: stage.where, classes="where-word")
            _limits(row)
    return found


def _limits(row: Live[StageFacts]) -> None:
    with Tag("dl", "", "stage-pairs"):
        since = Tag("dt", "since")
        with Tag("dd") as at:
            live_moment(row, lambda stage: stage.since)
        row.visible(since, lambda stage: bool(stage.since))
        row.visible(at, lambda stage: bool(stage.since))
        for name, words in (
            ("money", row.facts.money),
            ("stay", row.facts.stay),
            ("approved by", row.facts.approvals),
            ("review", row.facts.review),
        ):
            if words:  # of the plan, which stays as it is
                Tag("dt", name)
                Tag("dd", words)
        Tag("dt", "limits of each account")
        with Tag("dd"):
            row.rows(Tag("ul"), lambda stage: stage.limits, lambda words: words, _limit)


def _limit(row: Live[str]) -> Element:
    return Tag("li", row.facts)
