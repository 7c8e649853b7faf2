"""Files that people write: YAML read with places, quantities with their units, and mistakes told where they stand."""
