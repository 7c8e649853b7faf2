"""Lines of a table for people: columns as wide as their widest cell, numbers to the right."""

from collections.abc import Collection, Iterator, Sequence


def table_lines(head: Sequence[str], rows: Sequence[Sequence[str]], numbers: Collection[str] = ()) -> Iterator[str]:
    """One line for the head and for each row. numbers: the columns that are read from their right side."""
    cells = [tuple(head), *map(tuple, rows)]
    widths = [max(len(cell[place]) for cell in cells) for place in range(len(head))]
    for row in cells:
        padded = (
            cell.rjust(width) if name in numbers else cell.ljust(width)
            for name, cell, width in zip(head, row, widths, strict=True)
        )
        yield "  ".join(padded).rstrip()
