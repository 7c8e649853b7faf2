"""`fairway launch`: exposure that is earned by evidence. One file a group of its commands, imported when it runs."""

from typing import Final

from cyclopts import App

app = App(name="launch", help="Launch control: plans, gates and stages; exposure that is earned by evidence.")

COMMANDS: Final = {
    "plans": ("fairway.cli.launch_plans:plans", "List the plans that come with Fairway, or print one."),
    "lint": ("fairway.cli.launch_plans:lint", "Say what in a plan can never be decided or must not be done."),
    "rules": ("fairway.cli.launch_plans:rules", "List the rules of the linter, each with its reason."),
    "import": ("fairway.cli.launch_import:import_file", "Say what a report, a scan or a checklist is evidence for."),
    "prove-gates": ("fairway.cli.launch_gates:prove_gates", "Show that each gate passes what is good and blocks what is not."),
    "boundary": ("fairway.cli.launch_boundary:boundary", "Show how often the gate for 95 % is wrong, at the boundary."),
}
"""By name: where the command is, and what it does in one sentence."""

for _name, (_place, _summary) in COMMANDS.items():
    app.command(_place, name=_name, help=_summary)
