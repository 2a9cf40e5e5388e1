"""Reads the products nearest to an anchor, several slots at once, by one statement.

Written in SQL and not with the ORM: to compile the same statement anew took Django longer than it
takes the database to answer it, and a page waits (`benchmarks/provisional_look.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import DateTimeField

from catalog.embedding import get_embedder
from catalog.models import Product, ProductEmbedding

_PRODUCTS = Product._meta.db_table
_VECTORS = ProductEmbedding._meta.db_table
#: All but the times, which no page shows, and which take as long to parse as all the rest.
_FIELDS = [f for f in Product._meta.concrete_fields if not isinstance(f, DateTimeField)]
_COLUMNS = [field.attname for field in _FIELDS]
_SELECTED = ", ".join(f'p."{field.column}"' for field in _FIELDS)
#: Filters are applied after the index: without this it stops before the limit is reached.
_SCAN_ON = "SET LOCAL hnsw.iterative_scan = strict_order"

_NEAR = f"""(SELECT %s AS part, v.vector <=> (
    SELECT vector FROM {_VECTORS} WHERE product_id = %s AND model_id = %s
) AS distance, {_SELECTED}
FROM {_PRODUCTS} p JOIN {_VECTORS} v ON v.product_id = p.id
WHERE v.model_id = %s AND {{condition}} ORDER BY distance LIMIT %s)"""  # noqa: S608 - no values
_ORDERED = f"""(SELECT %s AS part, 0 AS distance, {_SELECTED}
FROM {_PRODUCTS} p WHERE {{condition}} ORDER BY {{order}} LIMIT %s)"""  # noqa: S608 - no values
#: An outer join is never read in the order of an index: every product is looked at.
_ALL = f"""(SELECT %s AS part, v.vector <=> (
    SELECT vector FROM {_VECTORS} WHERE product_id = %s AND model_id = %s
) AS distance, {_SELECTED}
FROM {_PRODUCTS} p LEFT JOIN {_VECTORS} v ON v.product_id = p.id AND v.model_id = %s
WHERE {{condition}} ORDER BY distance, p.id LIMIT %s)"""  # noqa: S608 - no values


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition on a product ``p`` in SQL, with its values."""

    sql: str
    values: tuple[Any, ...] = ()

    def __and__(self, other: "Condition") -> "Condition":
        return Condition(f"{self.sql} AND {other.sql}", (*self.values, *other.values))

    def __or__(self, other: "Condition") -> "Condition":
        return Condition(f"({self.sql} OR {other.sql})", (*self.values, *other.values))

    def __invert__(self) -> "Condition":
        return Condition(f"NOT ({self.sql})", self.values)


@dataclass(frozen=True, slots=True)
class Slice:
    """At most ``limit`` products: the nearest to the anchor, or (``order``) by one column."""

    condition: Condition
    limit: int
    order: str = ""


def read_slices(anchor: Product, slices: Sequence[Slice]) -> list[list[Product]]:
    """The products of every slice, in order.

    Near ones without a vector come last; to an anchor without a vector nothing is near, and
    products come in the order in which they were made.
    """
    model_id = get_embedder().model_id
    parts = [_near(anchor, cut, model_id) if not cut.order else _ordered(cut) for cut in slices]
    rows = _unite(parts, scan_on=True)
    if any(distance is None for part in rows for distance, _ in part):
        rows = _unite([_ordered(cut) for cut in slices])
        return [[product for _, product in part] for part in rows]
    found = [[product for _, product in part] for part in rows]
    return _fill_up(found, anchor, slices, model_id)


def _fill_up(
    found: list[list[Product]], anchor: Product, slices: Sequence[Slice], model_id: str
) -> list[list[Product]]:
    """Read anew, and without the index, where too few were found.

    Products without a vector are in no index; and where many rows were deleted since the last
    VACUUM, its scan ends (``hnsw.max_scan_tuples``) before it has found enough that are left.
    """
    short = {
        place: cut
        for place, (products, cut) in enumerate(zip(found, slices, strict=True))
        if not cut.order and len(products) < cut.limit
    }
    again = _unite([_near(anchor, cut, model_id, _ALL) for cut in short.values()])
    for place, more in zip(short, again, strict=True):
        found[place] = [product for _, product in more]
    return found


def _near(anchor: Product, cut: Slice, model_id: str, sql: str = _NEAR) -> Condition:
    values = (anchor.pk, model_id, model_id, *cut.condition.values, cut.limit)
    return Condition(sql.format(condition=cut.condition.sql), values)


def _ordered(cut: Slice) -> Condition:
    sql = _ORDERED.format(condition=cut.condition.sql, order=f"p.{cut.order or 'id'}, p.id")
    return Condition(sql, (*cut.condition.values, cut.limit))


def _unite(
    parts: Sequence[Condition], *, scan_on: bool = False
) -> list[list[tuple[float | None, Product]]]:
    """The rows of every part, each with its distance."""
    found: list[list[tuple[float | None, Product]]] = [[] for _ in parts]
    if not parts:
        return found
    values = [value for place, part in enumerate(parts) for value in (place, *part.values)]
    sql = " UNION ALL ".join(part.sql for part in parts)
    for part, distance, *row in _scan(sql, values) if scan_on else _read(sql, values):
        found[part].append((distance, Product.from_db(connection.alias, _COLUMNS, row)))
    return found


def _read(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _scan(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The rows of a statement, for which the index is scanned until there are enough."""
    # With parameters bound by the server, one statement is sent at a time.
    if connection.features.uses_server_side_binding:  # type: ignore[attr-defined]
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(_SCAN_ON)
            return _read(sql, values)
    with connection.cursor() as cursor:
        # Sent together they are one transaction, and one way to the server and back instead of 4.
        cursor.execute(f"{_SCAN_ON}; {sql}", values)
        cursor.nextset()
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
