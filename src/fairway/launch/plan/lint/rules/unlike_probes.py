"""A comparison of two probes that is none: one is not there, or they are not asked the same way at the same times."""

from collections.abc import Iterator, Sequence

from fairway.launch.gates.kinds.regression import ProbeComparison, RegressionSettings
from fairway.launch.plan.lint.draft import Draft, DraftGate
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.launch.plan.probe import Probe
from fairway.texts.durations import as_setting
from fairway.texts.nearest import nearest


def look(draft: Draft) -> Iterator[RuleFinding]:
    probes, compared = draft.plan.probes, set[str]()
    for asked in draft.asked:
        settings = asked.settings
        if isinstance(settings, RegressionSettings):
            own = [each for each in probes if asked.of in each.feeds_own]
            yield from _of_names(asked, settings, own)
            if isinstance(settings.against, ProbeComparison):
                compared.add(settings.against.probe)
                yield from _of_rival(asked, settings.against.probe, probes, [each for each in own if _counts(settings, each)])
    for index, probe in enumerate(probes):
        if probe.beside and probe.name not in compared:
            what = f"{probe.name} asks what runs beside the launch, and no gate compares anything with it"
            yield RuleFinding(
                ("probes", index, "beside"), what, f"against: {{probe: {probe.name}}}, or beside: false", Severity.WARN
            )


def _counts(settings: RegressionSettings, probe: Probe) -> bool:
    return not settings.only or probe.name in settings.only


def _of_names(asked: DraftGate, settings: RegressionSettings, own: Sequence[Probe]) -> Iterator[RuleFinding]:
    names = [each.name for each in own]
    for name in settings.only:
        if name not in names:
            meant = nearest(name, names)
            mend = f"only: [{meant}]" if meant else "leave only out"
            yield RuleFinding((*asked.path, "only"), f"{name!r} is no probe that feeds {asked.of} of the launch itself", mend)


def _of_rival(asked: DraftGate, name: str, probes: Sequence[Probe], own: Sequence[Probe]) -> Iterator[RuleFinding]:
    path, beside = (*asked.path, "against"), [each.name for each in probes if each.beside and asked.of in each.feeds]
    rival = next((each for each in probes if each.name == name), None)
    if rival is None or asked.of not in rival.feeds:
        meant = nearest(name, beside) or next(iter(beside), "")
        mend = (
            f"against: {{probe: {meant}}}" if meant else f"probes: one with name: {name} and beside: true that feeds {asked.of}"
        )
        yield RuleFinding(path, f"{name!r} is no probe of this plan that feeds {asked.of}", mend)
    elif not rival.beside:
        what = f"{name} is asked of the launch itself, so {asked.entry.name} would compare it with itself"
        yield RuleFinding(path, what, f"beside: true in the probe {name}")
    else:
        yield from (RuleFinding(path, what, mend) for each in own for what, mend in _unlike(asked, each, rival))


def _unlike(asked: DraftGate, own: Probe, rival: Probe) -> Iterator[tuple[str, str]]:
    """Other intervals give other quantiles of a block, and other time limits give another worst latency."""
    for key in ("every", "within"):
        mine, its = as_setting(getattr(own, key)), as_setting(getattr(rival, key))
        if mine != its:
            told = f"{own.name} is asked with {key}: {mine} and {rival.name} with {key}: {its}"
            yield f"{told}, so {asked.entry.name} compares unlike spells", f"{key}: {mine} in the probe {rival.name}"


RULE = Rule(
    "unlike-probes",
    Severity.REFUSE,
    "Two answers tell which is slower where the same was asked, in the same way, at the same time; else they tell of the times.",
    look,
)
