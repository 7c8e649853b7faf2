"""Files that people write: YAML read with places, quantities with their units, and mistakes with the place where they stand."""
