"""Decides what follows from a try that failed: another one at an instant, or none."""

from typing import Final

from fairway.notify.outbox import MessageDelayed, MessageFailed, Waiting
from fairway.notify.port import ConfigurationFailure, PermanentFailure, SendFailure, TransientFailure
from fairway.world.backoff import Backoff, Draws
from fairway.world.clock import MINUTE, SECOND

URGENT: Final = Backoff(first_s=2.0, longest_s=60.0)
"""Of P0."""
USUAL: Final = Backoff(first_s=5.0, longest_s=900.0)
BROKEN_RETRY_NS: Final = 5 * MINUTE
"""How often one message is tried on a channel that the service refuses, so that a repaired one is noticed."""


def after_failure(waiting: Waiting, failure: SendFailure, now: int, draws: Draws) -> MessageDelayed | MessageFailed:
    """now: the instant of the failure (ns). A try beyond the message's age is not waited for."""
    tries, id = waiting.tries + 1, waiting.message.id
    if isinstance(failure, PermanentFailure) and not isinstance(failure, ConfigurationFailure):
        return MessageFailed(id=id, channel=waiting.channel, why=failure.why, tries=tries)
    retry_at, channel_until, is_broken = _next_try(waiting, failure, now, draws)
    if max(retry_at, channel_until) >= waiting.expires_at:
        return MessageFailed(id=id, channel=waiting.channel, why=f"not sent within 24 h; {failure.why}", tries=tries)
    return MessageDelayed(
        id=id,
        channel=waiting.channel,
        why=failure.why,
        tries=tries,
        retry_at=retry_at,
        channel_until=channel_until,
        is_broken=is_broken,
    )


def _next_try(waiting: Waiting, failure: SendFailure, now: int, draws: Draws) -> tuple[int, int, bool]:
    """When this message is tried again, until when the whole channel waits (0: it does not), and whether it is broken."""
    if isinstance(failure, ConfigurationFailure):
        return now + BROKEN_RETRY_NS, now + BROKEN_RETRY_NS, True
    backoff = URGENT if waiting.message.severity == "P0" else USUAL
    own = now + round(backoff.jittered_s(waiting.tries + 1, draws) * SECOND)
    asked = failure.retry_after_s if isinstance(failure, TransientFailure) else None
    if asked is None:
        return own, 0, False
    until = now + round(asked * SECOND)
    return max(own, until), until, False
