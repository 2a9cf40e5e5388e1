"""Training runs in the admin: how far one is, how it went, what the gate said, and "train now"."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from unfold.decorators import action, display
from unfold.forms import BaseDialogForm

from outfits.admin_adapters import (
    acting_user,
    describe_accuracies,
    redirect_from_dialog,
    render_lines,
    render_verdict,
)
from outfits.admin_looks import ReadOnlyAdmin
from training.models import TrainingRun
from training.services import TrainingRefused, training_run_create

#: Size of a drawn curve, in CSS pixels.
CURVE_WIDTH, CURVE_HEIGHT = 360, 90

#: What is drawn, and what it is called.
CURVES = {"loss": "Loss", "accuracy": "Pairs right in the step", "chosen_logp": "log P(chosen)"}


def draw_points(values: Sequence[float]) -> str:
    """The points of an SVG polyline through ``values``, scaled to the drawing.

    >>> draw_points([1.0, 0.0])
    '0.0,2.0 360.0,88.0'
    """
    low, high = min(values), max(values)
    span, steps = (high - low) or 1.0, max(1, len(values) - 1)
    return " ".join(
        f"{index * CURVE_WIDTH / steps:.1f},{2 + (high - value) / span * (CURVE_HEIGHT - 4):.1f}"
        for index, value in enumerate(values)
    )


def render_curves(curve: Sequence[dict[str, float]]) -> SafeString:
    """The curves of a run as small drawings, each with its first and last value."""
    drawn = []
    for key, label in CURVES.items():
        values = [point[key] for point in curve if key in point]
        if values:
            drawn.append((label, draw_points(values), values[0], values[-1]))
    context = {"curves": drawn, "width": CURVE_WIDTH, "height": CURVE_HEIGHT}
    return render_to_string("ensemble/admin/training_curves.html", context)


@admin.register(TrainingRun)
class TrainingRunAdmin(ReadOnlyAdmin):
    list_display = ("number", "status_label", "progress", "pairs", "held_out", "adapter", "took")
    list_filter = ("status", "created_at")
    list_select_related = ("adapter",)
    fields = (
        "status",
        "progress",
        "error",
        "pairs",
        "verdict_shown",
        "curves",
        "adapter",
        "config_shown",
        "actor",
        "created_at",
        "started_at",
        "finished_at",
    )
    readonly_fields = (
        "progress",
        "pairs",
        "verdict_shown",
        "curves",
        "config_shown",
    )
    actions_list = ["train_now"]

    def has_train_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("ensemble_training.add_trainingrun"))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # What an adapter was made from stays on record.
        return False

    @action(
        description="Train now",
        url_path="train-now",
        icon="model_training",
        permissions=["train"],
        dialog={
            "title": "Train now?",
            "description": "A run learns from the pairs that came in since the last one. It takes "
            "minutes to hours, and what it makes serves only if the gate lets it.",
            "form_class": BaseDialogForm,
            "form_submit_text": "Train",
        },
    )
    def train_now(self, request: HttpRequest, form: Any) -> HttpResponse:
        try:
            run = training_run_create(actor=acting_user(request))
        except TrainingRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"Run {run.pk} waits for a training worker.")
        return redirect_from_dialog(
            request, reverse("admin:ensemble_training_trainingrun_changelist")
        )

    @display(description="Run", ordering="pk")
    def number(self, run: TrainingRun) -> str:
        return f"{run.pk}, {run.created_at:%Y-%m-%d %H:%M}"

    @display(
        description="Status",
        label={
            "promoted": "success",
            "rejected": "warning",
            "failed": "danger",
            "running": "info",
        },
    )
    def status_label(self, run: TrainingRun) -> tuple[str, str]:
        return run.status, run.get_status_display()

    @display(description="Progress")
    def progress(self, run: TrainingRun) -> SafeString:
        share = 100 * run.step // run.total_steps if run.total_steps else 0
        context = {"run": run, "percent": min(100, share)}
        return render_to_string("ensemble/admin/training_progress.html", context)

    @display(description="Pairs")
    def pairs(self, run: TrainingRun) -> str:
        return f"{run.train_pairs} learned, {run.held_out_pairs} kept back"

    @display(description="Held-out pairs right")
    def held_out(self, run: TrainingRun) -> str:
        return describe_accuracies(run.metrics.get("verdict", {}))

    @display(description="Took")
    def took(self, run: TrainingRun) -> str:
        if not (run.started_at and run.finished_at):
            return "-"
        return f"{(run.finished_at - run.started_at).total_seconds():.0f} s"

    @display(description="The gate")
    def verdict_shown(self, run: TrainingRun) -> SafeString | str:
        verdict = run.metrics.get("verdict")
        return render_verdict(verdict) if verdict else "Not judged."

    @display(description="Curves")
    def curves(self, run: TrainingRun) -> SafeString | str:
        curve = run.metrics.get("curve")
        return render_curves(curve) if curve else "Nothing learned yet."

    @display(description="Settings")
    def config_shown(self, run: TrainingRun) -> SafeString:
        return render_lines(list(run.config.items()))
