"""The loop's report: a row a stage, what went in, what came out, seconds."""

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a stage did; ``shortfalls`` says what it should have done and did not."""

    went_in: str
    came_out: str
    shortfalls: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Row:
    """One finished stage."""

    stage: str
    went_in: str
    came_out: str
    seconds: float
    shortfalls: list[str]


#: A stage's name and what it does.
Stage = tuple[str, Callable[[], Outcome]]


def run_stages(stages: list[Stage], console: Console) -> list[Row]:
    """Run stages in order until one falls short; later ones would only fail for its reason."""
    rows: list[Row] = []
    for name, stage in stages:
        started = time.monotonic()
        with console.status(f"{name} ..."):
            outcome = stage()
        row = Row(name, seconds=round(time.monotonic() - started, 1), **asdict(outcome))
        console.print(f"{'ok  ' if not row.shortfalls else 'FAIL'} {name} ({row.seconds} s)")
        rows.append(row)
        if row.shortfalls:
            break
    return rows


def render_table(rows: list[Row], *, total: int) -> Table:
    """The rows as a table; stages that were not reached are counted in the caption."""
    table = Table(title="One pass through the flow", show_lines=True)
    for column in ("Stage", "Went in", "Came out", "Seconds"):
        table.add_column(column, justify="right" if column == "Seconds" else "left")
    for row in rows:
        out = "\n".join([row.came_out, *(f"FELL SHORT: {text}" for text in row.shortfalls)])
        table.add_row(row.stage, row.went_in, out, f"{row.seconds:.1f}")
    table.caption = f"{len(rows)} of {total} stages"
    return table


def to_json(rows: list[Row]) -> str:
    """The rows as one line of JSON."""
    return json.dumps({"stages": [asdict(row) for row in rows]})
