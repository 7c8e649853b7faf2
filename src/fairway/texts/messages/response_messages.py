"""An incident and the response to it, as sentences: to the people on call, and to users."""

from collections.abc import Mapping
from enum import auto
from typing import Final

from fairway.texts.messages.message import MessageKey, Template
from fairway.texts.messages.plural import counted, unit


class ResponseMessage(MessageKey):
    TITLE = auto()
    ALERT = auto()
    ALERTS_MORE = auto()
    ALERTS_FOLLOWING = auto()
    CHANGE = auto()
    PROTECTION = auto()
    MONEY = auto()
    LAUNCH = auto()
    RUNBOOK = auto()
    COMMANDER = auto()
    ON_CALL = auto()
    HAND_OVER = auto()
    OPEN_INCIDENT = auto()
    INCIDENTS_MORE = auto()
    NONE_OPEN = auto()
    NOT_ACKNOWLEDGED = auto()
    UPDATE_LATE = auto()
    POSTMORTEM_LATE = auto()
    POSTMORTEM_ASKED = auto()
    USERS_TITLE = auto()
    USERS_BEGAN = auto()
    USERS_UPDATED = auto()
    USERS_ENDED = auto()
    USERS_MORE = auto()
    USERS_POSITIONS_SAFE = auto()
    USERS_POSITIONS_OPEN = auto()
    USERS_POSITIONS_UNKNOWN = auto()
    USERS_STATUS = auto()
    SURVEY_TITLE = auto()
    SURVEY = auto()


ENGLISH: Final[Mapping[MessageKey, Template]] = {
    ResponseMessage.TITLE: Template("{{ incident }} {{ kind }}: {{ title }}"),
    ResponseMessage.ALERT: Template("{{ alert }} ({{ severity }}): {{ reason }}"),
    ResponseMessage.ALERTS_MORE: Template("and {{ count }} more " + unit("count", "alert")),
    ResponseMessage.ALERTS_FOLLOWING: Template(
        counted("count", "alert") + " that {% if count == 1 %}follows{% else %}follow{% endif %} from these, or "
        "{% if count == 1 %}is{% else %}are{% endif %} silenced"
    ),
    ResponseMessage.CHANGE: Template("{{ what }}"),
    ResponseMessage.PROTECTION: Template("positions: {{ protection }}{% if detail %} ({{ detail }}){% endif %}"),
    ResponseMessage.MONEY: Template("exposure {{ exposure }}; result since it began {{ result }}"),
    ResponseMessage.LAUNCH: Template("launch stage {{ stage }}{% if holds %}, held: {{ holds }}{% endif %}"),
    ResponseMessage.RUNBOOK: Template("runbook {{ runbook }}"),
    ResponseMessage.COMMANDER: Template("{{ commander }} commands the response"),
    ResponseMessage.ON_CALL: Template("on call: {{ who or 'no person' }}"),
    ResponseMessage.HAND_OVER: Template("On call: {{ now or 'no person' }}, after {{ was or 'no person' }}"),
    ResponseMessage.OPEN_INCIDENT: Template(
        "open: {{ incident }} ({{ severity }}, {{ phase }}): {{ title }}"
        "{% if commander %}; {{ commander }} commands the response{% endif %}"
    ),
    ResponseMessage.INCIDENTS_MORE: Template("and {{ count }} more open " + unit("count", "incident")),
    ResponseMessage.NONE_OPEN: Template("no incident is open"),
    ResponseMessage.NOT_ACKNOWLEDGED: Template(
        "not acknowledged for {{ duration }}{% if who %}; this goes to {{ who }}{% endif %}"
    ),
    ResponseMessage.UPDATE_LATE: Template(
        "no update for {{ duration }}{% if who %}; {{ who }} is asked to say how it goes{% endif %}"
    ),
    ResponseMessage.POSTMORTEM_LATE: Template("resolved {{ duration }} ago, and its postmortem is not finished"),
    ResponseMessage.POSTMORTEM_ASKED: Template("it is closed with a postmortem only"),
    ResponseMessage.USERS_TITLE: Template("{{ component }}: {{ state }}"),
    ResponseMessage.USERS_BEGAN: Template(
        "{{ component }} ({{ severity }}): {% if impact %}{{ impact }}{% else %}something is wrong, and we are looking into it"
        "{% endif %}",
        "{% if eta %}expected to be over at {{ eta }} UTC{% else %}it is not known yet how long it takes{% endif %}",
    ),
    ResponseMessage.USERS_UPDATED: Template(
        "{{ component }} ({{ severity }}): {% if impact %}{{ impact }}{% else %}we are still working on it{% endif %}",
        "{% if eta %}expected to be over at {{ eta }} UTC{% else %}it is not known yet how long it takes{% endif %}",
    ),
    ResponseMessage.USERS_ENDED: Template("{{ component }} ({{ severity }}): it is over, after {{ duration }}"),
    ResponseMessage.USERS_MORE: Template("and {{ count }} more " + unit("count", "incident")),
    ResponseMessage.USERS_POSITIONS_SAFE: Template("Your positions are protected: their stops rest at the exchange."),
    ResponseMessage.USERS_POSITIONS_OPEN: Template("Not all positions have their stops at the exchange; we are placing them."),
    ResponseMessage.USERS_POSITIONS_UNKNOWN: Template("Whether all positions have their stops is not known at the moment."),
    ResponseMessage.USERS_STATUS: Template("How it goes on: {{ url }}"),
    ResponseMessage.SURVEY_TITLE: Template("How content are you with Fairway?"),
    ResponseMessage.SURVEY: Template("Survey {{ number }}: please answer yes or no, and say what is in your way."),
}
