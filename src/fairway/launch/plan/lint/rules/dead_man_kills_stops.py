"""A dead-man's switch that takes the stops away."""

from collections.abc import Iterator

from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.texts.durations import as_setting


def look(draft: Draft) -> Iterator[RuleFinding]:
    for name, account in draft.plan.accounts.items():
        switch = account.dead_man
        if switch is not None and switch.cancels == "everything" and account.stops == "venue":
            what = f"after {as_setting(switch.after)} of silence the venue cancels every order, the stops of open positions too"
            yield RuleFinding(("accounts", name, "dead_man"), what, "cancels: entries, or no dead_man: the lease ends by itself")
        if account.stops == "bot":
            what = "stops rest in the bot, so that its death leaves every position without one"
            yield RuleFinding(("accounts", name, "stops"), what, "stops: venue")


RULE = Rule(
    "dead-man-kills-stops",
    Severity.REFUSE,
    "A switch that fires while no person watches must not cancel the stops, the only protection that is left.",
    look,
)
