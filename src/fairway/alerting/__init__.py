"""Evaluates alert rules on what was measured: which alerts fire, which are silenced, and when they have cleared.

It decides and sends nothing: incidents are made of its events, and `notify` carries the messages.
"""
