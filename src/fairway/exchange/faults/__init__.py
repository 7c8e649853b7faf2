"""The faults that the practice exchange can make, one file each; each for an account, a symbol, endpoints and a time."""
