"""Overrides as a CSV file that people edit in a spreadsheet, and back; a round trip changes nothing (seed id X13).

One line a product, and one more for each further variant that has figures of its own. An empty cell means that the
product has nothing of its own there; products that are not in the file are left as they are.
"""

from server.domain.override_csv.reading import CsvFault, CsvProduct, read
from server.domain.override_csv.writing import Line, columns_of, write

__all__ = ["CsvFault", "CsvProduct", "Line", "columns_of", "read", "write"]
