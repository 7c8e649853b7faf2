"""A chart of candles with fills and prices drawn, by TradingView's lightweight-charts; only what is new goes to the browser."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from fairway.panel.elements import Tag
from fairway.panel.facts.candle_pictures import CandlePicture, Changes, changes
from fairway.panel.live import Live
from fairway.panel.scripts import javascript
from fairway.panel.visit import Visit


def candle_chart(visit: Visit, live: Live[Any], get: Callable[[Any], CandlePicture]) -> None:
    """The chart under a sentence that says the same; where there are no candles, why. `candles.js` draws."""
    live.bind(
        lambda facts: get(facts).sentence, Tag("p", "", "candle-words").set_text
    )  # without a flash: it changes all the time
    chart = Tag("div", "", "candle-chart", role="group")
    live.attribute(chart, "aria-label", lambda facts: f"chart of {get(facts).symbol}, candles of {get(facts).interval}")
    nothing = Tag("p", "", "empty", role="status")
    live.bind(lambda facts: get(facts).trouble, nothing.set_text)
    live.visible(nothing, lambda facts: bool(get(facts).trouble))
    live.visible(chart, lambda facts: bool(get(facts).candles))
    last: CandlePicture | None = None

    def show(picture: CandlePicture) -> None:
        nonlocal last
        if not picture.candles:  # what is drawn stays, until the venue tells again
            return
        found, last = changes(last, picture), picture
        visit.client.run_javascript(f"fairwayCandles.show({javascript(chart.html_id)}, {_as_json(picture, found)})")

    live.bind(get, show)


def _as_json(picture: CandlePicture, found: Changes) -> str:
    return javascript({"places": picture.places, **asdict(found)})
