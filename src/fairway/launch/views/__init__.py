"""How a launch is shown: as text, as a record, as a page and as measurements. Nothing here decides."""
