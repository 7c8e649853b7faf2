"""Benchmarks: each file measures one thing beside a floor or a peer in the same run; `python -m bench` prints them all."""
