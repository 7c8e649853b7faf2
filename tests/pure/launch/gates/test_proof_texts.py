"""What each gate says, word for word, of the facts that it is proven by, and of such as life brings: proofs.txt.

A figure that changes is seen in review.
"""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
import yaml
from tests.pure.launch.gates.facts import NOW, series

from fairway.launch.gates.port import Facts, Gate, GateSettings
from fairway.launch.gates.proof import proof_of
from fairway.launch.gates.registry import example_of, gate, installed
from fairway.launch.gates.statistics.series_gate import SeriesSettings
from fairway.launch.gates.verdict import Verdict
from fairway.watch.indicators import Indicator, Measures
from fairway.watch.series import Series
from fairway.world.clock import SECOND

TOLD = Path(__file__).parent / "proofs.txt"
MORE = """
{name: some, gate: count, of: incidents, at_most: 1, only: [P1]}
{name: none, gate: count, of: incidents, at_most: 0}
{name: many, gate: count, of: round_trips, at_least: 3}
{name: both, gate: count, of: round_trips, distinct: true, at_least: 3, only: [ann, bob, cid]}
{name: recent, gate: invariant, of: tied_out, over: 7d, sustain: 10m}
{name: lucky, gate: proportion, of: order_success, at_least: 95 %, strength: not_disproven, at_least_n: 30}
{name: long, gate: proportion, of: venue_api, at_least: 98 %, strength: proven, over: 7d, sustain: 1h}
{name: fast, gate: quantile, of: order_ack, q: 50 %, at_most: 500 ms, strength: not_disproven, at_least_n: 10}
{name: low, gate: mean, of: order_ack, at_most: 800 ms, tail: {q: 99 %, at_most: 2400 ms}, strength: not_disproven, at_least_n: 9}
{name: par, gate: paired_difference, of: live_vs_shadow_bps, not_worse_than: 0 bps, winsorise: 5 bps, strength: not_disproven, at_least_n: 9}
{name: beside, gate: regression, of: order_ack, against: control, tolerate: 0 %, q: 95 %, block: 30m}
{name: blue, gate: regression, of: http_latency, against: {probe: blue}, only: [green], block: 1m}
{name: either, gate: regression, of: rss, against: before, strength: not_disproven, at_least_n: 9}
{name: severe, gate: survey, of: feedback, positive: 51 %, severe_at_most: 2, at_least_n: 4}
{name: up, gate: timeslices, of: uptime, at_least: 99.9 %, over: 48h}
{name: all, gate: checklist}
{name: limits, gate: drill, drill: limit-drill, of_release: false}
{name: crisis, gate: zero_events, of: alerts, over: 7d}
{name: three, gate: approval, need: {owner: 2, risk: 3}}
{name: slope, gate: trend, of: order_ack, rise_at_most: 1 s/24h, span: 30h}
{name: of three, gate: invariant, of: reconciled, at_least_n: 3}
{name: of a block, gate: invariant, of: reconciled, at_least_n: 1024}
{name: bare, gate: invariant, of: reconciled}
{name: kept, gate: count, of: round_trips, at_least: 3, sustain: 1h}
{name: soon, gate: count, of: round_trips, at_least: 100, over: 10s}
{name: ways, gate: coverage, of: order_paths, paths: {open: 1, close: 3}}
{name: level, gate: mean, of: order_ack, at_most: 800 ms, tail: {q: 50 %, at_most: 2400 ms}}
{name: few, gate: quantile, of: order_ack, q: 99 %, at_most: 500 ms, strength: not_disproven, at_least_n: 10}
{name: fresh, gate: drill, drill: restore, max_age: 30m}
{name: many severe, gate: survey, of: feedback, positive: 51 %, severe_at_most: 12}
"""  # noqa: E501
"""Beside the examples of all gates."""


