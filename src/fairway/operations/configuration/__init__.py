"""The configuration file of a bot: shown with its mistakes, changed as a whole, and kept as snapshots that can be restored."""
