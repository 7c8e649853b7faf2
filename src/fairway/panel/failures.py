"""Says to a person why something failed. A mistake of Fairway's own is logged with its traceback, which no page shows."""

import logging
from typing import Final

from fairway.api.problems import problem_of

MISTAKE: Final = "A mistake in Fairway itself; the server's log has the details, and trading goes on"


def told(error: Exception, log: logging.Logger, what: str) -> str:
    """A sentence for the page. what: names what failed, for the log."""
    problem = problem_of(error)
    if problem is not None:
        return problem.detail
    log.error("the panel failed: %s", what, exc_info=error)
    return MISTAKE
