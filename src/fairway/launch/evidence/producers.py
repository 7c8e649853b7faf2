"""What can produce evidence of which class for which claim: what no producer reaches, no launch can ever show."""

from dataclasses import dataclass
from typing import Final

from fairway.launch.evidence.model import Rank
from fairway.launch.evidence.observed import KEY, KILL, RESTART
from fairway.launch.evidence.postmortem_actions import CLAIM as ACTIONS

BACKUP: Final = "backup"
RESTORE: Final = "restore"
GATES: Final = "gates-proven"
ROLLBACK: Final = "rollback"
LIMITS: Final = "limits"
PILOT_DEATH: Final = "pilot-death"
PAGE: Final = "page-test"
"""That people on call acknowledge in time what pages them."""


@dataclass(frozen=True, slots=True)
class Producer:
    """One way to evidence for a claim. rank: its class; by: the command or the journal that shows it.

    is_told: whether the trader or the alerting process shows it by itself, so that no person submits it. sets_back: whether to
    show it takes a launch back to its smallest stage. needs_stage: whether it takes a position, so that a stage must have been
    entered before. is_of_account: whether it is about this trader's own account or journal, so that no other trader can show it.
    """

    claim: str
    rank: Rank
    by: str
    is_told: bool = False
    sets_back: bool = False
    needs_stage: bool = False
    is_of_account: bool = False


OF_CLAIMS: Final = (
    Producer(
        KILL, Rank.OBSERVED_IN_A_DRILL, "`fairway kill`, then `fairway resume`, of the trader", is_told=True, sets_back=True
    ),
    Producer(
        RESTART,
        Rank.OBSERVED_IN_A_DRILL,
        "`kill -9` of the trader while it holds a position, then `fairway run`",
        is_told=True,
        needs_stage=True,
    ),
    Producer(KEY, Rank.MACHINE_ARTIFACT, "the trader, every five minutes", is_told=True, is_of_account=True),
    Producer(
        ACTIONS,
        Rank.MACHINE_ARTIFACT,
        "the alerting process, every six hours, and at once when an action item is overdue",
        is_told=True,
        is_of_account=True,
    ),
    Producer(BACKUP, Rank.MACHINE_ARTIFACT, "`fairway launch evidence CONFIG --copy COPY`", is_of_account=True),
    Producer(KILL, Rank.OBSERVED_IN_A_DRILL, "`fairway drill kill CONFIG`", sets_back=True),
    Producer(RESTORE, Rank.OBSERVED_IN_A_DRILL, "`fairway drill restore CONFIG`", is_of_account=True),
    Producer(GATES, Rank.OBSERVED_IN_A_DRILL, "`fairway drill gates-proven CONFIG`"),
    Producer(ROLLBACK, Rank.OBSERVED_IN_A_DRILL, "`fairway drill rollback CONFIG`", needs_stage=True),
    Producer(LIMITS, Rank.OBSERVED_IN_A_DRILL, "`fairway drill limit-breach CONFIG`", needs_stage=True),
    Producer(PAGE, Rank.OBSERVED_IN_A_DRILL, "`fairway drill page CONFIG`"),
    Producer(PILOT_DEATH, Rank.OBSERVED_IN_A_DRILL, "`fairway drill controller-death CONFIG`", needs_stage=True),
)
"""Claims that Fairway itself shows. With real money a trader's journal shows a kill and a restart in production."""
OF_ANY: Final = (
    Producer("", Rank.MACHINE_ARTIFACT, "`fairway launch evidence CONFIG REPORT --claim ID`, with a tool's report"),
    Producer("", Rank.ATTESTED_FILE, "`fairway launch evidence CONFIG FILE --claim ID --attest`: a person's signed statement"),
    Producer("", Rank.BARE_WORD, '`fairway launch evidence CONFIG --claim ID --word "..."`'),
)
"""For each claim, whatever its id."""


def producers(claim: str) -> tuple[Producer, ...]:
    """All that there are for a claim, strongest first."""
    found = [each for each in OF_CLAIMS if each.claim == claim]
    return tuple(sorted((*found, *OF_ANY), key=lambda each: each.rank, reverse=True))


def strongest(claim: str, *, is_live: bool) -> Rank:
    """The strongest class that can be there for a claim. is_live: whether a trader with real money may show it."""
    best = producers(claim)[0]
    is_drill = best.is_told and best.rank is Rank.OBSERVED_IN_A_DRILL
    return Rank.OBSERVED_IN_PRODUCTION if is_live and is_drill else best.rank


def fitting(claim: str, rank: Rank) -> tuple[Producer, ...]:
    """Those whose evidence is of a class or a stronger one."""
    return tuple(each for each in producers(claim) if each.rank >= min(rank, Rank.OBSERVED_IN_A_DRILL))
