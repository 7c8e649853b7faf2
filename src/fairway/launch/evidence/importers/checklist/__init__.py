"""What written plans say: statements of a Markdown document, and whether each is done, stands open, or comes after the launch."""
