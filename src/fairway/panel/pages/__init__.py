"""The pages, one module each, with the facts that it shows beside it."""
