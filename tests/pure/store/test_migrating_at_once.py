"""Two threads of one process that make a store each, as alerting does with its series and with the trader's command inbox."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from fairway.store.engine import engine_of
from fairway.store.migrations import FORMS, form_of, migrate


def test_stores_that_are_made_at_the_same_time_are_each_made_whole(tmp_path: Path) -> None:
    def made(number: int) -> str | None:
        engine = engine_of(tmp_path / f"{number}.db")
        try:
            migrate(engine, f"the store {number}")
            return form_of(engine)
        finally:
            engine.dispose()

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(made, range(8))) == [FORMS[-1]] * 8
