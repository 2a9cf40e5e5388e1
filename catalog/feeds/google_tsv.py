"""Google Merchant Center's table: tab-separated as Google has it, commas as exports make it."""

from collections.abc import Iterator

from catalog.feeds import google
from catalog.feeds.base import Record, RowError
from catalog.feeds.csv import CsvFeed, name_columns


class GoogleTableFeed:
    """Google's table over ``table``, which stays open."""

    format = "google-tsv"
    format_name = "Google Merchant Center table"

    def __init__(self, table: CsvFeed) -> None:
        self._table = table
        self._attributes = name_columns(google.name_attribute(name) for name in table.columns)
        self.columns = google.list_columns(self._attributes)

    @property
    def warnings(self) -> tuple[str, ...]:
        return self._table.warnings

    def records(self) -> Iterator[Record | RowError]:
        return google.read_products(self._rename(row) for row in self._table.records())

    def _rename(self, row: Record | RowError) -> Record | RowError:
        if isinstance(row, RowError):
            return row
        pairs = zip(self._table.columns, self._attributes, strict=True)
        return Record(row.line, {ours: row.values.get(name, "") for name, ours in pairs})
