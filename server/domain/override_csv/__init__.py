"""Overrides as a CSV file that people edit in a spreadsheet, and back; a round trip changes nothing (capability X13).

One line a product, and one more for each further variant that has figures of its own. An empty cell means that the
product has nothing of its own there. A column that is not in the file leaves what it stands for as it is, and so are
products that are not in it.
"""

from server.domain.override_csv.columns import MAX_PRODUCTS
from server.domain.override_csv.cutting import Part, parts_of
from server.domain.override_csv.placing import Place, place_of
from server.domain.override_csv.products import CsvProduct, product_of
from server.domain.override_csv.reading import CsvLines, read
from server.domain.override_csv.records import CsvFault, NoCsv
from server.domain.override_csv.writing import Line, columns_of, write

__all__ = [
    "MAX_PRODUCTS",
    "CsvFault",
    "CsvLines",
    "CsvProduct",
    "Line",
    "NoCsv",
    "Part",
    "Place",
    "columns_of",
    "parts_of",
    "place_of",
    "product_of",
    "read",
    "write",
]
