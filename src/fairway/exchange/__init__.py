"""The practice exchange: matching, accounts and markets behind a wire that real clients speak, misbehaving on request."""
