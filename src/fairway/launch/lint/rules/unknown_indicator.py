"""Something is to be measured that Fairway does not know, or that nothing measures yet."""

from collections.abc import Iterator
from difflib import get_close_matches

from fairway.launch.lint.draft import Draft
from fairway.launch.lint.port import Found, Rule, Severity
from fairway.launch.lint.rules.unequal_windows import indicators_named
from fairway.watch.indicators import BY_NAME


def look(draft: Draft) -> Iterator[Found]:
    for path, of in dict.fromkeys(indicators_named(draft)):
        if not of:
            continue
        if of not in BY_NAME and "gates" not in path and path[0] != "entry":  # of gates their plug-ins say it
            meant = get_close_matches(of, BY_NAME, n=1)
            mend = f"of: {meant[0]}" if meant else f"one of {', '.join(BY_NAME)}"
            yield Found(path, f"there is no indicator {of!r}", mend)
        elif of in BY_NAME and not BY_NAME[of].source and path[0] in ("stages", "tracks", "entry", "objectives", "alarms"):
            yield Found(path, f"nothing measures {of} yet, so this says ERROR for ever", "report it under targets")


RULE = Rule(
    "unknown-indicator",
    Severity.REFUSE,
    "A gate on what nobody measures blocks for ever, and an alarm on it never sounds.",
    look,
)
