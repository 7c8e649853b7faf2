"""The keys of a configuration file that say who is notified of what goes wrong, how soon, and by which rules."""

from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from fairway.alerting.escalation import EscalationPolicy
from fairway.alerting.on_call import OnCallSchedule
from fairway.alerting.rule import AlertRuleSettings
from fairway.incidents.policy import POSTMORTEM_NS, QUIET_NS, REOPEN_NS, UPDATE_NS
from fairway.incidents.tickets import ANSWER_WITHIN
from fairway.risk.causes import AlertSeverity
from fairway.texts.durations import as_setting
from fairway.texts.places import Hidden, Place
from fairway.texts.quantities import Duration
from fairway.texts.section import Section
from fairway.texts.validation_errors import misfit
from fairway.watch.questions import question_of
from fairway.world.clock import MINUTE, SECOND

Channels = Annotated[tuple[str, ...], Field(max_length=50, examples=["[ops-mail]"])]


def _page(value: object) -> object:
    if isinstance(value, str):
        question_of(f"GET {value}")
    return value


PageAddress = Annotated[str, BeforeValidator(_page)]


def _often(every_ns: int) -> int:
    if every_ns < 10 * SECOND:
        raise ValueError("is shorter than 10s")
    return every_ns


class HeartbeatSettings(Section):
    """A service outside this machine that calls people when Fairway's alerting says nothing any more (a dead man's snitch)."""

    url: Hidden = Field(description="The address that is asked while alerting works", examples=["env:FAIRWAY_SNITCH_URL"])
    every: Annotated[Duration, AfterValidator(_often)] = Field(default=MINUTE, description="How often", examples=["60s"])


class MetricsPageSettings(Section):
    """A page of another program in Prometheus' text form, such as a model server's."""

    name: str = Field(min_length=1, max_length=32, description="What it is called", examples=["models"])
    url: PageAddress = Field(description="Its address", examples=["http://127.0.0.1:9100/metrics"])


class StatusPageSettings(Section):
    """The page that users read without signing in: static files that any web server or CDN can serve."""

    folder: Place = Field(description="Where it is written; relative to this file", examples=["status"])
    url: str = Field(default="", description="Its public address, for messages to users", examples=["https://status.example.com"])
    components: dict[str, str] = Field(
        default={},
        max_length=50,
        description="By the incident that alert rules name, what users call the part that it affects",
        examples=["{orders: Trading, venue: Trading, data: Prices}"],
    )


class SurveySchedule(Section):
    """Users are asked by schedule how content they are; their answers come with `fairway launch survey`."""

    every: Duration = Field(description="How often", ge=3_600 * SECOND, examples=["30d"])
    channels: Channels = Field(description="Where users are asked", examples=["[users-telegram]"])


def _update(every_ns: int) -> int:
    if 0 < every_ns < MINUTE:
        raise ValueError("is shorter than 1m; write 0s for never")
    return every_ns


Clock = Annotated[Duration, Field(ge=MINUTE)]


class ResponseClocks(Section):
    """How soon people act on an incident or a ticket. An acknowledgement has its clock in the steps of `escalation`."""

    updates: dict[AlertSeverity, Annotated[Duration, AfterValidator(_update)]] = Field(
        default={},
        description="By severity, how often a person says how an incident goes; 0s: never. "
        f"Left out: {', '.join(f'{each.value} {as_setting(every)}' for each, every in UPDATE_NS.items())}",
        examples=["{P0: 15m, P1: 30m}"],
    )
    quiet: Clock = Field(
        default=QUIET_NS, description="After so long without an alert P2 and P3 are resolved by themselves", examples=["1h"]
    )
    reopen: Clock = Field(
        default=REOPEN_NS, description="The same cause within it opens a resolved incident again", examples=["1h"]
    )
    postmortem: Clock = Field(
        default=POSTMORTEM_NS, description="How soon after its end P0 and P1 have their postmortem", examples=["72h"]
    )
    critical_tickets: Clock = Field(
        default=ANSWER_WITHIN[True], description="How soon a critical ticket has its first answer", examples=["1h"]
    )
    tickets: Clock = Field(default=ANSWER_WITHIN[False], description="How soon every other ticket has it", examples=["8h"])


