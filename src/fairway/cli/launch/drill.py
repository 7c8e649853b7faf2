"""`fairway launch drill`: the same as `fairway drill`, by its older name."""

from fairway.cli.drill import drill_of
from fairway.cli.shared_options import By, Config


def drill(config: Config, name: str, /, *, by: By = "") -> int:
    """Carry a drill out, as `fairway drill NAME CONFIG` does.

    Parameters
    ----------
    name: str
        Such as restore or gates-proven; `fairway drill --list` shows all.
    """
    return drill_of(name, config, by=by)
