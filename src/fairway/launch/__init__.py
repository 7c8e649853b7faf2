"""Launch control: exposure is earned by evidence, widened stage by stage, and taken back at once."""
