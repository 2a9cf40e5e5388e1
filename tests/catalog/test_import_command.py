"""``manage.py import_feed``: what it says, and what it leaves alone."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from catalog.models import FeedImport, FeedSource, Product

pytestmark = pytest.mark.django_db

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def feed_file(tmp_path: Path) -> Path:
    path = tmp_path / "feed.csv"
    path.write_text("id,label,kind\nA1,Shirt,Shirts\n,Boots,Boots\n")
    return path


def test_the_command_shows_the_mapping_the_result_and_the_refused(
    feed_file: Path, capsys: Capture
) -> None:
    call_command("import_feed", str(feed_file), "--map", "title=label", "category=kind")
    shown = " ".join(capsys.readouterr().out.split())
    assert "label" in shown
    assert "2 rows: 1 created" in shown
    assert "line 3: has no SKU" in shown
    assert "default price was used for 1" in shown
    assert Product.objects.get().slot == "top"


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (["--map", "title"], "takes FIELD=COLUMN"),
        (["--map", "title=lable"], "Did you mean 'label'"),
        (["--map", "title="], "without it no product"),
        (["--map", "title=label", "--images", "/nowhere"], "no folder or zip"),
    ],
)
def test_the_command_fails_with_advice(feed_file: Path, arguments: list[str], advice: str) -> None:
    with pytest.raises(CommandError, match=advice):
        call_command("import_feed", str(feed_file), *arguments)
    assert not Product.objects.exists()


def test_the_command_fails_for_a_file_that_is_not_there() -> None:
    with pytest.raises(CommandError, match="cannot be opened"):
        call_command("import_feed", "/nowhere/feed.csv")


def run(path: Path, *arguments: str) -> None:
    call_command("import_feed", str(path), "--map", "title=label", "category=kind", *arguments)


def test_a_dry_run_says_what_would_happen_and_stores_nothing(
    feed_file: Path, capsys: Capture
) -> None:
    run(feed_file, "--dry-run")
    shown = " ".join(capsys.readouterr().out.split())
    assert "Nothing was stored. 1 would be created" in shown
    assert "1 refused" in shown
    assert not Product.objects.exists()
    assert not FeedImport.objects.exists()
    assert not FeedSource.objects.exists()


def test_a_dry_run_shows_old_and_new_values(feed_file: Path, capsys: Capture) -> None:
    run(feed_file)
    feed_file.write_text("id,label,kind\nA1,Linen shirt,Shirts\n")
    run(feed_file, "--dry-run")
    assert "title: Shirt -> Linen shirt" in " ".join(capsys.readouterr().out.split())


def test_a_file_that_was_imported_last_is_left_alone(feed_file: Path, capsys: Capture) -> None:
    call_command("import_feed", str(feed_file), "--map", "title=label")
    Product.objects.all().delete()
    call_command("import_feed", str(feed_file))
    assert "nothing to do" in capsys.readouterr().out
    assert not Product.objects.exists()


def test_force_imports_the_same_file_again(feed_file: Path) -> None:
    run(feed_file)
    Product.objects.all().delete()
    call_command("import_feed", str(feed_file), "--force", "--map", "title=label")
    assert Product.objects.exists()


def test_without_a_name_the_feed_is_called_as_its_file(feed_file: Path) -> None:
    run(feed_file)
    assert Product.objects.get().feed == FeedSource.objects.get(name="feed")


def test_a_full_feed_unpublishes_what_it_no_longer_lists(feed_file: Path, capsys: Capture) -> None:
    run(feed_file, "--feed", "shop")
    feed_file.write_text("id,label,kind\nA2,Boots,Boots\n")
    run(feed_file, "--feed", "shop", "--full")
    assert "1 unpublished" in " ".join(capsys.readouterr().out.split())
    assert not Product.objects.get(sku="A1").published


def test_most_of_a_feed_is_unpublished_only_when_told_to(feed_file: Path) -> None:
    rows = "".join(f"S{n},Shirt {n},Shirts\n" for n in range(25))
    feed_file.write_text("id,label,kind\n" + rows)
    run(feed_file)
    feed_file.write_text("id,label,kind\nS1,Shirt 1,Shirts\n")
    with pytest.raises(CommandError, match=r"24 of the feed's 25 .*--unpublish-anyway"):
        run(feed_file, "--full")
    assert Product.objects.filter(published=True).count() == 25
    run(feed_file, "--full", "--unpublish-anyway")
    assert Product.objects.get(published=True).sku == "S1"


def test_a_feed_name_that_no_address_could_hold_is_refused(feed_file: Path) -> None:
    with pytest.raises(CommandError, match="such as 'my-shop'"):
        run(feed_file, "--feed", "My shop")
