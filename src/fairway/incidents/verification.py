"""What a launch says of the claim or the gate that verifies an action item, and whether that shows that the item is done."""

from dataclasses import dataclass

from fairway.incidents.incident import ActionItem
from fairway.world.clock import text_of


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationSeen:
    """The newest word of the launch beside the trader.

    at: when it was made (ns), 0 where there is none. holds: whether it speaks for the claim, and has not expired. is_machine:
    whether a machine made it; a person attests any other. must_be_shown: whether the plan asks for what a machine makes, so that
    no person may attest it instead. says: who or what made it, or what speaks against the claim.
    """

    at: int = 0
    holds: bool = False
    is_machine: bool = False
    must_be_shown: bool = False
    says: str = ""


def why_not_shown(item: ActionItem, word: VerificationSeen | None, now: int) -> str:
    """Why the launch's word does not show that an item is done, "" where it does. now: ns."""
    if word is None:
        return "no launch beside the trader says anything of it"
    if not word.at:
        return "the launch has no word on it yet"
    if word.at <= item.added_at:
        return "the newest word of the launch is no newer than the item"
    if word.at > now:
        return "the newest word of the launch is of later than now"
    if not word.holds:
        return f"it does not hold: {word.says}"
    return "" if word.is_machine else f"a person alone says so: {word.says}"


def shown_by(item: ActionItem, word: VerificationSeen) -> str:
    """What the journal says of an item that the launch has shown."""
    return f"{item.verification}: {word.says}, {text_of(word.at)[:19].replace('T', ' ')}"
