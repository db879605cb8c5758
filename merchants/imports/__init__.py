"""Orders from a file: a CSV whose rows with one `reference` are the parcels of one order's one shipment."""

from merchants.imports.reading import COLUMNS, ImportFileError
from merchants.imports.run import Import

__all__ = ["COLUMNS", "Import", "ImportFileError"]
