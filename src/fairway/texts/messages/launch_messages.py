"""What happens to a launch, as sentences: one template for each kind of event that a person is shown."""

from collections.abc import Mapping
from enum import auto
from typing import Final

from fairway.texts.messages.message import MessageKey, Template


class LaunchMessage(MessageKey):
    LAUNCH_BEGAN = auto()
    PILOT_STARTED = auto()
    RELEASE_CHANGED = auto()
    MAINTENANCE_PLANNED = auto()
    MAINTENANCE_CALLED_OFF = auto()
    SOURCE_FAILED = auto()
    EVIDENCE_FOR = auto()
    EVIDENCE_AGAINST = auto()
    SURVEY_TAKEN = auto()
    APPROVAL_GIVEN = auto()
    WAIVER_GRANTED = auto()
    REVIEWED = auto()
    HOLD_RAISED = auto()
    HOLD_LIFTED = auto()
    KILL_ORDERED = auto()
    KILL_DONE = auto()
    CLOCK_STOPPED = auto()
    CLOCK_STARTED = auto()
    INSTRUCTION_DONE = auto()
    INSTRUCTION_REFUSED = auto()
    BASELINE_CAPTURED = auto()
    MESSAGE_DUE = auto()
    STAGE_ENTERED = auto()
    STAGE_SETTLED = auto()
    GATES_PASSED = auto()
    GATES_LAPSED = auto()
    TRACK_DEMOTED = auto()
    TRACK_REARMED = auto()
    TRACK_FINISHED = auto()
    TRACK_ABORTED = auto()


ENGLISH: Final[Mapping[MessageKey, Template]] = {
    LaunchMessage.LAUNCH_BEGAN: Template(
        "the launch of plan {{ plan }} begins, by {{ by }}{% if launch_at %}; T is {{ launch_at }}{% endif %}"
    ),
    LaunchMessage.PILOT_STARTED: Template(
        "the pilot has started (epoch {{ epoch }})", "it issues leases once it has seen trader and venue"
    ),
    LaunchMessage.RELEASE_CHANGED: Template(
        "release {{ now }} runs{% if was %}, and not {{ was }} any more{% endif %}",
        "{% if voids %}approvals, waivers and evidence of another release count no more{% endif %}",
    ),
    LaunchMessage.MAINTENANCE_PLANNED: Template(
        "planned maintenance is {{ spells }}{% if more %}, and {{ more }} before{% endif %}"
    ),
    LaunchMessage.MAINTENANCE_CALLED_OFF: Template("no maintenance is planned any more"),
    LaunchMessage.SOURCE_FAILED: Template("{{ source }}: {{ trouble }}"),
    LaunchMessage.EVIDENCE_FOR: Template("evidence for {{ claim }} ({{ rank }}, by {{ by }}) speaks for it"),
    LaunchMessage.EVIDENCE_AGAINST: Template("evidence for {{ claim }} ({{ rank }}, by {{ by }}) SPEAKS AGAINST IT: {{ why }}"),
    LaunchMessage.SURVEY_TAKEN: Template("{{ by }} brought answers of users, {{ count }} of them new"),
    LaunchMessage.APPROVAL_GIVEN: Template("{{ person }} as {{ role }} approves {{ stage }}"),
    LaunchMessage.WAIVER_GRANTED: Template("{{ by }} waives {{ claim }} until {{ ends_at }}: {{ reason }}"),
    LaunchMessage.REVIEWED: Template("{{ track }}: {{ by }} has looked: {{ finding }}"),
    LaunchMessage.HOLD_RAISED: Template(
        "held: {{ reason }}",
        "{% if contains %}nothing is opened, and nothing promoted{% else %}no promotion{% endif %} until {{ ends_when }}",
    ),
    LaunchMessage.HOLD_LIFTED: Template("{{ hold }} no longer holds: {{ why }} ({{ by }})"),
    LaunchMessage.KILL_ORDERED: Template(
        "{{ accounts }} KILLED: {{ why }}",
        "{% if sells %}positions are sold{% else %}stops stay{% endif %}, and only a person resumes",
    ),
    LaunchMessage.KILL_DONE: Template("{{ account }}: its kill is over: {{ why }}{% if left %}; LEFT: {{ left }}{% endif %}"),
    LaunchMessage.CLOCK_STOPPED: Template("{{ track }}: the stage's clock stands since {{ since }}: {{ why }}"),
    LaunchMessage.CLOCK_STARTED: Template("{{ track }}: the stage's clock runs again"),
    LaunchMessage.INSTRUCTION_DONE: Template("{{ by }} said: {{ command }}"),
    LaunchMessage.INSTRUCTION_REFUSED: Template("{{ by }} said: {{ command }}", "NOT DONE: {{ why }}"),
    LaunchMessage.BASELINE_CAPTURED: Template("baseline {{ name }} captured from {{ stage }}"),
    LaunchMessage.MESSAGE_DUE: Template("to {{ to }}{% if by %} by {{ by }}{% endif %}: {{ text }}"),
    LaunchMessage.STAGE_ENTERED: Template("{{ track }}: stage {{ stage }} is entered: {{ why }}"),
    LaunchMessage.STAGE_SETTLED: Template("{{ track }}: {{ why }}"),
    LaunchMessage.GATES_PASSED: Template("{{ track }}: {{ why }}"),
    LaunchMessage.GATES_LAPSED: Template("{{ track }}: not ready any more: {{ why }}"),
    LaunchMessage.TRACK_DEMOTED: Template("{{ track }}: BACK to stage {{ stage or 'the first' }}: {{ why }}"),
    LaunchMessage.TRACK_REARMED: Template(
        "{{ track }}: ARMED AGAIN: {{ why }}", "nothing is opened until its first stage is entered again, and stops stay"
    ),
    LaunchMessage.TRACK_FINISHED: Template("{{ track }}: {{ why }}"),
    LaunchMessage.TRACK_ABORTED: Template("{{ track }}: given up by {{ by }}: {{ why }}"),
}
