"""What people and Alertmanager can do about alerts: see them, silence them, report them."""
