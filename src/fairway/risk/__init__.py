"""Risk: how large an order may be, and whether it may be at all."""