LIVES = {"a good hour": (60, 0.0), "a good time": (6000, 0.0), "a bad time": (6000, 1.0), "a time that gets worse": (6000, 2.0)}
"""How many minutes, and how much worse: steadily, or more and more where it is above 1."""
LABELS = ("blue", "green", "P0", "P1", "open", "close", "ann", "bob", "severe")


def _asked() -> Iterator[tuple[str, Gate, GateSettings]]:
    for found in installed().plugins.values():
        yield found.example, found, example_of(found)[1]
    for line in MORE.strip().splitlines():
        told = yaml.load(line, Loader=yaml.BaseLoader)
        found = gate(told.pop("gate"))
        yield line, found, found.settings.model_validate(told)


def _said(verdict: Verdict) -> str:
    of = f" {(verdict.until - verdict.since) // 10**9} s"
    return f"{verdict.result} {verdict.reason}" + (f" missing={verdict.missing}" if verdict.missing is not None else "") + of


def _lived(indicator: Indicator, minutes: int, worse: float) -> Series:
    """What may have been observed, drawn from a fixed seed."""
    drawn = Random(f"{indicator.name} {minutes} {worse}")  # its floats are the same on every machine
    every = indicator.every_s or 60

    def value(part: float) -> float:
        bad = worse * part / 2 if worse > 1 else worse / 4
        match indicator.measures:
            case Measures.GOOD:
                return float(drawn.random() < 0.998 - bad)
            case Measures.R:
                return round(drawn.gauss(-0.1 - 2 * bad, 1), 6)
            case Measures.BASIS_POINTS:
                return round(drawn.gauss(1 + 20 * bad, 6), 6)
            case Measures.ONE:
                return 1.0
        return round(0.4 * (1 + bad) * (1 + 0.3 * drawn.random()), 6)

    n = minutes * 60 // every if indicator.measures is not Measures.ONE else minutes // 500
    labels = [drawn.choice(LABELS) for _ in range(n)] if indicator.label else ()
    return series(indicator.name, [value(number / n) for number in range(n)], step=every * SECOND, labels=labels)


def _live(found: Gate, settings: SeriesSettings, name: str) -> str:
    """What the gate says of a life, beside another that was good."""
    minutes, worse = LIVES[name]
    seen, good = _lived(settings.indicator, minutes, worse), _lived(settings.indicator, 6000, 0.0)
    before = {key: {settings.of: good} for key in ("testnet-24h", "before")}
    facts = Facts(
        now=NOW, since=NOW - minutes * 60 * SECOND, series={settings.of: seen}, controls={settings.of: good}, baselines=before
    )
    return f"  {name}: {_said(found.judge(settings, facts))}"


def _proof(line: str, found: Gate, settings: GateSettings) -> str:
    proof = proof_of(found, settings)
    said = [f"  passing facts: {_said(proof.passed)}", *(f"  {name}: {_said(each)}" for name, each in proof.blocked.items())]
    lives = [_live(found, settings, name) for name in LIVES] if isinstance(settings, SeriesSettings) else []
    return "\n".join([line, *said, *lives])


ASKED = {line: (found, settings) for line, found, settings in _asked()}


def write() -> None:
    """`python -c "from tests.pure.launch.gates.test_proof_texts import write; write()"`, after a gate was changed on purpose."""
    TOLD.write_text("\n\n".join(_proof(line, *asked) for line, asked in ASKED.items()) + "\n")


@pytest.mark.parametrize("line", ASKED, ids=[f"{found.name} {settings.name}" for found, settings in ASKED.values()])
def test_what_a_gate_says_of_its_proof(line: str) -> None:
    """Its result, its code, each figure, what is missing, and how long the window was."""
    proofs = TOLD.read_text().strip().split("\n\n")
    assert _proof(line, *ASKED[line]) in proofs, "where it was meant: call write() of this file, and read the difference"


def test_no_proof_is_kept_that_no_gate_gives() -> None:
    assert [proof.partition("\n")[0] for proof in TOLD.read_text().strip().split("\n\n")] == list(ASKED)
