"""Where a launch is, what it still needs and what limits it, as lines of a status."""

from collections.abc import Mapping
from enum import auto
from typing import Final

from fairway.texts.messages.message import MessageKey, Template


class StatusMessage(MessageKey):
    PLAN_BEGUN = auto()
    PLAN_NOT_BEGUN = auto()
    GATES = auto()
    GATE = auto()
    HELD = auto()
    HELD_SINCE = auto()
    LIMITS = auto()
    NEXT = auto()
    TARGET = auto()
    GIVEN_UP = auto()
    BUDGET = auto()
    BUDGET_UNKNOWN = auto()
    BUDGET_SPENT = auto()
    MAINTENANCE = auto()
    MESSAGES = auto()
    BEFORE_FIRST_STAGE = auto()
    IN_STAGE = auto()
    ARMED_AGAIN = auto()
    CLOCK_NOT_BEGUN = auto()
    SHOWN_ELSEWHERE = auto()
    CLOCK = auto()
    REVIEW = auto()
    LAST_STAGE = auto()
    APPROVERS = auto()
    WAITS = auto()
    NEXT_STAGE = auto()
    COUNTS_ELSEWHERE = auto()
    APPROVAL_EXPIRED = auto()
    APPROVAL_VOID = auto()
    STAGE_ALLOWS = auto()
    ACCOUNT_OPENS_NOTHING = auto()
    ACCOUNTS_WAIT = auto()
    UNLEASED = auto()
    NO_LEASE = auto()
    # Parts of the lines above.
    GATES_NONE = auto()
    GATES_PASSING = auto()
    ENDS_BY_ITSELF = auto()
    LIFTED_BY = auto()
    ALLOWED_BUT = auto()
    NO_LIMITS = auto()
    NOTHING_FOLLOWS_ABORT = auto()
    NOTHING_FOLLOWS_LAST = auto()
    NEEDS = auto()
    AT_NEXT_TICK = auto()
    NEEDS_TIME = auto()
    NEEDS_APPROVALS = auto()
    NEEDS_REVIEW = auto()
    NEEDS_CLOCK = auto()
    NEEDS_RELEASE = auto()
    # When a gate that does not know enough yet can be decided.
    MORE_AT_BEST = auto()
    MORE_AT_RATE = auto()
    COVERAGE_MISSING = auto()
    COVERAGE_ENOUGH_AT = auto()


