"""What happened, in order and for good: append-only events in a hash chain, in a file or in memory."""