class AlertSettings(Section):
    """Who is notified, how soon, and by which rules; docs/how-to/handle-an-incident.md."""

    channels: dict[AlertSeverity, Channels] = Field(
        default={},
        description="By severity, the channels that are told of each incident; left out: every channel of the section notify",
        examples=["{P0: [ops-pager, team-slack], P1: [team-slack], P2: [team-slack], P3: [ops-mail]}"],
    )
    contacts: dict[str, dict[str, Channels]] = Field(
        default={},
        max_length=200,
        description="By person and medium, as steps of escalation name it: the channels",
        examples=["{anna: {pager: [anna-phone], telegram: [anna-telegram], email: [anna-mail]}}"],
    )
    on_call: OnCallSchedule | None = Field(
        default=None,
        description="Who is on call; without it every step of escalation goes to the channels above",
        examples=["{time_zone: Europe/Berlin, rotations: [{people: [anna, ben], begins: 2026-11-02}]}"],
    )
    escalation: dict[AlertSeverity, EscalationPolicy] = Field(
        default={},
        description="By severity, other steps than the usual ones",
        examples=["{P1: {steps: [{by: [pager]}]}}"],
    )
    clocks: ResponseClocks = Field(
        default=ResponseClocks(),
        description="How soon people say how an incident goes, write its postmortem and answer tickets",
        examples=["{updates: {P1: 30m}, critical_tickets: 1h}"],
    )
    users: Channels = Field(default=(), description="Channels to users, who hear of P0 and P1", examples=["[users-telegram]"])
    status_page: StatusPageSettings | None = Field(default=None, description="The status page", examples=["{folder: status}"])
    heartbeat: HeartbeatSettings | None = Field(
        default=None, description="Who notices when alerting itself is silent", examples=["{url: env:FAIRWAY_SNITCH_URL}"]
    )
    pages: tuple[MetricsPageSettings, ...] = Field(
        default=(),
        max_length=20,
        description="Metrics pages of other programs that rules are about",
        examples=["[{name: models, url: http://127.0.0.1:9100/metrics}]"],
    )
    surveys: SurveySchedule | None = Field(
        default=None, description="Surveys by schedule", examples=["{every: 30d, channels: [users-telegram]}"]
    )
    rules: AlertRuleSettings = Field(
        default=AlertRuleSettings(),
        description="Rules of your own, and changes of those that come with Fairway",
        examples=["{change: {orders-failing-5: {above: 8 %}}}"],
    )
    runbooks: Place | None = Field(
        default=None, description="A directory with runbooks of your own; relative to this file", examples=["runbooks"]
    )

    @model_validator(mode="after")
    def _people_can_be_reached(self) -> Self:
        """A person on call without a contact would be paged nowhere."""
        for person in self.people:
            if not any(self.contacts.get(person, {}).values()):
                example = f"{person}: {{pager: [{person}-phone]}}"
                raise misfit("contacts", f"names no channel of {person}, who is on call", example=example)
        return self

    @property
    def people(self) -> tuple[str, ...]:
        """Everyone who may be on call."""
        if self.on_call is None:
            return ()
        named = [name for each in self.on_call.rotations for name in each.people]
        return tuple(dict.fromkeys([*named, *(each.person for each in self.on_call.overrides)]))

    @property
    def named_channels(self) -> tuple[str, ...]:
        """Every channel that the section names."""
        found = [name for names in self.channels.values() for name in names]
        found += [name for media in self.contacts.values() for names in media.values() for name in names]
        found += self.users
        found += self.surveys.channels if self.surveys is not None else ()
        return tuple(dict.fromkeys(found))
