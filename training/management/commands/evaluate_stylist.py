"""manage.py evaluate_stylist: how well what serves, an adapter or a baseline completes looks."""

import json
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from catalog import conf
from catalog.embedding import get_embedder
from catalog.embedding.base import EmbeddingError
from outfits.llm import get_language_model
from outfits.llm.base import LanguageModelError
from outfits.models import Adapter, Promotion
from outfits.scoring import Mix, Taste
from outfits.selectors import Stylist, serving_stylist
from training.adapters_folder import AdapterInvalid, read_adapter_folder
from training.comparison import Report, compare
from training.evaluation import Interval
from training.judging import HOUSE_OUTFITS
from training.polyvore import CompatibilityQuestion, FitbQuestion, Outfit, PolyvoreFormatError
from training.reading import load_compatibility, load_fitb, load_outfits
from training.scorers import (
    CategoryScorer,
    CosineScorer,
    CountingScorer,
    PopularityScorer,
    RandomScorer,
    Scorer,
    StylistScorer,
    ask_in_process,
    ask_served,
)
from training.services import find_shipped
from training.stylist_model import BaseModelMissing

#: Baselines that count, and so need outfits to count in.
_COUNTING: dict[str, Callable[[list[Outfit]], Scorer]] = {
    "category": CategoryScorer,
    "popularity": PopularityScorer,
    "counting": CountingScorer,
}
#: What is left of a stylist's taste when one half is judged alone.
_HALVES: dict[str | None, Callable[[Taste], Taste]] = {
    None: lambda taste: taste,
    "model": lambda taste: Taste(),
    "counting": lambda taste: Taste(Mix(0.0, 1.0), taste.cooccurrence),
}
#: Questions put as retrieval; each ranks everything of one type.
_RETRIEVALS = 100
_SCORERS = ("cosine", "random", *_COUNTING)


