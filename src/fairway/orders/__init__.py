"""An order from its intent to its end: intents, the lifecycle table, client order ids, and the blotter that holds them."""
