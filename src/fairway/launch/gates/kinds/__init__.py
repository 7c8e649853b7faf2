"""The kinds of gates, a file each: its settings, its judgement, and facts that it must pass or block."""
