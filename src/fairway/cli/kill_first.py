"""The first step of `fairway kill`: sets the latch where the configuration tells its place, before anything else is asked."""

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from fairway.cli.exits import Exit, Failure
from fairway.cli.printing import say
from fairway.orders.ids import ACCOUNT_FORM
from fairway.risk.disposal import Disposal
from fairway.settings.latch_place import LatchPlace, near
from fairway.trading.latch import FileLatch, Killed, Scope, SetWithoutWords

BY_HAND: Final = "docs/how-to/close-by-hand.md"
_OF_ONE: Final = (Scope.ACCOUNT, Scope.SYMBOL)


class Latching:
    """Sets latches, and says of each once whether it is set. config: the configuration's file; account: as it was asked for."""

    def __init__(self, config: Path, killed: Killed, account: str) -> None:
        self._config, self.killed, self.account = config, killed, account
        self._set: dict[Path, None] = {}
        self.is_complete = True
        """Whether no latch has failed."""

    @property
    def is_set(self) -> bool:
        """Whether any latch is there."""
        return bool(self._set)

    def set(self, latch: FileLatch, killed: Killed) -> None:
        """A disk that is full or gone does not keep the kill from what it does at the venue."""
        where = latch.path(killed.scope, killed.symbol)
        if where in self._set:
            return
        try:
            latch.set(killed)
        except SetWithoutWords as error:
            self._say_wordless(where, error)
            return
        except OSError as error:
            self.is_complete = False
            say(f"NOT LATCHED: {where}: {error.strerror}; a trader that runs is not blocked: stop it by its process")
            return
        self._set[where] = None
        say(f"latched: {where}; a trader that runs opens nothing from now on")

    def _say_wordless(self, where: Path, error: OSError) -> None:
        self._set[where] = None
        say(f"latched, but its reason could not be written ({error.strerror}): {where}")
        say("a trader that runs opens nothing from now on")

    def first(self, place: LatchPlace) -> None:
        """The latch of what was asked for, or of more where the configuration does not tell which it is. Raises Failure."""
        if not place.is_certain or not place.folders[0].is_dir():
            return
        self.check(place)
        scope = self._scope(place)
        killed = self.killed
        if scope in (Scope.BOT, Scope.ALL) and killed.scope in _OF_ONE:  # what is not named is not sold
            killed = replace(killed, scope=scope, symbol="", disposal=Disposal.KEEP_STOPS)
        if scope is Scope.ALL:
            say("the configuration does not tell its account, so every bot whose latch lies in this directory is latched:")
        self.set(self._latch(place, place.folders[0]), killed)

    def near(self, place: LatchPlace) -> None:
        """After a configuration with mistakes, where nothing is latched yet: the bot wherever it may be, or every bot near."""
        if self.is_set:
            return
        told = [folder for folder in place.folders if folder.is_dir()]
        scope = Scope.BOT if told and place.account and self.killed.scope is not Scope.ALL else Scope.ALL
        folders = dict.fromkeys(each.absolute() for each in (*told, *near(self._config)) if each.is_dir())
        whose = f"the bot {place.account} is latched in each directory where its latch may be"
        who = whose if scope is Scope.BOT else "every bot in these directories is latched"
        say(f"{self._config} does not tell for sure where its latch is, so {who}:")
        for folder in folders:
            self.set(self._latch(place, folder), replace(self.killed, scope=scope, symbol="", disposal=Disposal.KEEP_STOPS))
        say("a bot whose journal lies elsewhere is NOT latched: name its own configuration, or stop it by its process")

    def again(self, account: str = "") -> str:
        """The command of this kill, whole, to be copied; account: instead of the one that was asked for."""
        killed, account = self.killed, account or self.account
        options = [*(("--account", account) if account else ())]
        options += [*(("--scope", killed.scope.value) if killed.scope is not Scope.ACCOUNT else ())]
        options += [*(("--symbol", killed.symbol) if killed.symbol else ())]
        options += [*(("--cause", killed.cause.value) if killed.cause.value != "other" else ())]
        options += [*(("--flatten",) if killed.disposal is Disposal.FLATTEN else ())]
        return shlex.join(["fairway", "kill", str(self._config), *options, "--reason", killed.reason])

    def check_named(self, has_many: bool) -> None:
        """Of a bot with many accounts one must be named, or all. Raises Failure: the whole bot is latched by then."""
        if has_many and (self.killed.scope in _OF_ONE) != bool(self.account):
            latched = "the whole bot is latched" if self.is_set else "NOT LATCHED, see above"
            raise Failure(
                f"{latched}, and nothing was done at the venue: this bot has many accounts, and a kill is of one of them, with "
                f"--account ann1, or of all, with --scope bot\n"
                f"An account that is to trade on:  fairway resume {self._config} --all --account NAME --reason TEXT",
                Exit.USAGE,
            )

    def unknown(self, known: Sequence[str]) -> Failure:
        """What is said of an account that the bot does not have."""
        there = ", ".join(known) or "none"
        if not self.is_set:
            told = f"NOTHING is latched: this bot has no account {self.account}; it has {there}"
        else:
            told = (
                f"this bot has no account {self.account}; it has {there}. The latch that was set is of an account of that name "
                f"alone, and blocks no other: rm {next(iter(self._set))}"
            )
        return Failure(f"{told}\nKill the right one:  {self.again(known[0] if len(known) == 1 else 'NAME')}", Exit.USAGE)

    def undone(self, why: str, code: Exit) -> Failure:
        """What is said where nothing could be done at the venue: why, what is true there, and what a person does now."""
        latched = "" if self.is_set and self.is_complete else "NOT LATCHED, see above, and "
        return Failure(
            f"{latched}NOTHING was done at the venue: {why.removesuffix('.')}\n"
            "Stops and targets that rest there go on working; an order that buys may rest there too.\n"
            f"When that is put right, have it done:  {self.again()}\n"
            f"At once, by hand, at the venue's own page:  {BY_HAND}",
            code,
        )

    def check(self, place: LatchPlace) -> None:
        """What no account and no pair of this bot is called sets no latch. Raises Failure."""
        if place.has_many is False and place.account and self.account not in ("", place.account):
            raise self.unknown([place.account])
        if self.account and not ACCOUNT_FORM.fullmatch(self.account):  # it would be the name of a file elsewhere
            raise self.unknown([place.account] if place.account else [])
        symbol, symbols = self.killed.symbol, place.symbols
        if symbol and symbol not in symbols and symbols and all("/" in each for each in symbols):
            raise Failure(f"--symbol {symbol} is not traded by this bot; it trades {', '.join(symbols)}", Exit.USAGE)

    def _scope(self, place: LatchPlace) -> Scope:
        """Wider than it was asked for, where the account is not named, or the file does not tell whether there are many."""
        if self.killed.scope not in _OF_ONE:
            return self.killed.scope
        if not place.account:
            return Scope.ALL
        return Scope.BOT if place.has_many is None or (place.has_many and not self.account) else self.killed.scope

    def _latch(self, place: LatchPlace, folder: Path) -> FileLatch:
        return FileLatch(folder, self.account or place.account, place.symbols, place.account)
