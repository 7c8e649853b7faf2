"""Exact money: amounts that know their asset, prices that know both of theirs, grids that say how to round."""
