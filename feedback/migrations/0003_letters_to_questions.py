"""Preferences were between letters of one prompt; now they are between two questions."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, ClassVar

from django.db import migrations

_BATCH = 500

_LETTERED = re.compile(r"^([A-T])\. (.+)$")


def _read_prompt(messages: Any) -> tuple[str, dict[str, str]]:
    """What a lettered prompt asked, in today's form: the query, and the question of each letter."""
    lines = str(messages[-1].get("content", "")).splitlines() if messages else []
    worn = [line[2:] for line in lines if line.startswith("- ")]
    start = lines.index("look:") if "look:" in lines else 0
    query = "\n".join([*lines[:start], "look: " + "; ".join(worn), ""])
    lettered = filter(None, map(_LETTERED.match, lines))
    return query, {match[1]: f"add: {match[2]}\nmatch:" for match in lettered}


def convert_pairs(apps: Any, schema_editor: Any) -> None:
    """Write out what the letters of each pair stood for; a pair of unknown letters goes."""
    pairs = apps.get_model("ensemble_feedback", "PreferencePair").objects
    for batch in batched(pairs.filter(query="").iterator(chunk_size=_BATCH), _BATCH):
        for pair in batch:
            pair.query, questions = _read_prompt(pair.messages)
            pair.chosen = questions.get(pair.chosen, "")
            pair.rejected = questions.get(pair.rejected, "")
        known = [p for p in batch if p.chosen and p.rejected and p.chosen != p.rejected]
        pairs.bulk_update(known, ["query", "chosen", "rejected"])
        pairs.filter(pk__in={p.pk for p in batch} - {p.pk for p in known}).delete()


def convert_examples(apps: Any, schema_editor: Any) -> None:
    """The same of lone thumbs."""
    examples = apps.get_model("ensemble_feedback", "UnpairedExample").objects
    for batch in batched(examples.filter(query="").iterator(chunk_size=_BATCH), _BATCH):
        for example in batch:
            example.query, questions = _read_prompt(example.messages)
            example.question = questions.get(example.completion, "")
        examples.bulk_update(batch, ["query", "question"])


def batched(rows: Iterator[Any], size: int) -> Iterator[list[Any]]:
    """Lists of up to ``size`` rows."""
    while batch := list(islice(rows, size)):
        yield batch


class Migration(migrations.Migration):
    dependencies: ClassVar = [("ensemble_feedback", "0002_questions")]

    operations: ClassVar = [
        migrations.RunPython(convert_pairs, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(convert_examples, migrations.RunPython.noop, elidable=True),
    ]
