"""Rows that together are one product, as they come: a group's rows follow one another."""

from collections.abc import Callable, Iterator

from catalog.feeds.base import Record, RowError

#: Rows held at a time: no product has so many variants.
GROUP_MAX_ROWS = 2000


def read_groups(
    records: Iterator[Record | RowError],
    key: Callable[[Record], str],
    name: str,
    find_sku: Callable[[Record], str],
) -> Iterator[RowError | list[Record]]:
    """Runs of records with the same ``key``; one with an empty key stands alone.

    A key that comes back after another one is refused: its product was already given. ``name``
    is what the file calls the key, ``find_sku`` says which product a refused row is about.
    """
    groups = _Groups(key, name, find_sku)
    for record in records:
        if isinstance(record, RowError):
            yield record
        else:
            yield from groups.take(record)
    yield from groups.finish()


class _Groups:
    """The group that is being read, and where each one began."""

    def __init__(
        self, key: Callable[[Record], str], name: str, find_sku: Callable[[Record], str]
    ) -> None:
        self._find_sku = find_sku
        self._key = key
        self._name = name
        self._first_lines: dict[str, int] = {}
        self._rows: list[Record] = []

    def take(self, record: Record) -> Iterator[RowError | list[Record]]:
        """Whatever ``record`` completes or makes wrong."""
        key = self._key(record)
        if key and self._rows and key == self._key(self._rows[0]):
            if len(self._rows) < GROUP_MAX_ROWS:
                self._rows.append(record)
            else:
                yield self._refuse(record, f"{self._name} {key!r} has over {GROUP_MAX_ROWS} rows")
            return
        yield from self.finish()
        if key in self._first_lines:
            yield self._refuse(record, self._explain_again(key))
            return
        if key:
            self._first_lines[key] = record.line
        self._rows = [record]

    def finish(self) -> Iterator[list[Record]]:
        """The group that was being read, if there is one."""
        if self._rows:
            yield self._rows
            self._rows = []

    def _explain_again(self, key: str) -> str:
        return (
            f"{self._name} {key!r} began on line {self._first_lines[key]} and ended before this "
            f"row; only the rows there were taken. Sort the file by {self._name}"
        )

    def _refuse(self, record: Record, reason: str) -> RowError:
        return RowError(line=record.line, sku=self._find_sku(record), reason=reason)
