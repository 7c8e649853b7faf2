"""What gates have in common: how far a claim about a series is proven, where its observations depend on each other."""