ENGLISH: Final[Mapping[MessageKey, Template]] = {
    StatusMessage.PLAN_BEGUN: Template("plan {{ plan }}, begun {{ at }} by {{ by }}"),
    StatusMessage.PLAN_NOT_BEGUN: Template("plan {{ plan }}, not begun yet"),
    StatusMessage.GATES: Template("gates: {{ results }}"),
    StatusMessage.GATE: Template("{{ mark }} {{ gate }}: {{ result }}, {{ why }}{{ more }}"),
    StatusMessage.HELD: Template("held: {{ reason }}; it ends when {{ ends_when }}"),
    StatusMessage.HELD_SINCE: Template("held since {{ since }}: {{ reason }}; it ends when {{ ends_when }}"),
    StatusMessage.LIMITS: Template("limits: {{ limits }}"),
    StatusMessage.NEXT: Template("next: {{ stage }}"),
    StatusMessage.TARGET: Template("target {{ target }}"),
    StatusMessage.GIVEN_UP: Template(
        "it was given up: nothing is opened, what is held stays under its stops, and no other stage follows"
    ),
    StatusMessage.BUDGET: Template("budget of {{ budget }}"),
    StatusMessage.BUDGET_UNKNOWN: Template("{{ objective }}: unknown, {{ why }}"),
    StatusMessage.BUDGET_SPENT: Template(
        "{{ objective }}: {{ percent }} % of its budget is spent, by {{ observations }}"
        "{% if too_fast %}; TOO FAST: {{ too_fast }}{% endif %}"
    ),
    StatusMessage.MAINTENANCE: Template(
        "planned maintenance: {{ spell }}; no minute of uptime is due in it{% if more %}; {{ more }} more after that{% endif %}"
    ),
    StatusMessage.MESSAGES: Template(
        "messages written down: {{ count }}, the last {{ at }} to {{ to }}, {{ about }} (fairway launch messages)"
    ),
    StatusMessage.BEFORE_FIRST_STAGE: Template(
        "{{ track }}: {{ phase }}, before its first stage {{ stage }}{% if after %} after {{ after }}{% endif %}"
    ),
    StatusMessage.IN_STAGE: Template(
        "{{ track }}: stage {{ stage }} ({{ number }} of {{ count }}), {{ phase }} for {{ duration }}: {{ why }} ({{ by }})"
    ),
    StatusMessage.ARMED_AGAIN: Template(
        "ARMED AGAIN: {{ why }}",
        "nothing is opened, and stops stay. Stage {{ stage }} needs its entry gates to pass with evidence of this release: "
        "fairway launch evidence CONFIG",
        "{% if commands %}and approvals of this release: {{ commands }}{% endif %}",
    ),
    StatusMessage.CLOCK_NOT_BEGUN: Template("its clock begins when trader and venue have been seen to have its limits"),
    StatusMessage.SHOWN_ELSEWHERE: Template(
        "another trader flies it; {% if lacking %}what is missing is {{ lacking }}"
        "{% else %}its record shows that it was passed{% endif %}"
    ),
    StatusMessage.CLOCK: Template(
        "lived in for {{ served }} of at least {{ least }}{% if left %}, {{ left }} to go{% endif %}"
        "{% if stands %}; the clock stands{% if is_held %} while it is held{% else %}: {{ why }}{% endif %}{% endif %}"
    ),
    StatusMessage.REVIEW: Template(
        "review every {{ every }}: {% if by %}last by {{ by }} {{ ago }} ago{% else %}no person has looked yet{% endif %}"
        "{% if late_since %}; OVERDUE since {{ late_since }}, so nothing is promoted: fairway launch review CONFIG{% endif %}"
    ),
    StatusMessage.LAST_STAGE: Template("this is the last stage"),
    StatusMessage.APPROVERS: Template("who may approve it: {{ approvers }}"),
    StatusMessage.WAITS: Template("it waits: {{ why }}"),
    StatusMessage.NEXT_STAGE: Template(
        "the next stage is {{ stage }}; "
        "{% if missing %}approvals missing: {{ missing }}{% else %}no approval is missing{% endif %}"
    ),
    StatusMessage.COUNTS_ELSEWHERE: Template(
        "what was passed here counts for another trader of it: fairway launch evidence ITS.yaml --flown THIS.yaml"
    ),
    StatusMessage.APPROVAL_EXPIRED: Template("the approval of {{ person }}, {{ at }}, has run out"),
    StatusMessage.APPROVAL_VOID: Template(
        "the approval of {{ person }}, {{ at }}, is void: evidence, release or limits have changed since"
    ),
    StatusMessage.STAGE_ALLOWS: Template("stage {{ stage or 'none entered' }} allows: {{ limits }}"),
    StatusMessage.ACCOUNT_OPENS_NOTHING: Template(
        "{{ account }} opens nothing{% if symbol %} of {{ symbol }}{% endif %}: {{ why }}; {{ ends }} (fairway caps)"
    ),
    StatusMessage.ACCOUNTS_WAIT: Template("{{ waiting }} of {{ count }} accounts wait for a larger stage"),
    StatusMessage.UNLEASED: Template("{{ account }} OPENS POSITIONS WITHOUT A LEASE: {{ command }}"),
    StatusMessage.NO_LEASE: Template(
        "no lease for {{ accounts }}{% if more %} and {{ more }} more{% endif %}: {{ why }}; to mend it: {{ command }}"
    ),
    StatusMessage.GATES_NONE: Template("none"),
    StatusMessage.GATES_PASSING: Template("{{ passing }} of {{ count }} pass{% if others %}; {{ others }}{% endif %}"),
    StatusMessage.ENDS_BY_ITSELF: Template("it ends by itself, {{ when }}"),
    StatusMessage.LIFTED_BY: Template("lifted by {{ by }}"),
    StatusMessage.ALLOWED_BUT: Template("{{ limits }}{% if closed %}; but {{ closed }} (fairway caps){% endif %}"),
    StatusMessage.NO_LIMITS: Template("none of accounts"),
    StatusMessage.NOTHING_FOLLOWS_ABORT: Template("nothing: it was given up"),
    StatusMessage.NOTHING_FOLLOWS_LAST: Template("nothing: this is the last stage"),
    StatusMessage.NEEDS: Template("{{ stage }}, which needs {{ needs }}"),
    StatusMessage.AT_NEXT_TICK: Template("{{ stage }}, at the next tick"),
    StatusMessage.NEEDS_TIME: Template("{{ duration }} more"),
    StatusMessage.NEEDS_APPROVALS: Template("approvals: {{ roles }}"),
    StatusMessage.NEEDS_REVIEW: Template("a review, which is overdue"),
    StatusMessage.NEEDS_CLOCK: Template("a clock that runs, and it stands: {{ why }}"),
    StatusMessage.NEEDS_RELEASE: Template("an end of what holds it"),
    StatusMessage.MORE_AT_BEST: Template("{{ missing }} more at best"),
    StatusMessage.MORE_AT_RATE: Template("{{ missing }} more at best: at {{ a_day }} a day that is {{ at }}"),
    StatusMessage.COVERAGE_MISSING: Template("{{ missing }} of {{ due }} are missing"),
    StatusMessage.COVERAGE_ENOUGH_AT: Template(
        "{{ missing }} of {{ due }} are missing: at {% if every %}one every {{ every }}{% else %}one a minute{% endif %} "
        "without another gap it is enough at {{ at }}"
    ),
}
