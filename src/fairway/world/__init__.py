"""What Fairway does not decide: time, chance, tasks, network, disk.

In production these are the operating system's; in proving they are simulated, exact, and repeat themselves from a seed.
"""
