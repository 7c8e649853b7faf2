"""A stage whose journal is kept where real money's is: in a file of SQLite or a database of PostgreSQL."""

from collections.abc import Callable, Mapping, Sequence

from tests.scenes.script import Misdeed, Wish
from tests.scenes.stage import Stage

from fairway.assembly import CODEC
from fairway.journal.chain import verify
from fairway.journal.port import Journal
from fairway.journal.sql import open_journal, open_reader
from fairway.store.place import Place


class KeptStage(Stage):
    """At its end `file` holds what another program reads from the journal, so that all questions of a stage can be asked."""

    def __init__(
        self,
        where: Place,
        *wishes: Wish,
        acts: Mapping[float, Callable[[Stage], object]],
        mischief: Sequence[Misdeed] = (),
    ) -> None:
        super().__init__(*wishes, acts=acts, mischief=mischief)
        self._where = where

    def open_journal(self) -> Journal:
        return open_journal(self._where, CODEC, mode="scene", trader="main", synchronous="OFF")

    def run(self, minutes: float) -> None:
        super().run(minutes)
        with open_reader(self._where) as reader:
            self.file.records = list(reader.read())
        assert verify(self.file.records) is None
