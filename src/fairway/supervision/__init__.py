"""Runs all processes of a Fairway system as children: starts them in order, restarts them, and stops them in order.

A child that crashes too often ends in safe mode: the trader opens nothing more, stops stay in place, and a person is called.
"""
