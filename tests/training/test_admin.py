"""The admin of training and adapters: figures to read, buttons for those who may press them."""

from pathlib import Path

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from outfits.adapters import adapter_promote, serving_adapter
from outfits.models import Adapter, Promotion
from tests.fakes import FakeLanguageModel
from training.admin import draw_points
from training.models import TrainingRun
from training.tasks import run_training

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shop")]

RUNS = "admin:ensemble_training_trainingrun"
ADAPTERS = "admin:ensemble_outfits_adapter"
YES = {"_form_submitted": "on"}
VERDICT = {
    "passed": True,
    "held_out": 12,
    "reasons": ["Better on 12 held-out pairs."],
    "candidate": {"accuracy": 0.75, "mean_margin": 0.4, "fitb": None, "auc": 0.7},
    "serving": {"accuracy": 0.5, "mean_margin": 0.1, "fitb": None, "auc": 0.7},
}


@pytest.fixture
def adapter(tmp_path: Path) -> Adapter:
    (tmp_path / "stylist-0001").mkdir()
    return Adapter.objects.create(
        name="stylist-0001",
        path=str(tmp_path / "stylist-0001"),
        base_model="tiny",
        status=Adapter.Status.READY,
        manifest={"seed": 7, "recipe": {"beta": 0.1}, "parent": None},
        verdict=VERDICT,
    )


@pytest.fixture
def reader() -> Client:
    """Somebody who may look and not touch."""
    user = User.objects.create_user("reader", password="reader", is_staff=True)
    names = ["view_adapter", "view_trainingrun", "view_promotion"]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("page", [RUNS, ADAPTERS])
def test_a_status_is_shown_in_words(admin_client: Client, adapter: Adapter, page: str) -> None:
    run = TrainingRun.objects.create(status="promoted", adapter=adapter)
    row = run if page == RUNS else adapter
    content = admin_client.get(reverse(f"{page}_change", args=[row.pk])).content.decode()
    assert row.get_status_display() in content
    assert "(&#x27;" not in content


def test_a_run_shows_its_curve_figures_and_the_gates_reasons(
    admin_client: Client, adapter: Adapter
) -> None:
    curve = [{"step": step, "loss": 1 / step, "accuracy": 0.5} for step in (1.0, 2.0, 4.0)]
    run = TrainingRun.objects.create(
        status="running",
        step=10,
        total_steps=40,
        stage="training",
        adapter=adapter,
        metrics={"curve": curve, "verdict": VERDICT},
    )
    listed = admin_client.get(reverse(f"{RUNS}_changelist")).content.decode()
    assert "10 of 40 steps, training" in listed
    assert "50% to 75% of 12" in listed
    shown = admin_client.get(reverse(f"{RUNS}_change", args=[run.pk])).content.decode()
    assert "<polyline" in shown
    assert "Loss: 1.000 to 0.250" in shown
    assert "Better on 12 held-out pairs." in shown


def test_an_error_with_markup_is_shown_as_text(admin_client: Client) -> None:
    run = TrainingRun.objects.create(status="failed", error="<script>alert(1)</script>")
    shown = admin_client.get(reverse(f"{RUNS}_change", args=[run.pk])).content.decode()
    assert "<script>alert(1)" not in shown


def test_train_now_asks_first_and_then_queues_a_run_of_that_person(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_training, "delay", lambda pk: None)
    url = reverse(f"{RUNS}_train_now")
    assert "Train now?" in admin_client.get(url).content.decode()
    assert not TrainingRun.objects.exists()
    admin_client.post(url, YES)
    assert TrainingRun.objects.get().actor == User.objects.get(username="admin")
    refused = admin_client.post(url, YES, follow=True).content.decode()
    assert "is not finished yet" in refused
    assert TrainingRun.objects.count() == 1


def test_an_adapter_shows_its_manifest_and_verdict(admin_client: Client, adapter: Adapter) -> None:
    shown = admin_client.get(reverse(f"{ADAPTERS}_change", args=[adapter.pk])).content.decode()
    assert "beta 0.1" in shown
    assert "Better on 12 held-out pairs." in shown


def test_promoting_asks_first_then_serves_and_says_so(
    admin_client: Client, adapter: Adapter
) -> None:
    url = reverse(f"{ADAPTERS}_promote", args=[adapter.pk])
    assert "Promote this adapter?" in admin_client.get(url).content.decode()
    assert serving_adapter() is None
    answer = admin_client.post(url, YES, follow=True)
    assert serving_adapter() == adapter
    assert "stylist-0001 serves now." in answer.content.decode()
    assert Promotion.objects.get().actor == User.objects.get(username="admin")


def test_a_refused_promotion_says_why_and_changes_nothing(
    admin_client: Client, adapter: Adapter, shop: FakeLanguageModel
) -> None:
    shop.broken_adapters.add(adapter.name)
    url = reverse(f"{ADAPTERS}_promote", args=[adapter.pk])
    answer = admin_client.post(url, YES, follow=True).content.decode()
    assert "Nothing was changed." in answer
    assert serving_adapter() is None


def test_rolling_back_is_one_button(admin_client: Client, adapter: Adapter) -> None:
    adapter_promote(adapter=adapter)
    answer = admin_client.post(reverse(f"{ADAPTERS}_roll_back"), YES, follow=True)
    assert "The base model serves now." in answer.content.decode()
    assert serving_adapter() is None


def test_a_dialog_sent_by_htmx_leaves_by_a_header(admin_client: Client, adapter: Adapter) -> None:
    url = reverse(f"{ADAPTERS}_promote", args=[adapter.pk])
    answer = admin_client.post(url, YES, headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == reverse(f"{ADAPTERS}_changelist")


def test_who_may_only_look_can_press_nothing(reader: Client, adapter: Adapter) -> None:
    promote = reverse(f"{ADAPTERS}_promote", args=[adapter.pk])
    for url in (promote, reverse(f"{ADAPTERS}_roll_back"), reverse(f"{RUNS}_train_now")):
        assert reader.post(url, YES).status_code == 403
    assert reader.get(reverse(f"{ADAPTERS}_changelist")).status_code == 200
    assert serving_adapter() is None
    assert not TrainingRun.objects.exists()


def test_nobody_edits_or_deletes_what_is_on_record(admin_client: Client, adapter: Adapter) -> None:
    adapter_promote(adapter=adapter)
    promotion = Promotion.objects.get()
    for kind, pk in (("adapter", adapter.pk), ("promotion", promotion.pk)):
        name = f"admin:ensemble_outfits_{kind}"
        assert admin_client.post(reverse(f"{name}_delete", args=[pk])).status_code == 403
        assert admin_client.post(reverse(f"{name}_change", args=[pk]), {}).status_code == 403
        assert admin_client.get(reverse(f"{name}_add")).status_code == 403
        assert admin_client.get(reverse(f"{name}_changelist")).status_code == 200


def test_a_curve_is_scaled_to_its_drawing() -> None:
    assert draw_points([1.0, 0.0]) == "0.0,2.0 360.0,88.0"
    assert draw_points([3.0]) == "0.0,2.0"
