"""Facts as pages show them: outcomes of operations turned into short texts and marks, with nothing of a browser."""
