"""What the server shows: each path asks one operation, and lays its outcome out for programs."""
