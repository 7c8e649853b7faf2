"""Sends one message by one channel within a time, and turns whatever goes wrong into a failure with a sentence."""

import asyncio
from typing import Final

from fairway.notify.message import Message
from fairway.notify.port import Channel, ConfigurationFailure, SendFailure, TransientFailure
from fairway.world.secret import SecretMissing

TIMEOUT_S: Final = 10.0


async def sent(channel: Channel, message: Message, timeout_s: float = TIMEOUT_S) -> str:
    """The receipt. Raises SendFailure and nothing else: a channel of another package may raise anything."""
    try:
        async with asyncio.timeout(timeout_s):
            receipt: object = await channel.send(message)
    except SendFailure:
        raise
    except TimeoutError:
        raise TransientFailure(f"no answer within {timeout_s:g} s", None, "look at the state of the service") from None
    except SecretMissing as error:
        raise ConfigurationFailure(str(error), "a secret of file:PATH is read again without a restart") from None
    except Exception as error:  # its text may hold a secret
        what = f"the channel's own code failed with {type(error).__name__}"
        raise TransientFailure(what, None, "mend the channel's file, and start again") from error
    return receipt if isinstance(receipt, str) else ""
