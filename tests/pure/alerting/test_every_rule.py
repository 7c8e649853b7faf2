"""Every rule that comes with Fairway: it fires beyond its bound and not at it, after its time, and clears."""

from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml
from tests.pure.alerting.agreed import as_agreed
from tests.pure.alerting.worlds import NOW, SUBJECT, world

from fairway.alerting.alert_book import AlertBook
from fairway.alerting.alert_events import AlertCleared, AlertFired, AlertKey
from fairway.alerting.evaluation import evaluate
from fairway.alerting.measured import MeasuredNow
from fairway.alerting.rule import AlertRule
from fairway.alerting.rule_files import RuleError, parse_rules, rules_of_subject, shipped_rules, subjects
from fairway.world.clock import HOUR, SECOND

RULES = [rule.model_copy(update={"enabled": True, "only_in_prometheus": False}) for rule in shipped_rules()]
CASES = [(rule, place) for rule in RULES for place in range(len(rule.alternatives))]
IDS = [f"{rule.name}-{place}" for rule, place in CASES]


class Life:
    """One rule over time, with its events applied."""

    def __init__(self, rule: AlertRule) -> None:
        self.rule, self.book, self.events = rule, AlertBook(), list[object]()

    def look(self, measured: MeasuredNow) -> Sequence[object]:
        found = evaluate([self.rule], self.book, measured).events
        for event in found:
            self.book.apply(event, measured.now)
        self.events += found
        return found


def subject_of(rule: AlertRule) -> str:
    return SUBJECT if rule.each else ""


def check(rule: AlertRule, place: int) -> None:
    """Fires after its time and not a second before, then clears after its time and not a second before."""
    life, begins = Life(rule), NOW
    if rule.lasts:
        assert life.look(world(rule, beyond=[place], now=begins)) == ()
        assert life.look(world(rule, beyond=[place], now=begins + rule.lasts - SECOND)) == ()
    [fired] = life.look(world(rule, beyond=[place], now=begins + rule.lasts))
    assert isinstance(fired, AlertFired)
    assert (fired.key, fired.severity, fired.incident, fired.runbook, fired.is_money, fired.since) == (
        AlertKey(rule.name, subject_of(rule)),
        rule.severity,
        rule.incident,
        rule.runbook,
        rule.is_money,
        begins,
    )
    assert life.look(world(rule, beyond=[place], now=begins + rule.lasts + SECOND)) == ()
    ends = begins + rule.lasts + HOUR
    assert life.look(world(rule, now=ends)) == ()
    assert life.look(world(rule, now=ends + rule.clears_after - SECOND)) == ()
    [cleared] = life.look(world(rule, now=ends + rule.clears_after))
    assert isinstance(cleared, AlertCleared)
    assert cleared.key == fired.key
    assert not life.book.firing


@pytest.mark.parametrize(("rule", "place"), CASES, ids=IDS)
def test_it_fires_beyond_its_bound_and_clears(rule: AlertRule, place: int) -> None:
    check(rule, place)


@pytest.mark.parametrize("rule", RULES, ids=[rule.name for rule in RULES])
def test_at_its_bound_it_does_not_fire(rule: AlertRule) -> None:
    life = Life(rule)
    for at in (NOW, NOW + rule.lasts, NOW + rule.lasts + HOUR):
        assert life.look(world(rule, now=at)) == ()
    assert not life.book.pending


@pytest.mark.parametrize(("rule", "place"), CASES, ids=IDS)
def test_a_break_of_its_time_begins_it_again(rule: AlertRule, place: int) -> None:
    if not rule.lasts:
        return
    life = Life(rule)
    life.look(world(rule, beyond=[place], now=NOW))
    life.look(world(rule, now=NOW + SECOND))
    life.look(world(rule, beyond=[place], now=NOW + 2 * SECOND))
    assert life.look(world(rule, beyond=[place], now=NOW + rule.lasts + SECOND)) == ()
    assert life.look(world(rule, beyond=[place], now=NOW + rule.lasts + 2 * SECOND)) != ()


