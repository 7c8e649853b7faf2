"""What happened, by the journal: the story of a run, its figures, its tie-out, and the pages that show them."""
