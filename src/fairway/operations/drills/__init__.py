"""Drills: exercises on a person's own running system, each observed from the other side. One file is one drill.

Other packages name a drill of theirs by an entry point of the group `fairway.drills`.
"""
