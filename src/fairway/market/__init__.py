"""What can be traded and what its market does: instruments, candles, books, trades, and the files they come in."""
