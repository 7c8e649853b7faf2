"""Pages that the supervisor sends by itself, to a receiver on the simulated network."""

from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from tests.conformance.message_services import Service, serving

from fairway.assembly.direct_page import page_directly
from fairway.settings.load import parse
from fairway.world import loop as simulated

BASE = """
mode: practice
venue: {exchange: binance, url: "http://127.0.0.1:9100", key: env:K, secret: env:S}
symbols: [BTC/USDT]
strategy: {name: trend}
"""
HOOK = 'notify: {channels: [{name: pager, kind: webhook, url: "http://127.0.0.1:9400/hook/x"}]}\n'


def paged(text: str, folder: Path, service: Service) -> str:
    settings = parse(BASE + text, folder=folder)

    async def play() -> str:
        async with serving(service):
            return await page_directly(settings, "Fairway is in safe mode", ("alerting crashed 6 times",), 1)

    return simulated.run(play, seed=1)


def test_a_person_is_paged_by_the_channels_of_p0(tmp_path: Path) -> None:
    service = Service()
    assert paged(HOOK + "alerts: {channels: {P0: [pager]}}", tmp_path, service) == "pager was paged"
    assert [each["title"] for each in service.heard] == ["Fairway is in safe mode"]


def test_where_no_channel_is_configured_the_answer_says_so(tmp_path: Path) -> None:
    service = Service()
    assert "no channel for P0" in paged("alerts: {}", tmp_path, service)
    assert not service.heard


@pytest.mark.parametrize("status", [500, 401])
def test_what_could_not_be_sent_is_in_the_answer(status: int, tmp_path: Path) -> None:
    async def refuse(request: web.Request) -> Any:
        return web.Response(status=status)

    service = Service(trouble=refuse)
    assert "pager could not page" in paged(HOOK + "alerts: {}", tmp_path, service)
