"""The loop that trades: facts come in, are journaled, move the desk, and the desk says what to do next."""
