"""What all pages have around them: where one is, whether it is current, who one is, and the three ways to stop."""

import logging
from typing import Final

from nicegui import ui

from fairway.panel.command_dialog import command_button
from fairway.panel.elements import Tag, button
from fairway.panel.failures import told
from fairway.panel.feed import Unseen
from fairway.panel.frame_facts import FRAME
from fairway.panel.guards import MOUNT
from fairway.panel.page import Given, Page
from fairway.panel.visit import Visit

_STOPS: Final[tuple[tuple[str, str, dict[str, bool], tuple[str, ...]], ...]] = (
    ("Pause", "pause", {"everyone": True}, ()),
    ("Hold", "launch-hold", {}, ("contain",)),
    ("Kill", "kill", {}, ("flatten",)),
)
"""Words, command, what is given, and what is asked for besides the reason."""
_LOG: Final = logging.getLogger(__name__)
_KEYS: Final = (("/", "search"), ("k", "kill"), ("?", "these keys"), ("Esc", "close"))


async def framed(visit: Visit, page: Page, path: Given, query: Given) -> None:
    """Builds a page with its frame. A page that is not for this visitor says so."""
    from fairway.panel.pages.all_pages import PAGES

    content = visit.client.content.classes(f"page {page.title.lower().replace(' ', '-')}").props("tabindex=-1")
    shown = [each for each in PAGES if each.is_for(visit)]
    for name in page.styles:
        ui.add_head_html(f'<link rel="stylesheet" href="{MOUNT}/assets/{name}.css">')
    with visit.client.layout, Tag("div", "", "top") as top:
        Tag("a", "Skip to the page", "skip", href=f"#{content.html_id}")
        with Tag("header"):
            await _head(visit)
        with Tag("nav", aria_label="Pages"):
            for each in shown:
                if each.nav:
                    link = Tag("a", each.nav, href=f"{MOUNT}{each.path}", data_key=each.key)
                    link.attribute("aria-current", "page" if each is page else "true" if _leads_to(each, page) else None)
        Tag("p", "", "trouble", role="alert", hidden=True)
    top.move(target_index=0)
    if page.is_for(visit):
        await _build(visit, page, {**query, **path})
    else:
        Tag("h1", "This page is not for your role")
        Tag("p", f"The role {visit.actor.role or 'owner'} does not show it; ask an admin.")
    with visit.client.layout:
        with Tag("footer"):
            Tag("span", "Times are UTC; the local time is shown on hover. Press ? for the keys.")
        _keys([each for each in shown if each.key])
    ui.run_javascript("fairway.opened()")


def _leads_to(each: Page, page: Page) -> bool:
    return each.path != "/" and page.path.startswith(f"{each.path}/")


async def _build(visit: Visit, page: Page, given: Given) -> None:
    """The page itself. A mistake in it is told in its place, and leaves the frame with its ways to stop as it is."""
    try:
        await page.build(visit, given)
    except Exception as error:
        why = told(error, _LOG, f"the page {page.path}")
        visit.client.content.clear()
        with visit.client.content:
            Tag("h1", "This page cannot be shown")
            Tag("p", why)


async def _head(visit: Visit) -> None:
    Tag("a", "Fairway", "brand", href=f"{MOUNT}/")
    live = await visit.live(FRAME)
    if isinstance(live, Unseen):
        Tag("span", live.why, "plan")
    else:
        live.words(lambda facts: facts.launch, classes="plan")
    with Tag("span", "", "right"):
        Tag("time", "", "clock")
        Tag("span", "● live", "stream", role="status")
        with Tag("span", "", "stops"):
            if visit.sees_all:
                for words, slug, given, asked in _STOPS:
                    if visit.may(slug, **given):
                        command_button(visit, words, slug, given, classes=f"stop {slug}", ask=asked)
            else:
                _own_stops(visit)
        with Tag("details", "", "who"):
            Tag("summary", visit.actor.name)
            with Tag("div", "", "menu"):
                Tag("span", f"role {visit.actor.role.value if visit.actor.role else 'owner'}")
                Tag("a", "My settings", href=f"{MOUNT}/settings")
                button("Gain and loss in blue and orange", lambda: visit.client.run_javascript("fairway.colours()"))
                button("Dark or light", lambda: visit.client.run_javascript("fairway.theme()"))
                button("Sign out", lambda: visit.client.run_javascript("fairway.signOut(false)"))
                button("Sign out everywhere", lambda: visit.client.run_javascript("fairway.signOut(true)"))


def _own_stops(visit: Visit) -> None:
    """Of who has own accounts only: the two ways to stop each of them; with several, in a list that opens."""
    accounts = sorted(visit.actor.accounts)
    if len(accounts) == 1:
        _stops_of(visit, accounts[0])
    elif accounts:
        with Tag("details", "", "own-stops"):
            Tag("summary", "Stop", "stop kill")
            with Tag("div", "", "menu"):
                for account in accounts:
                    Tag("span", account, "strong")
                    _stops_of(visit, account)


def _stops_of(visit: Visit, account: str) -> None:
    if visit.may("pause", account=account):
        command_button(visit, "Pause", "pause", {"account": account}, classes="stop pause")
    if visit.may("kill", account=account, flatten=True):
        command_button(visit, "Emergency close", "kill", {"account": account, "flatten": True}, classes="stop kill")


def _keys(pages: list[Page]) -> None:
    with Tag("dialog", "", "keys", aria_label="Keys"):
        Tag("h2", "Keys")
        with Tag("dl", "", "pairs"):
            for pressed, what in (*((f"g {page.key}", page.nav) for page in pages), *_KEYS):
                Tag("dt", pressed)
                Tag("dd", what)
        with Tag("form", method="dialog"):
            Tag("button", "Close")
