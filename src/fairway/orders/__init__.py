"""An order from the wish for it to its end: intents, the lifecycle table, client order ids, and the blotter that holds them."""
