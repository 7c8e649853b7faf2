"""`fairway launch`: exposure that is earned by evidence. One file a group of its commands, imported when it runs."""

from typing import Final

from cyclopts import App

app = App(name="launch", help="Launch control: plans, gates and stages; exposure that is earned by evidence.")

COMMANDS: Final = {
    "start": ("fairway.cli.launch.start:start", "Fly a launch beside a trader."),
    "begin": ("fairway.cli.launch.start:begin", "Let a system that is up begin a launch."),
    "status": ("fairway.cli.launch.status:status", "Say where a launch is."),
    "explain": ("fairway.cli.launch.status:explain", "Say what is missing, when it can be there, and what limits it."),
    "decision": ("fairway.cli.launch.status:decision", "Make a decision again, and compare it byte by byte."),
    "approve": ("fairway.cli.launch.commands:approve", "Approve that a stage is entered."),
    "hold": ("fairway.cli.launch.commands:hold", "Stop a launch where it is."),
    "release": ("fairway.cli.launch.commands:release", "Release a hold."),
    "review": ("fairway.cli.launch.commands:review", "Say that you have looked at a stage, and what you saw."),
    "promote": ("fairway.cli.launch.commands:promote", "Ask for the next stage now."),
    "demote": ("fairway.cli.launch.commands:demote", "Go back to a smaller stage."),
    "abort": ("fairway.cli.launch.commands:abort", "Give a launch up."),
    "evidence": ("fairway.cli.launch.record:evidence", "Bring evidence to a launch, or show what there is."),
    "drill": ("fairway.cli.launch.drill:drill", "The same as `fairway drill`."),
    "survey": ("fairway.cli.launch.commands:survey", "Bring users' answers to a survey to a launch."),
    "record": ("fairway.cli.launch.record:record", "Write the GO or NO-GO: each claim, its evidence, its digest."),
    "waive": ("fairway.cli.launch.commands:waive", "Waive an item of the checklist for a while."),
    "messages": ("fairway.cli.launch.messages:messages", "List the plan's messages that are due, and for whom."),
    "plans": ("fairway.cli.launch.plans:plans", "List the plans that come with Fairway, or print one."),
    "lint": ("fairway.cli.launch.plans:lint", "Say what in a plan can never be decided or must not be done."),
    "probe": ("fairway.cli.launch.probe:probe", "Ask the probes of a plan once, and say what is answered."),
    "clock": ("fairway.cli.launch.clock:clock", "Print the day of a launch by the clock."),
    "rules": ("fairway.cli.launch.plans:rules", "List the rules of the linter, each with its reason."),
    "rehearse": ("fairway.cli.launch.rehearse:rehearse", "Play a plan with good bots and bad ones, in simulated time."),
    "import": ("fairway.cli.launch.importing:import_file", "Say what a report, a scan or a checklist is evidence for."),
    "prove-gates": (
        "fairway.cli.launch.prove_gates:prove_gates",
        "Show that each gate passes what is good and blocks what is not.",
    ),
    "error-rates": (
        "fairway.cli.launch.error_rates:error_rates",
        "Show how often gates pass bots below their bound.",
    ),
}
"""By name: where the command is, and what it does in one sentence."""

for _name, (_place, _summary) in COMMANDS.items():
    app.command(_place, name=_name, help=_summary)