@pytest.mark.parametrize("rule", RULES, ids=[rule.name for rule in RULES])
def test_what_is_unknown_keeps_its_state_and_is_counted(rule: AlertRule) -> None:
    """Neither does it fire, nor does it clear, however long that lasts."""
    everything = range(len(rule.alternatives))
    blind = evaluate([rule], AlertBook(), world(rule, without=everything))
    assert (blind.events, blind.unknown) == ((), (rule.name,))
    life = Life(rule)
    life.look(world(rule, beyond=[0]))
    life.look(world(rule, beyond=[0], now=NOW + rule.lasts))
    assert life.book.firing
    for at in (HOUR, 2 * HOUR):
        measured = world(rule, without=everything, now=NOW + rule.lasts + at)
        assert life.look(measured) == ()
        assert evaluate([rule], life.book, measured).unknown == (rule.name,)


def written() -> dict[str, tuple[str, dict[str, object]]]:
    """Each rule as it is written, with its file."""
    found = {}
    for subject in subjects():
        text = "".join(yaml.safe_dump(yaml.load(_text(subject), Loader=yaml.BaseLoader)))
        for rule in yaml.load(text, Loader=yaml.BaseLoader)["rules"]:
            found[rule["name"]] = (subject, rule)
    return found


def _text(subject: str) -> str:
    import fairway

    return (Path(fairway.__file__).parent / "alerting" / "rules" / f"{subject}.yaml").read_text()


WRITTEN = written()


def conditions_of(rule: dict[str, object]) -> list[dict[str, object]]:
    conditions = rule["any_of"] if "any_of" in rule else [rule["when"]]
    assert isinstance(conditions, list)
    return conditions


def all_checks(text: str) -> None:
    """What this file checks of one rule."""
    [rule] = parse_rules(text)
    here = rule.model_copy(update={"enabled": True, "only_in_prometheus": False})
    for place in range(len(here.alternatives)):
        check(here, place)
    others = [each for each in shipped_rules() if each.name != rule.name]
    as_agreed([*others, rule])


def dumped(rule: dict[str, object]) -> str:
    return yaml.safe_dump({"rules": [rule]}, sort_keys=False)


@pytest.mark.parametrize("name", WRITTEN)
def test_a_rule_without_its_bound_is_refused(name: str) -> None:
    _, rule = WRITTEN[name]
    all_checks(dumped(rule))
    for place in range(len(conditions_of(rule))):
        changed = yaml.safe_load(yaml.safe_dump(rule))
        condition = conditions_of(changed)[place]
        condition.pop("above" if "above" in condition else "below")
        with pytest.raises(RuleError, match="a condition has one bound"):
            all_checks(dumped(changed))


@pytest.mark.parametrize("name", WRITTEN)
def test_a_rule_with_another_severity_is_found(name: str) -> None:
    _, rule = WRITTEN[name]
    with pytest.raises(AssertionError):
        all_checks(dumped({**rule, "severity": "P1" if rule["severity"] != "P1" else "P2"}))


FIGURES = (
    *("newest", "mean", "total", "count", "bad_count", "bad_share", "quantile", "rise"),
    *("age", "gauge", "increase", "ratio_of_increases"),
)


@pytest.mark.parametrize("name", WRITTEN)
def test_a_rule_about_a_renamed_measure_is_found(name: str) -> None:
    """A measure of Fairway is refused when the rule is read; one of another program is in no list of what such programs serve."""
    from fairway.watch.external_metrics import EXTERNAL

    changed = yaml.safe_load(yaml.safe_dump(WRITTEN[name][1]))
    for condition in conditions_of(changed):
        [figure] = [each for each in FIGURES if each in condition]
        of = condition[figure]
        condition[figure] = [f"{each}x" for each in of] if isinstance(of, list) else f"{of}x"
    external = {each.name for each in EXTERNAL}
    if (of[0] if isinstance(of, list) else of) not in external:
        with pytest.raises(RuleError, match=r"is no (indicator|metric)"):
            all_checks(dumped(changed))
    else:
        [rule] = parse_rules(dumped(changed))
        assert {rule.alternatives[0].of, rule.alternatives[0].per} - {""} - external


def test_every_file_of_rules_is_read() -> None:
    assert sum(len(rules_of_subject(each)) for each in subjects()) == len(shipped_rules()) == len(WRITTEN)