class Command(BaseCommand):
    help = "FITB accuracy, compatibility AUC and retrieval of what serves, or of a baseline."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--fitb", type=Path, help="Fill-in-the-blank questions (JSON).")
        parser.add_argument("--compatibility", type=Path, help="Compatibility questions (JSON).")
        who = parser.add_mutually_exclusive_group()
        who.add_argument(
            "--adapter", help="An installed adapter, or its folder; 'base' is the base model."
        )
        who.add_argument("--scorer", choices=_SCORERS, help="A baseline instead of the stylist.")
        parser.add_argument(
            "--outfits", type=Path, help="Where baselines count; else in those of the package."
        )
        parser.add_argument("--limit", type=int, help="Ask only the first so many of each kind.")
        parser.add_argument("--retrievals", type=int, help="Questions for recall@k; 0 for none.")
        parser.add_argument(
            "--served", action="store_true", help="Ask the model server, not the weights."
        )
        parser.add_argument(
            "--half", choices=["model", "counting"], help="Judge one half of the stylist alone."
        )
        parser.add_argument("--seed", type=int, default=0)
        parser.add_argument("--json", action="store_true", help="Print one line of JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        fitb, compatibility, outfits = _read(options)
        try:
            report = self._ask(fitb, compatibility, outfits, options)
        except LanguageModelError as error:
            advice = " Start it with: manage.py serve_model" if error.retryable else ""
            raise CommandError(f"{error}{advice}") from error
        except (BaseModelMissing, AdapterInvalid, EmbeddingError) as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(report.as_json()))
        else:
            Console(file=_raw(self.stdout)).print(_draw(report))

    def _ask(
        self,
        fitb: list[FitbQuestion],
        compatibility: list[CompatibilityQuestion],
        outfits: list[Outfit],
        options: dict[str, Any],
    ) -> Report:
        columns = (
            TextColumn("answers"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )
        # A pipe reads the figures; people watch the bar.
        console = Console(file=_raw(self.stderr))
        retrievals = options["retrievals"]
        if retrievals is None:
            retrievals = _RETRIEVALS
        retrievals = max(0, retrievals)
        total = len(fitb) + sum(len(question.items) for question in compatibility)
        with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
            task = bar.add_task("answers", total=total + min(retrievals, len(fitb)))
            scorer = _choose(options, outfits, lambda count: bar.advance(task, count))
            if isinstance(scorer, StylistScorer) and not scorer.can_retrieve:
                retrievals = 0
            return compare(scorer, fitb, compatibility, retrievals=retrievals, seed=options["seed"])


def _read(
    options: dict[str, Any],
) -> tuple[list[FitbQuestion], list[CompatibilityQuestion], list[Outfit]]:
    if not options["fitb"] and not options["compatibility"]:
        raise CommandError("Give --fitb FILE, --compatibility FILE or both.")
    counted = options["outfits"] or HOUSE_OUTFITS
    try:
        return (
            load_fitb(options["fitb"])[: options["limit"]] if options["fitb"] else [],
            load_compatibility(options["compatibility"], options["limit"])
            if options["compatibility"]
            else [],
            load_outfits(counted) if options["scorer"] in _COUNTING else [],
        )
    except (OSError, PolyvoreFormatError) as error:
        raise CommandError(str(error)) from error


def _choose(
    options: dict[str, Any], outfits: list[Outfit], on_answered: Callable[[int], None]
) -> Scorer:
    name = options["scorer"]
    if name in _COUNTING:
        return _COUNTING[name](outfits)
    if name == "random":
        return RandomScorer(options["seed"])
    if name == "cosine":
        return CosineScorer(get_embedder())
    stylist = _find(options["adapter"], served=options["served"])
    taste = _HALVES[options["half"]](stylist.taste)
    if options["served"]:
        ask = ask_served(get_language_model(), stylist.adapter_name, on_answered)
    else:
        ask = ask_in_process(conf.current().base_model_path, stylist.folder, on_answered)
    return StylistScorer(f"{stylist.name} {options['half'] or ''}".strip(), taste, ask)


def _find(adapter: str | None, *, served: bool) -> Stylist:
    """The stylist meant: what serves, a row, a folder, or the base model."""
    model = conf.current().LLM_MODEL
    if adapter is None:
        return _find_serving(served=served)
    if adapter == "base":
        return Stylist(model, "")
    row = _find_row(adapter)
    if row is not None:
        return Stylist(model, row.name, Path(row.path), row.manifest)
    try:
        found = read_adapter_folder(Path(adapter), conf.current().base_model_path)
    except AdapterInvalid as error:
        raise CommandError(f"There is no adapter {adapter!r}: {error}") from error
    return Stylist(model, found.name, found.path, found.manifest)


def _find_serving(*, served: bool) -> Stylist:
    """What serves. Of weights that nobody promoted yet, those that a new shop begins with."""
    base = Stylist(conf.current().LLM_MODEL, "")
    try:
        if served or Promotion.objects.exists():
            return serving_stylist()
    except DatabaseError:  # of a clone that was never migrated
        if served:
            return base
    return find_shipped() or base


def _find_row(name: str) -> Adapter | None:
    try:
        return Adapter.objects.filter(name=name).first()
    except DatabaseError:
        return None


def _draw(report: Report) -> Table:
    table = Table("figure", "value", "95 % interval", title=report.scorer, title_justify="left")
    rows = {"FITB accuracy": report.fitb, "Compatibility AUC": report.auc}
    rows |= {f"CIR recall@{k}": found for k, found in report.cir.items()}
    for name, found in rows.items():
        if found is not None:
            table.add_row(name, f"{found.value:.3f}", _write_ends(found))
    table.caption = f"{report.asked / max(report.seconds, 1e-9):.1f} questions a second"
    return table


def _write_ends(found: Interval) -> str:
    return f"{found.low:.3f} to {found.high:.3f}"


def _raw(stream: Any) -> Any:
    return getattr(stream, "_out", stream)
