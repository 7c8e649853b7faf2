"""Looks whether a step had its effect: in its own answer, at an operation, a command, the venue, or by asking a person."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from fairway.incidents.runbooks.answers import RunbookCheckResult, StepAnswer, compared
from fairway.incidents.runbooks.filling import RunbookValues, command_words, filled_request, filled_text
from fairway.incidents.runbooks.runbook import RunbookCheck, VenueClaim
from fairway.operations.runbooks.ports import PersonAsked, StepMachine
from fairway.operations.trader.orders import LIST_ORDERS
from fairway.operations.trader.reconcile import RECONCILE
from fairway.operations.trader.status import STATUS
from fairway.orders.ids import Role

YES, NO = "yes", "no"
AGREES: Final = RunbookCheck(field="accounts[*].agrees", equals="true")
"""Journal and venue have the same balances and orders."""
ONLY_PROTECTION: Final = RunbookCheck(field="orders[*].role", one_of=(Role.STOP, Role.TARGET, Role.PAIR), may_be_empty=True)
PROTECTED: Final = RunbookCheck(field="accounts[*].holdings.held[*].is_covered", equals="true", may_be_empty=True)


class NotLookedAt(Exception):
    """A check that cannot be looked at here; its text is the command for a person."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """Of one execution."""

    values: RunbookValues
    machine: StepMachine
    person: PersonAsked

    def looked(self, checks: Sequence[RunbookCheck], answer: StepAnswer, within_s: float) -> list[RunbookCheckResult]:
        """One result for each check; those of a person are asked only where all others hold.

        Raises NotLookedAt, NoPerson.
        """
        by_machine = [self._look(check, answer, within_s) for check in checks if not check.person]
        if not all(result.holds for result in by_machine):
            return by_machine
        return [*by_machine, *(self._asked(check, within_s) for check in checks if check.person)]

    def _look(self, check: RunbookCheck, answer: StepAnswer, within_s: float) -> RunbookCheckResult:
        if check.venue is not None:
            return self._venue(check.venue, within_s)
        if check.operation:
            answer = self.machine.perform(check.operation, filled_request(check.request, self.values), within_s)
        elif check.run:
            words = command_words(check.run, self.values)
            found = self.machine.command(words, within_s)
            if found is None:
                raise NotLookedAt(" ".join(words))
            answer = found
        return compared(check, answer)

    def _venue(self, claim: VenueClaim, within_s: float) -> RunbookCheckResult:
        """Unknown where the venue cannot be asked."""
        result = RunbookCheckResult(True, "")
        for operation, request, check in _looks(claim, self.values.account):
            result = compared(check, self.machine.perform(operation, request, within_s))
            if not result.holds:
                return RunbookCheckResult(False, f"the venue: {result.what}")
        return RunbookCheckResult(True, f"the venue shows: {claim.value}")

    def _asked(self, check: RunbookCheck, within_s: float) -> RunbookCheckResult:
        question = filled_text(check.person, self.values)
        said = self.person.choose(question, (YES, NO), within_s)
        return RunbookCheckResult(said == YES, f"{question} {said or 'no answer in time'}")


def _looks(claim: VenueClaim, account: str) -> Iterator[tuple[str, dict[str, str], RunbookCheck]]:
    """What a claim rests on: operation, request, and what its answer must be."""
    yield RECONCILE.name, {"account": account}, AGREES
    if claim is VenueClaim.ONLY_PROTECTION:
        yield LIST_ORDERS.name, {"account": account, "is_open": "true"}, ONLY_PROTECTION
    if claim is VenueClaim.PROTECTED:
        yield STATUS.name, {"account": account}, PROTECTED
