"""Everything that writes to the catalog, as ``<entity>_<action>``."""

from catalog.services.caption_corrections import (
    CorrectionRefused,
    caption_confirm,
    caption_correct,
    caption_delete,
    caption_undo,
    caption_withdraw,
)
from catalog.services.caption_estimates import captioner_measure
from catalog.services.caption_runs import (
    CaptionRunRefused,
    caption_run_cancel,
    caption_run_fail,
    caption_run_pause,
    caption_run_resume,
    caption_run_start,
    caption_run_step,
    caption_runs_wake,
)
from catalog.services.captions import (
    caption_create_for_image,
    captions_create_for_images,
    captions_recreate,
)
from catalog.services.embeddings import (
    embedding_update_for_product,
    embeddings_recreate,
    embeddings_update_for_products,
)
from catalog.services.images import (
    product_image_create,
    product_image_delete,
    product_image_move,
    products_delete,
)
from catalog.services.import_jobs import (
    ImportHeldError,
    feed_import_cancel,
    feed_import_confirm,
    feed_import_resume,
    feed_imports_wake,
)
from catalog.services.imports import (
    feed_import,
    feed_import_check,
    feed_import_check_run,
    feed_import_create,
    feed_import_delete,
    feed_import_edit,
    feed_import_run,
    feed_import_start,
)
from catalog.services.products import product_save, products_publish, products_upsert
from catalog.services.quality import (
    count_findings,
    quality_check,
    quality_check_start,
    quality_finding_caption,
    quality_finding_dismiss,
    quality_finding_restore,
    quality_recheck,
)
from catalog.services.remote_pictures import (
    remote_picture_fetch,
    remote_pictures_fetch_again,
    remote_pictures_register,
)
from catalog.services.sources import (
    feed_source_delete,
    feed_source_get,
    feed_source_save,
    feed_token_create,
    feed_token_delete,
)
from catalog.services.thumbnails import (
    images_without_thumbnails,
    thumbnails_create,
    thumbnails_create_all,
    thumbnails_create_batch,
)

__all__ = [
    "CaptionRunRefused",
    "CorrectionRefused",
    "ImportHeldError",
    "caption_confirm",
    "caption_correct",
    "caption_create_for_image",
    "caption_delete",
    "caption_run_cancel",
    "caption_run_fail",
    "caption_run_pause",
    "caption_run_resume",
    "caption_run_start",
    "caption_run_step",
    "caption_runs_wake",
    "caption_undo",
    "caption_withdraw",
    "captioner_measure",
    "captions_create_for_images",
    "captions_recreate",
    "count_findings",
    "embedding_update_for_product",
    "embeddings_recreate",
    "embeddings_update_for_products",
    "feed_import",
    "feed_import_cancel",
    "feed_import_check",
    "feed_import_check_run",
    "feed_import_confirm",
    "feed_import_create",
    "feed_import_delete",
    "feed_import_edit",
    "feed_import_resume",
    "feed_import_run",
    "feed_import_start",
    "feed_imports_wake",
    "feed_source_delete",
    "feed_source_get",
    "feed_source_save",
    "feed_token_create",
    "feed_token_delete",
    "images_without_thumbnails",
    "product_image_create",
    "product_image_delete",
    "product_image_move",
    "product_save",
    "products_delete",
    "products_publish",
    "products_upsert",
    "quality_check",
    "quality_check_start",
    "quality_finding_caption",
    "quality_finding_dismiss",
    "quality_finding_restore",
    "quality_recheck",
    "remote_picture_fetch",
    "remote_pictures_fetch_again",
    "remote_pictures_register",
    "thumbnails_create",
    "thumbnails_create_all",
    "thumbnails_create_batch",
]
