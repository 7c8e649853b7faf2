"""The program `fairway` whose trader measures itself every second, for tests of what follows from measurements."""

from fairway.cli import main
from fairway.trading import self_measurement
from fairway.world.clock import SECOND

if __name__ == "__main__":
    self_measurement.EVERY_NS = SECOND  # type: ignore[misc]
    main()
