"""What claims rest on: evidence, who can produce it, and what files of other tools are evidence for."""
