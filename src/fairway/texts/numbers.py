"""Numbers in sentences: one observation, two observations."""


def counted(number: int, unit: str) -> str:
    """A number with its unit: `1 query`, `1,200 queries`."""
    return f"{number:,} {unit_of(number, unit)}"


def unit_of(number: int, unit: str) -> str:
    """A unit as it stands behind that number."""
    if number == 1:
        return unit
    return f"{unit[:-1]}ies" if unit.endswith("ry") else f"{unit}s"
