"""Pictures in the admin: thumbnails, and uploads that pass the same intake as any other."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from unfold.admin import TabularInline
from unfold.decorators import display
from unfold.widgets import UnfoldAdminImageSmallFieldWidget

from catalog import conf
from catalog.images import ImageRefused, read_upload
from catalog.models import Product, ProductImage
from catalog.services import product_image_create, product_image_delete, product_image_move

# Generic for the type checker only.
if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[ProductImage]
else:
    _ModelForm = forms.ModelForm


def render_picture(image: ProductImage | None, side: int, alt: str = "") -> SafeString:
    """A picture within a square of ``side`` pixels; an empty frame where there is none."""
    frame = mark_safe(
        "object-fit:contain;border-radius:6px;border:1px solid rgba(128,128,128,.25);"
    )
    if image is None:
        return format_html(
            '<span title="No picture" style="{}display:inline-block;width:{}px;height:{}px;'
            'border-style:dashed"></span>',
            frame,
            side,
            side,
        )
    return format_html(
        '<img loading="lazy" src="{}" srcset="{}" sizes="{}px" alt="{}" width="{}" height="{}" '
        'style="{}background:#fff;width:{}px;height:{}px;max-width:none">',
        image.small_url,
        image.srcset,
        side,
        alt,
        side,
        side,
        frame,
        side,
        side,
    )


class PictureForm(_ModelForm):
    """A picture's place, and the upload that becomes it or replaces it."""

    upload = forms.FileField(
        label="Picture",
        help_text="JPEG, PNG or WebP. It is turned upright, scaled down and freed of metadata.",
        widget=UnfoldAdminImageSmallFieldWidget(
            attrs={"accept": "image/jpeg,image/png,image/webp"}
        ),
    )

    class Meta:
        model = ProductImage
        fields = ("position",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["upload"].required = self.instance.pk is None

    def clean_upload(self) -> bytes | None:
        file: UploadedFile[Any] | None = self.cleaned_data.get("upload")
        if file is None:
            return None
        # One byte more than is allowed is enough to know.
        data: bytes = file.read(conf.current().IMAGE_MAX_BYTES + 1)
        try:
            read_upload(data)
        except ImageRefused as error:
            raise forms.ValidationError(str(error)) from error
        return data


class PictureInline(TabularInline):
    model = ProductImage
    form = PictureForm
    fields = ("preview", "upload", "position")
    readonly_fields = ("preview",)
    extra = 1
    verbose_name = "picture"
    hide_title = True

    @display(description="")
    def preview(self, image: ProductImage) -> SafeString:
        return render_picture(image if image.pk else None, 96)


def save_pictures(product: Product, formset: Any) -> None:
    """Carry out what the pictures' forms ask for: remove, move, add."""
    formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []
    for form in formset.deleted_forms:
        if form.instance.pk:
            formset.deleted_objects.append(form.instance)
            product_image_delete(image=ProductImage.objects.get(pk=form.instance.pk))
    for form in formset.forms:
        if form.has_changed() and form not in formset.deleted_forms:
            _save_picture(product, form, formset)


def _save_picture(product: Product, form: PictureForm, formset: Any) -> None:
    position, data = form.cleaned_data["position"], form.cleaned_data["upload"]
    image = data and product_image_create(product=product, data=data, position=position)
    if image:
        formset.new_objects.append(image)
    if form.instance.pk is None:
        return
    formset.changed_objects.append((form.instance, form.changed_data))
    if image:  # it takes the place of the stored one
        product_image_delete(image=form.instance)
    else:
        product_image_move(image=form.instance, position=position)
