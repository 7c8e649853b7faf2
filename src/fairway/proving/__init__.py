"""The whole system inside simulated time: the same exchange, client and trader, with time, chance and network of our making."""
