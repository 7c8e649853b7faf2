"""What can go wrong at an exchange, one file each; switched on for an account, a symbol, an endpoint and a time."""
