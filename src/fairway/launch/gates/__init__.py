"""Gates: each a file of its own that judges one kind of question by facts, and never asks a clock."""
