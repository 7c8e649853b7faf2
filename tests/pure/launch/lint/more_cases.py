"""Plans that each have one mistake of those that come from how stages, limits and evidence fit together."""

from tests.pure.launch.lint.drafts import SOUND, changed, stages

GATE = "{name: a, gate: invariant, of: tied_out}"
ALONE = "{need: {owner: 2}, expires: 24h, alone: {after: 12h, capital: 1000 USD}}"


def money(*written: str, track: str = "") -> str:
    """A plan of stages with real money, each with its keys as they are written."""
    rows = ", ".join(
        f"{{name: {name}, {text if 'limits:' in text else f'limits: {{mode: live, loss: 20 USD}}, {text}'}}}"
        for name, text in zip("abcd", written, strict=False)
    )
    return changed(stages=f"[{rows}]", timeline=track or "[]")


def limited(*limits: str) -> str:
    """A plan of stages with these limits beside their mode, each with one gate."""
    return money(*(f"limits: {{mode: live, {each}}}, stay: {{at_least: 7d, at_most: 9d}}, gates: [{GATE}]" for each in limits))


def tracks(*written: str) -> str:
    """A plan of tracks, each as it is written, of one stage each."""
    stage = "stages: [{name: s, limits: {mode: live, http_weight: 10 %}, stay: {at_least: 1h}}]"
    rows = "".join(f"\n  {name}: {{{text}, {stage}}}" for name, text in zip("xyz", written, strict=False))
    return changed(timeline="[]").partition("stages:\n")[0] + f"tracks:{rows}\n"


def baseline(stage: str, of: str = "rss") -> str:
    gate = "{name: slower, gate: regression, of: rss, against: calm, block: 1h}"
    return changed(stages=stages(gate), baselines=f"[{{name: calm, stage: {stage}, of: [{of}]}}]")


MORE = {
    "short-window": (
        changed(stages=stages("{name: up, gate: timeslices, of: uptime, at_least: 99 %, over: 14d}")),
        "up looks at over 14d, and stage first lasts 7d at most",
    ),
    "idle-limit": (
        SOUND.replace("loss: 20 USD", "loss: 20 USD, daily_loss: 30 %"),
        "daily_loss 30 % of 100 USD is 30 USD, and all accounts may lose 20 USD",
    ),
    "two-writers": (tracks("splits: capital", "splits: capital"), "y splits capital, and so does x"),
    "waits-for-itself": (
        tracks("splits: capital, after: y/s", "splits: http_weight, after: x/s"),
        "x waits for y waits for x: none of them begins",
    ),
    "asks-less": (
        SOUND.replace("at_least: 95 %}]\n  - name: live", "at_least: 97 %}]\n  - name: live"),
        "live risks more than testnet, and its gate success asks for at_least 95 % in place of 97 %",
    ),
    "capital-leap": (
        limited("loss: 20 USD, capital: 100 USD", "loss: 20 USD, capital: 1100 USD"),
        "capital goes from 100 USD in a to 1100 USD in b: 11 times",
    ),
    "early-expiry": (
        changed(approvals="{need: {owner: 2}, alone: {capital: 1000 USD}}"),
        "an approval holds for 4h, and the second one counts 12h later at the earliest",
    ),
    "long-objective": (
        changed(objectives="[{name: venue, of: venue_api, at_least: 99.5 %, within: 365d}]"),
        "venue is kept over 365d, and the plan's stages last 37d: in 10% of its window",
    ),
    "missing-baseline": (baseline("live"), "calm is captured when live is passed, and slower needs it in first before that"),
    "never-sounds": (
        changed(alarms="[{name: a, of: venue_api, above: 100 %}]"),
        "a sounds above 100 % of bad ones, and no share is above 100 %",
    ),
    "nothing-opens": (
        SOUND.replace("mode: testnet}", "mode: testnet, symbols: []}"),
        "symbols is [], so testnet opens nothing",
    ),
    "hasty-heartbeat": (
        changed(alarms="[{name: a, of: incidents, above: 0, heartbeat: 1m}]"),
        "a sounds 1m after the last sign of life of what counts incidents, and one comes every 1m",
    ),
    "no-approval": (
        SOUND.replace("    stay: {at_least: 7d", "    approve: {}\n    stay: {at_least: 7d"),
        "live trades real money, and is entered without a person's approval",
    ),
}
