"""The pilot and its decisions: the tick, transitions between stages, leases, holds, and what people command."""
