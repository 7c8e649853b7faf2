"""The processes of a running system: what each does, and starting one again that has ended."""
