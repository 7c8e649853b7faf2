"""Evaluates the rules on what was measured: which alerts begin to fire, and which have cleared."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fairway.alerting.alert_book import FLAP_QUIET_NS, FLAPS_MAX, AlertBook
from fairway.alerting.alert_events import AlertCleared, AlertEvent, AlertFired, AlertKey, SilenceEnded
from fairway.alerting.condition import Condition
from fairway.alerting.measured import MeasuredNow
from fairway.alerting.metric_readings import of_metric
from fairway.alerting.reading import NOTHING, UNKNOWN, FigureStanding, Reading, reading_words
from fairway.alerting.rule import AlertRule
from fairway.alerting.series_readings import of_series
from fairway.texts.durations import duration_words


@dataclass(frozen=True, slots=True)
class Evaluation:
    """events: to be journaled, and then applied to the book. unknown: rules that cannot be evaluated now. idle: rules about
    what this installation does not measure."""

    events: tuple[AlertEvent, ...] = ()
    unknown: tuple[str, ...] = ()
    idle: tuple[str, ...] = ()


def evaluate(rules: Sequence[AlertRule], book: AlertBook, measured: MeasuredNow) -> Evaluation:
    """What changes at the instant of what was measured. It moves the times in the book that no event tells; nothing else."""
    events: list[AlertEvent] = []
    unknown: list[str] = []
    idle: list[str] = []
    names: set[str] = set()
    for rule in rules:
        if not rule.enabled or rule.only_in_prometheus:
            continue
        names.add(rule.name)
        if all(not_measured(each, measured) for each in rule.alternatives):
            idle.append(rule.name)
        known = _standings(rule, book, measured)
        if _is_unknown(known):
            unknown.append(rule.name)
        for subject in _subjects(rule, book, known):
            events += _step(rule, AlertKey(rule.name, subject), _of(known, subject), book, measured.now)
    events += _without_rule(names, book)
    events += (SilenceEnded(id=each.id) for each in book.silences.values() if each.until <= measured.now)
    return Evaluation(tuple(events), tuple(unknown), tuple(idle))


def not_measured(condition: Condition, measured: MeasuredNow) -> bool:
    """Whether nothing in this installation measures it."""
    return condition.of in measured.not_measured or (condition.per in measured.not_measured and bool(condition.per))


Found = list[tuple[Condition, dict[str, Reading] | None]]
"""Of each alternative of a rule the readings by subject; None where it is unknown."""


def _standings(rule: AlertRule, book: AlertBook, measured: MeasuredNow) -> Found:
    """A rule whose other condition does not hold has nothing beyond a bound; where that is unknown, so is the rule."""
    if rule.only_while is not None:
        other = _readings(rule.only_while, "", book, measured)
        reading = UNKNOWN if other is None else other.get("", NOTHING)
        if reading.standing is not FigureStanding.BEYOND:
            is_unknown = reading.standing is FigureStanding.UNKNOWN
            return [(each, None if is_unknown else {}) for each in rule.alternatives]
    return [(each, _readings(each, rule.each, book, measured)) for each in rule.alternatives]


def _readings(condition: Condition, each: str, book: AlertBook, measured: MeasuredNow) -> dict[str, Reading] | None:
    if not_measured(condition, measured):
        return {}
    if condition.is_of_metric:
        return of_metric(condition, each, measured)
    return of_series(condition, each, measured.series.get(condition.of), measured.now, book.memo)


def _is_unknown(found: Found) -> bool:
    """A condition of which one alternative is beyond its bound is known, whatever the others are."""
    readings = [each for _, by_subject in found for each in (by_subject.values() if by_subject is not None else (UNKNOWN,))]
    if any(each.standing is FigureStanding.BEYOND for each in readings):
        return False
    return any(each.standing is FigureStanding.UNKNOWN for each in readings)


def _subjects(rule: AlertRule, book: AlertBook, found: Found) -> list[str]:
    """Those that were measured, and those of which an alert fires or is about to."""
    subjects = dict.fromkeys(subject for _, by_subject in found if by_subject is not None for subject in by_subject)
    for keys in (book.firing, book.pending):
        subjects |= dict.fromkeys(key.subject for key in keys if key.rule == rule.name)
    return list(subjects)


def _of(found: Found, subject: str) -> tuple[Condition, Reading]:
    """The reading that decides: one beyond its bound, else one that is unknown or undecided, else one within."""
    readings = [
        (condition, UNKNOWN if by_subject is None else by_subject.get(subject, NOTHING)) for condition, by_subject in found
    ]
    return min(readings, key=lambda each: _ORDER[each[1].standing])


_ORDER = {FigureStanding.BEYOND: 0, FigureStanding.UNKNOWN: 1, FigureStanding.UNDECIDED: 2, FigureStanding.WITHIN: 3}


def _step(rule: AlertRule, key: AlertKey, decides: tuple[Condition, Reading], book: AlertBook, now: int) -> Iterator[AlertEvent]:
    condition, reading = decides
    if reading.standing is FigureStanding.BEYOND:
        book.clearing.pop(key, None)
        if key not in book.firing and now - book.pending.setdefault(key, now) >= rule.lasts:
            yield _fired(rule, key, condition, reading, book, now)
    elif reading.standing is FigureStanding.WITHIN:
        book.pending.pop(key, None)
        if key in book.firing and not book.firing[key].is_from_prometheus:
            yield from _cleared(rule, key, reading_words(condition, reading), book, now)
    else:
        book.clearing.pop(key, None)


def _fired(rule: AlertRule, key: AlertKey, condition: Condition, reading: Reading, book: AlertBook, now: int) -> AlertFired:
    reason = reading_words(condition, reading)
    if book.is_flapping(key, now, 1):
        reason = f"{reason}; it has fired more than {FLAPS_MAX} times within an hour, {_HELD}"
    return AlertFired(
        key=key,
        severity=rule.severity,
        incident=rule.incident,
        reason=reason,
        since=book.pending.get(key, now),
        event_at=reading.at or now,
        runbook=rule.runbook,
        is_money=rule.is_money,
        says=rule.says,
    )


_HELD = f"so it stays until its condition has been false for {duration_words(FLAP_QUIET_NS)}"


def _cleared(rule: AlertRule, key: AlertKey, reason: str, book: AlertBook, now: int) -> Iterator[AlertCleared]:
    """It clears once its condition has been false, and known to be, for as long as the rule asks; a flapping one for longer."""
    quiet = max(rule.clears_after, FLAP_QUIET_NS if book.is_flapping(key, now) else 0)
    if now - book.clearing.setdefault(key, now) >= quiet:
        yield AlertCleared(key=key, reason=reason)


def _without_rule(names: set[str], book: AlertBook) -> Iterator[AlertCleared]:
    for key, alert in book.firing.items():
        if key.rule not in names and not alert.is_from_prometheus:
            yield AlertCleared(key=key, reason="the rule was removed or switched off")
