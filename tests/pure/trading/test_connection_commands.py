"""Instructions about the connection are carried out once for all accounts, and those from before a start not at all."""

from typing import cast

from fairway.journal.commands import Instruction, Pause, Reconnect, SwitchAddress
from fairway.trading.account_executor import AccountExecutor
from fairway.trading.connection_commands import ConnectionCommands
from fairway.trading.inputs import CommandReceived
from fairway.trading.market_feed import MarketFeed
from fairway.venues.addresses import VenueAddresses
from fairway.venues.port import StreamChannel
from fairway.world.clock import SystemClock


class Client:
    """Of one account; all share their addresses."""

    def __init__(self, name: str, addresses: VenueAddresses, done: list[str]) -> None:
        self.account, self.addresses, self._done = name, addresses, done
        self.venue = self

    def reconnect(self, channel: StreamChannel, why: str) -> None:
        self._done.append(f"{channel.value} of {self.account}")


class Ground:
    """A feed and two accounts at one exchange; `done` is what was done to their connections."""

    def __init__(self) -> None:
        self.done: list[str] = []
        addresses = VenueAddresses(("a", "b", "c"), SystemClock())
        addresses.on_switch = lambda changed: self.done.append(f"{changed.to_address}: {changed.why}")
        clients = {name: Client(name, addresses, self.done) for name in ("feed", "ann1", "bob1")}
        feed = cast(MarketFeed, clients.pop("feed"))
        self.commands = ConnectionCommands(feed, cast("dict[str, AccountExecutor]", clients))
        self.addresses, self._number = addresses, 0

    def told(self, *instructions: Instruction) -> list[CommandReceived]:
        start = self._number + 1
        self._number += len(instructions)
        return [CommandReceived(start + index, "eve", each) for index, each in enumerate(instructions)]


def test_the_market_stream_is_made_again_once_and_each_accounts_own() -> None:
    ground = Ground()
    ground.commands.carry_out(ground.told(Reconnect(reason="mute")))
    assert ground.done == ["market of feed", "account of ann1", "account of bob1"]


def test_one_channel_and_one_account() -> None:
    ground = Ground()
    ground.commands.carry_out(ground.told(Reconnect(reason="mute", channel="market"), Pause(reason="lunch")))
    ground.commands.carry_out(ground.told(Reconnect(reason="mute", channel="account", account="bob1")))
    assert ground.done == ["market of feed", "account of bob1"]


def test_addresses_that_accounts_share_are_switched_once() -> None:
    ground = Ground()
    ground.commands.carry_out(ground.told(SwitchAddress(reason="slow")))
    assert ground.done == ["b: instructed by eve: slow"]


def test_an_account_that_reads_old_instructions_again_has_no_part_in_it() -> None:
    """Its own state may lack them; the connection has obeyed them long ago."""
    ground = Ground()
    told = ground.told(Reconnect(reason="mute", channel="market"))
    for _ in range(3):
        ground.commands.carry_out(told)
    assert ground.done == ["market of feed"]


def test_instructions_from_before_the_start_are_passed_over() -> None:
    """All connections were made since. Also those that an account, taken up later, reads for the first time."""
    ground = Ground()
    old = ground.told(SwitchAddress(reason="slow"), Reconnect(reason="mute"))
    ground.commands.pass_over(old[1:], heard=1)
    ground.commands.carry_out([*old, *ground.told(Reconnect(reason="mute", channel="market"))])
    assert ground.done == ["market of feed"]
