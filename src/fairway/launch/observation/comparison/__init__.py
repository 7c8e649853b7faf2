"""Traders that run beside a launch: a shadow on paper, to compare its fills with, and a control, to compare its times with."""
