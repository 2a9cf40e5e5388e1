"""Stored looks asked for a letter; from now on every candidate is asked about alone."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, ClassVar

from django.db import migrations

#: Rows read and written together; a look item weighs a few kilobytes.
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


def convert_items(apps: Any, schema_editor: Any) -> None:
    """Write old items as if they had been asked one candidate at a time; the scores stay."""
    items = apps.get_model("ensemble_outfits", "LookItem").objects.filter(query="")
    for batch in batched(items.iterator(chunk_size=_BATCH), _BATCH):
        for item in batch:
            item.query, questions = _read_prompt(item.messages)
            item.candidates = [_convert(candidate, questions) for candidate in item.candidates]
        items.model.objects.bulk_update(batch, ["query", "candidates"])


def batched(rows: Iterator[Any], size: int) -> Iterator[list[Any]]:
    """Lists of up to ``size`` rows."""
    while batch := list(islice(rows, size)):
        yield batch


def retire_adapters(apps: Any, schema_editor: Any) -> None:
    """An adapter that learned to choose letters has no answer to today's questions."""
    apps.get_model("ensemble_outfits", "Adapter").objects.update(
        serving=False,
        status="rejected",
        verdict={"reasons": ["It answers by letters, which are no longer asked for. Train anew."]},
    )


def _convert(candidate: dict[str, Any], questions: dict[str, str]) -> dict[str, Any]:
    if "question" in candidate:
        return candidate
    kept = {name: value for name, value in candidate.items() if name != "letter"}
    scored = dict.fromkeys(("model", "score"), candidate["logprob"])
    question = questions.get(candidate["letter"], "")
    return {**kept, "question": question, **scored, "cooccurrence": 0.0}


class Migration(migrations.Migration):
    dependencies: ClassVar = [("ensemble_outfits", "0002_lookitem_query")]

    operations: ClassVar = [
        migrations.RunPython(convert_items, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(retire_adapters, migrations.RunPython.noop, elidable=True),
    ]
