"""What people do with a practice exchange: see what is true there, switch faults on and off, and move its market."""
