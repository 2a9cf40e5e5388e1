"""The two forms of an import: the files, then which column is what."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.text import slugify
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from catalog.feeds.mapping import FEED_FIELDS, REQUIRED_FIELDS, find_mapping_problems
from catalog.services.sources import suggest_feed_name

#: Help beside fields whose use is not plain from the name.
_HELP = {
    "category": "Names the slot: top, shoes, bag, ...",
    "images": "File names in the zip, joined by |. Without it, pictures are found by SKU.",
    "occasions": "Casual, work, formal, party, vacation, sport, wedding guest.",
    "published": "Yes or no; without it, all are published.",
}


class FeedUploadForm(forms.Form):
    file = forms.FileField(
        label="Product feed",
        help_text="CSV with a first line of column names, a Shopify export, Google Merchant XML or "
        "text, or JSON lines; which one it is is found in the file.",
        widget=UnfoldAdminFileFieldWidget(
            attrs={"accept": ".csv,.tsv,.txt,.xml,.jsonl,.ndjson,.json,text/csv"}
        ),
        error_messages={"empty": "The file is empty. Export the products again and retry."},
    )
    images = forms.FileField(
        label="Pictures",
        required=False,
        help_text="A zip of pictures, named as the feed says or by SKU, such as 15612.jpg.",
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".zip,application/zip"}),
    )

    feed = forms.CharField(
        label="This feed",
        required=False,
        max_length=64,
        help_text="Choose a feed that came before, or name a new one. "
        "Left empty, it is named after the file.",
        widget=UnfoldAdminTextInputWidget(attrs={"list": "feeds", "autocomplete": "off"}),
    )
    is_full = forms.BooleanField(
        label="It lists everything",
        required=False,
        help_text="Products of this feed that are no longer in it are unpublished. "
        "They are published again when they come back.",
        widget=UnfoldBooleanSwitchWidget,
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if "file" in data and not self.errors:
            data["feed"] = slugify(data["feed"]) or suggest_feed_name(data["file"].name)
        return data


class MappingForm(forms.Form):
    """One select box a field of ours, with the feed's columns to choose from."""

    def __init__(
        self,
        columns: Sequence[str],
        mapping: Mapping[str, str],
        data: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(mapping))
        self._columns = columns
        choices = [("", "- not in this feed -"), *((column, column) for column in columns)]
        for name in FEED_FIELDS:
            self.fields[name] = forms.ChoiceField(
                label="SKU" if name == "sku" else None,
                choices=choices,
                required=name in REQUIRED_FIELDS,
                help_text=_HELP.get(name, ""),
                widget=UnfoldAdminSelectWidget,
                error_messages={
                    "required": find_mapping_problems({}, columns).get(name, ""),
                },
            )

    @property
    def mapping(self) -> dict[str, str]:
        """What is chosen now, whether or not it can be imported."""
        chosen = {name: str(self[name].value() or "") for name in FEED_FIELDS}
        return {name: column for name, column in chosen.items() if column in self._columns}
