"""Carries out instructions that concern the connection to the venue: once for all accounts, which share it.

Each account answers such an instruction by itself, like any other (`command_handler`). They send no order and lift no cap:
streams that are made again are caught up before an entry, and an order in doubt is asked for by its client id, wherever it was
sent.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from fairway.journal.commands import Instruction, Reconnect, SwitchAddress
from fairway.trading.account_executor import AccountExecutor
from fairway.trading.inputs import CommandReceived
from fairway.trading.market_feed import MarketFeed
from fairway.venues.addresses import VenueAddresses, addresses_of
from fairway.venues.port import StreamChannel


class ConnectionCommands:
    """executors: of the accounts that there are at the moment."""

    def __init__(self, feed: MarketFeed, executors: Mapping[str, AccountExecutor]) -> None:
        self._feed, self._executors = feed, executors
        self._done_to = 0
        """Number of the newest instruction that was carried out or passed over: an account that is new reads old ones again."""

    def pass_over(self, waiting: Iterable[CommandReceived], heard: int) -> None:
        """Of instructions from before the start nothing is left to do, because all connections were made since.

        heard: number of the newest instruction that any account has heard.
        """
        self._done_to = max(self._done_to, heard, *(each.number for each in waiting))

    def carry_out(self, waiting: Iterable[CommandReceived]) -> None:
        """Those that are new and concern the connection."""
        for received in waiting:
            if received.number > self._done_to:
                self._done_to = received.number
                self._obey(received.instruction, f"instructed by {received.by}: {received.instruction.reason}")

    def _obey(self, instruction: Instruction, why: str) -> None:
        match instruction:
            case Reconnect(channel=channel, account=account):
                if channel in ("", StreamChannel.MARKET):
                    self._feed.venue.reconnect(StreamChannel.MARKET, why)
                if channel in ("", StreamChannel.ACCOUNT):
                    for executor in self._of(account):
                        executor.venue.reconnect(StreamChannel.ACCOUNT, why)
            case SwitchAddress():
                for addresses in self._addresses():
                    addresses.switch(why)
            case _:
                pass  # it concerns accounts, each of which is handed it

    def _of(self, account: str) -> Sequence[AccountExecutor]:
        return [each for each in self._executors.values() if account in ("", each.account)]

    def _addresses(self) -> Iterator[VenueAddresses]:
        """Each once, however many accounts share it."""
        venues = (self._feed.venue, *(executor.venue for executor in self._executors.values()))
        found = {id(each): each for venue in venues if (each := addresses_of(venue)) is not None}
        yield from found.values()
