"""Sets the latches of a kill: the first step, done where the configuration says the place, before anything else is asked."""

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from fairway.operations.operation import Progress, Tell
from fairway.operations.refusal import Refusal, wrong_input
from fairway.orders.ids import ACCOUNT_FORM
from fairway.risk.disposal import Disposal
from fairway.settings import Settings
from fairway.settings.latch_place import LatchPlace, near
from fairway.trading.latch import FileLatch, Killed, KillScope, SetWithoutWords

BY_HAND: Final = "docs/how-to/close-by-hand.md"
_OF_ONE: Final = (KillScope.ACCOUNT, KillScope.SYMBOL)


def latch_of(settings: Settings, account: str) -> FileLatch:
    """The latch of one account of a trader."""
    return FileLatch(settings.latch_folder, account, settings.symbols, settings.account)


class KillLatches:
    """Sets the latches of one kill, and reports each of them once. account: asked for by its name; "" for the configured one."""

    def __init__(self, config: Path, killed: Killed, account: str, tell: Tell) -> None:
        self._config, self.killed, self.account, self._tell = config, killed, account, tell
        self._set: dict[Path, None] = {}
        self.is_complete = True
        """Whether no latch has failed."""

    @property
    def is_set(self) -> bool:
        """Whether any latch is set."""
        return bool(self._set)

    def set(self, latch: FileLatch, killed: Killed) -> None:
        """A disk that is full or gone does not keep the kill from its work at the venue."""
        where = latch.path(killed.scope, killed.symbol)
        if where in self._set:
            return
        try:
            latch.set(killed)
        except SetWithoutWords as error:
            self._set[where] = None
            self._say(f"latched, but its reason could not be written ({error.strerror}): {where}")
            self._say("a trader that runs opens nothing from now on")
            return
        except OSError as error:
            self.is_complete = False
            self._say(f"NOT LATCHED: {where}: {error.strerror}; a trader that runs is not blocked: stop it by its process")
            return
        self._set[where] = None
        self._say(f"latched: {where}; a trader that runs opens nothing from now on")

    def set_first(self, place: LatchPlace) -> None:
        """Sets the latch of the account or pair; a wider one where the configuration does not say which. Raises Refusal."""
        if not place.is_certain or not place.folders[0].is_dir():
            return
        self.check(place)
        scope = self._scope(place)
        killed = self.killed
        if (
            scope in (KillScope.BOT, KillScope.ALL) and killed.scope in _OF_ONE
        ):  # an account that the person did not name is not sold
            killed = replace(killed, scope=scope, symbol="", disposal=Disposal.KEEP_STOPS)
        if scope is KillScope.ALL:
            self._say("the configuration does not tell its account, so every bot whose latch lies in this directory is latched:")
        self.set(self._latch(place, place.folders[0]), killed)

    def set_near(self, place: LatchPlace) -> None:
        """For a configuration with mistakes, where nothing is latched yet: the bot in each possible place, or every bot near."""
        if self.is_set:
            return
        possible = [folder for folder in place.folders if folder.is_dir()]
        scope = KillScope.BOT if possible and place.account and self.killed.scope is not KillScope.ALL else KillScope.ALL
        folders = dict.fromkeys(each.absolute() for each in (*possible, *near(self._config)) if each.is_dir())
        whose = f"the bot {place.account} is latched in each directory where its latch may be"
        who = whose if scope is KillScope.BOT else "every bot in these directories is latched"
        self._say(f"{self._config} does not tell for sure where its latch is, so {who}:")
        for folder in folders:
            self.set(self._latch(place, folder), replace(self.killed, scope=scope, symbol="", disposal=Disposal.KEEP_STOPS))
        self._say("a bot whose journal lies elsewhere is NOT latched: name its own configuration, or stop it by its process")

    def again(self, account: str = "") -> str:
        """The whole command of this kill, to be copied. account: replaces the one that was asked for."""
        killed, account = self.killed, account or self.account
        options = [*(("--account", account) if account else ())]
        options += [*(("--scope", killed.scope.value) if killed.scope is not KillScope.ACCOUNT else ())]
        options += [*(("--symbol", killed.symbol) if killed.symbol else ())]
        options += [*(("--cause", killed.cause.value) if killed.cause.value != "other" else ())]
        options += [*(("--flatten",) if killed.disposal is Disposal.FLATTEN else ())]
        return shlex.join(["fairway", "kill", str(self._config), *options, "--reason", killed.reason])

    def check_named(self, has_many: bool) -> None:
        """A bot with many accounts needs one named, or all. Raises Refusal; the whole bot is latched by then."""
        if has_many and (self.killed.scope in _OF_ONE) != bool(self.account):
            latched = "the whole bot is latched" if self.is_set else "NOT LATCHED, see above"
            raise wrong_input(
                f"ACCOUNT_NOT_NAMED: scope={self.killed.scope.value}",
                f"{latched}, and nothing was done at the venue: this bot has many accounts, and a kill is of one of them, with "
                f"--account ann1, or of all, with --scope bot\n"
                f"An account that is to trade on:  fairway resume {self._config} --all --account NAME --reason TEXT",
            )

    def unknown(self, known: Sequence[str]) -> Refusal:
        """The refusal of an account that the bot does not have."""
        there = ", ".join(known) or "none"
        if not self.is_set:
            happened = f"NOTHING is latched: this bot has no account {self.account}; it has {there}"
        else:
            happened = (
                f"this bot has no account {self.account}; it has {there}. The latch that was set is of an account of that name "
                f"alone, and blocks no other: rm {next(iter(self._set))}"
            )
        return wrong_input(
            f"ACCOUNT_UNKNOWN: account={self.account}",
            f"{happened}\nKill the right one:  {self.again(known[0] if len(known) == 1 else 'NAME')}",
        )

    def not_carried_out(self, error: BaseException) -> Refusal:
        """The refusal where nothing could be done at the venue: why, what is true there, and what the person does now."""
        latched = "" if self.is_set and self.is_complete else "NOT LATCHED, see above, and "
        refusal = wrong_input(
            f"KILL_NOT_CARRIED_OUT: account={self.account or 'configured'}",
            f"{latched}NOTHING was done at the venue: {str(error).removesuffix('.')}\n"
            "Stops and targets that rest there go on working; an order that buys may rest there too.\n"
            f"When that is put right, have it done:  {self.again()}\n"
            f"At once, by hand, at the venue's own page:  {BY_HAND}",
        )
        refusal.cause = error
        return refusal

    def check(self, place: LatchPlace) -> None:
        """No latch is set for a name that is no account and no pair of this bot. Raises Refusal."""
        if place.has_many is False and place.account and self.account not in ("", place.account):
            raise self.unknown([place.account])
        if self.account and not ACCOUNT_FORM.fullmatch(self.account):  # it would be the name of a file elsewhere
            raise self.unknown([place.account] if place.account else [])
        symbol, symbols = self.killed.symbol, place.symbols
        if symbol and symbol not in symbols and symbols and all("/" in each for each in symbols):
            traded = f"{symbol} is not traded by this bot; it trades {', '.join(symbols)}"
            raise wrong_input(f"SYMBOL_UNKNOWN: symbol={symbol}", traded, field="symbol")

    def _scope(self, place: LatchPlace) -> KillScope:
        """Wider than asked for, where the account is not named, or the file does not say whether there are many."""
        if self.killed.scope not in _OF_ONE:
            return self.killed.scope
        if not place.account:
            return KillScope.ALL
        return KillScope.BOT if place.has_many is None or (place.has_many and not self.account) else self.killed.scope

    def _latch(self, place: LatchPlace, folder: Path) -> FileLatch:
        return FileLatch(folder, self.account or place.account, place.symbols, place.account)

    def _say(self, sentence: str) -> None:
        self._tell(Progress(sentence))
