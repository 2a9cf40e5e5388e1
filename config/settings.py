"""Settings, all from the environment; ``.env.example`` documents each variable."""

import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from config import embedded
from config.environment import Environment

BASE_DIR = Path(__file__).resolve().parent.parent
embedded.read_dotenv()
VAR = embedded.var_folder()
env = Environment()

DEBUG: bool = env.bool("DEBUG", default=False)


def _secret_key() -> str:
    """The configured key; on a machine with embedded servers, one made once and kept in var/."""
    key: str = env.str("SECRET_KEY", default="")
    if key:
        return key
    if env.str("DATABASE_URL", default="") and not embedded.is_embedded():
        raise ImproperlyConfigured(
            "SECRET_KEY is not set. Make one with: python -c "
            "'import secrets; print(secrets.token_urlsafe(50))' and put it into the environment."
        )
    path = VAR / "secret-key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


SECRET_KEY = _secret_key()
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "simple_history",
    "rest_framework",
    "corsheaders",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_celery_beat",
    "catalog",
    "outfits",
    "feedback",
    "training",
    "config",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- Where data lives -----------------------------------------------------------------------

DATABASES = {"default": env.db_url("DATABASE_URL", default="postgresql:///ensemble")}
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL: str = env.str("REDIS_URL", default="redis://localhost:6379")
CACHES = {
    "default": {
        "BACKEND": "config.redis_cache.KeptRedisCache",
        "LOCATION": f"{REDIS_URL}?db=1" if REDIS_URL.startswith("unix:") else f"{REDIS_URL}/1",
        "KEY_PREFIX": "ensemble",
    },
}

MEDIA_ROOT = env.path("MEDIA_ROOT", default=str(VAR / "media"))
MEDIA_URL = env.str("MEDIA_URL", default="media/")
STATIC_ROOT = env.path("STATIC_ROOT", default=str(VAR / "static"))
STATIC_URL = "static/"
_S3_BUCKET: str = env.str("S3_BUCKET", default="")
_S3_ENDPOINT_URL = env.str("S3_ENDPOINT_URL", default=None)
_S3_SIGNED_URLS = env.bool("S3_SIGNED_URLS", default=True)
_S3_OPTIONS = {
    "bucket_name": _S3_BUCKET,
    "region_name": env.str("S3_REGION", default=None),
    "endpoint_url": _S3_ENDPOINT_URL,
    # Bucket names as host names need DNS that most servers other than Amazon's do not have.
    "addressing_style": env.str(
        "S3_ADDRESSING_STYLE", default="path" if _S3_ENDPOINT_URL else "auto"
    ),
    "signature_version": "s3v4",
    "querystring_auth": _S3_SIGNED_URLS,
    "querystring_expire": env.int("S3_SIGNED_URL_SECONDS", default=12 * 3600),
    # A file's name is its own: what is behind it never changes.
    "object_parameters": {
        "CacheControl": f"{'private' if _S3_SIGNED_URLS else 'public'}, max-age=31536000, immutable"
    },
    "file_overwrite": False,
}
# Shoppers' own photos: never below MEDIA_ROOT, and never in a bucket that is open to anybody.
_S3_PRIVATE_BUCKET: str = env.str("S3_PRIVATE_BUCKET", default=_S3_BUCKET)
_S3_PRIVATE_OPTIONS = {
    **_S3_OPTIONS,
    "bucket_name": _S3_PRIVATE_BUCKET,
    "location": "private" if _S3_PRIVATE_BUCKET == _S3_BUCKET else "",
    "querystring_auth": True,
    "object_parameters": {"CacheControl": "private, no-store"},
}
STORAGES = {
    "ensemble_private": (
        {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": _S3_PRIVATE_OPTIONS}
        if _S3_PRIVATE_BUCKET
        else {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {
                "location": str(env.path("PRIVATE_ROOT", default=str(VAR / "private"))),
                "file_permissions_mode": 0o640,
                "directory_permissions_mode": 0o750,
            },
        }
    ),
    "default": (
        {"BACKEND": "catalog.storage.PictureS3Storage", "OPTIONS": _S3_OPTIONS}
        if _S3_BUCKET
        else {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    ),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
    },
}
WHITENOISE_USE_FINDERS = DEBUG

# --- Background work ------------------------------------------------------------------------

CELERY_BROKER_URL = (
    "redis+socket" + REDIS_URL.removeprefix("unix") if REDIS_URL.startswith("unix:") else REDIS_URL
)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "catalog.tasks.caption_*": {"queue": "caption"},
    "catalog.tasks.embed_*": {"queue": "embed"},
    "catalog.tasks.fetch_*": {"queue": "fetch"},
    "catalog.tasks.run_feed_*": {"queue": "import"},
    "catalog.tasks.feed_imports_wake": {"queue": "import"},
    "catalog.tasks.check_quality": {"queue": "import"},
    "catalog.tasks.recheck_products": {"queue": "import"},
    "catalog.tasks.make_thumbnails": {"queue": "import"},
    # A web service's answer is no reason to wait behind looks.
    "outfits.tasks.refresh_weather": {"queue": "default"},
    "outfits.tasks.forget_*": {"queue": "default"},
    # The captioner is loaded there.
    "outfits.tasks.understand_photo": {"queue": "caption"},
    "outfits.tasks.clean_up_photos": {"queue": "default"},
    # There is no end of wishes and tastes: they do not hold up the looks that all shoppers see.
    "outfits.tasks.build_wished_look": {"queue": "wish"},
    "outfits.tasks.*": {"queue": "look"},
    "training.tasks.*": {"queue": "train"},
}
CELERY_TIMEZONE = "UTC"
# Redis hands an unacknowledged task out again after this long: longer than the longest training.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 12 * 3600}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_SCHEDULE = {
    "train-on-new-feedback": {
        "task": "training.tasks.train_when_enough_pairs",
        "schedule": env.int("ENSEMBLE_TRAIN_EVERY_SECONDS", default=24 * 3600),
    },
    "check-quality": {
        "task": "catalog.tasks.check_quality",
        "schedule": env.int("ENSEMBLE_CHECK_QUALITY_EVERY_SECONDS", default=3600),
    },
    "update-regional-taste": {
        "task": "feedback.tasks.update_regional_taste",
        "schedule": env.int("ENSEMBLE_REGIONAL_TASTE_EVERY_SECONDS", default=24 * 3600),
    },
    "forget-personal-looks": {
        "task": "outfits.tasks.forget_personal_looks",
        "schedule": 24 * 3600,
    },
    "forget-session-looks": {
        "task": "outfits.tasks.forget_session_looks",
        "schedule": env.int("ENSEMBLE_FORGET_EVERY_SECONDS", default=600),
    },
    "forget-visitors": {
        "task": "feedback.tasks.forget_visitors",
        "schedule": env.int("ENSEMBLE_FORGET_EVERY_SECONDS", default=600),
    },
    "update-kept-together": {
        "task": "feedback.tasks.update_kept_together",
        "schedule": env.int("ENSEMBLE_KEPT_TOGETHER_EVERY_SECONDS", default=24 * 3600),
    },
    "wake-feed-imports": {"task": "catalog.tasks.feed_imports_wake", "schedule": 300},
    "wake-caption-runs": {"task": "catalog.tasks.caption_runs_wake", "schedule": 300},
    "clean-up-photos": {"task": "outfits.tasks.clean_up_photos", "schedule": 300},
    "build-missing-looks": {
        "task": "outfits.tasks.build_missing_looks",
        "schedule": env.int("ENSEMBLE_BUILD_LOOKS_EVERY_SECONDS", default=600),
    },
}

# --- The web --------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
USE_TZ = True

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    # Without it, throttles would count by a header that whoever asks can write anew each time.
    "NUM_PROXIES": env.int("NUM_PROXIES", default=0),
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.ScopedRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {
        "looks": env.str("ENSEMBLE_LOOKS_RATE", default="240/min"),
        "feedback": env.str("ENSEMBLE_FEEDBACK_RATE", default="60/min"),
        "why": env.str("ENSEMBLE_WHY_RATE", default="60/min"),
        "photos": env.str("ENSEMBLE_PHOTOS_RATE", default="20/hour"),
        "feeds": env.str("ENSEMBLE_FEEDS_RATE", default="60/min"),
        "shopper": env.str("ENSEMBLE_SHOPPER_RATE", default="120/min"),
        "events": env.str("ENSEMBLE_EVENTS_RATE", default="600/min"),
    },
    "EXCEPTION_HANDLER": "outfits.errors.handle_exception",
}
# Which sites may ask is ENSEMBLE["ALLOWED_ORIGINS"]; these are what their pages may send and read.
CORS_ALLOW_HEADERS = [
    "accept",
    "authorization",
    "content-type",
    "x-ensemble-key",
    "x-ensemble-taste",
    "x-ensemble-visitor",
]
CORS_EXPOSE_HEADERS = ["Content-Language", "Retry-After"]
SPECTACULAR_SETTINGS = {
    "TITLE": "Ensemble",
    "DESCRIPTION": "Looks that complete a product, and what people say about them.",
    "VERSION": "1",
    # Several answers have a "status" or a "kind", each with its own values.
    "ENUM_NAME_OVERRIDES": {
        "LookStatusEnum": ["ranked", "provisional", "unranked"],
        "PushStatusEnum": ["accepted", "unchanged"],
        "PhotoStatusEnum": ["waiting", "ready", "refused", "failed"],
        "MeasuredStatusEnum": ["ready", "pending", "unavailable"],
        "ImportStatusEnum": "catalog.models.FeedImport.Status",
        "FactKindEnum": "outfits.shoppers.facts.FactKind",
        "FeedbackKindEnum": ["like", "dislike", "swap"],
        "ShopperEventKindEnum": "outfits.models.ShopperEvent.Kind",
    },
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
if DEBUG:
    # The demo login exists only while DEBUG is on: without this line its account cannot sign in.
    AUTHENTICATION_BACKENDS.append("config.demo_login.DemoLoginBackend")

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if not DEBUG:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    # Load balancers ask for it over plain HTTP.
    SECURE_REDIRECT_EXEMPT = [r"^healthz/$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=30 * 24 * 3600)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=True)
    SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", default=True)
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

# --- Ensemble -------------------------------------------------------------------------------
# Every key and its default is in catalog/conf.py; only what the environment may change is here.

ENSEMBLE = {
    "MODELS_DIR": env.str("ENSEMBLE_MODELS_DIR", default=str(BASE_DIR / "var" / "models")),
    "ADAPTERS_DIR": env.str("ENSEMBLE_ADAPTERS_DIR", default=str(VAR / "adapters")),
    "CAPTIONER": env.str(
        "ENSEMBLE_CAPTIONER", default="catalog.captioning.embedded.EmbeddedCaptioner"
    ),
    "CAPTIONER_OPTIONS": env.json("ENSEMBLE_CAPTIONER_OPTIONS", default={}),
    "CAPTION_COST_PER_1000": env.float("ENSEMBLE_CAPTION_COST_PER_1000", default=0.0),
    "EMBEDDER": env.str("ENSEMBLE_EMBEDDER", default="catalog.embedding.sentence.SentenceEmbedder"),
    "EMBEDDER_OPTIONS": env.json("ENSEMBLE_EMBEDDER_OPTIONS", default={}),
    "LLM": env.str("ENSEMBLE_LLM", default="outfits.llm.vllm.VLLMLanguageModel"),
    "LLM_URLS": env.list("ENSEMBLE_LLM_URLS", default=["http://127.0.0.1:8100"]),
    "LLM_MODEL": env.str("ENSEMBLE_LLM_MODEL", default="smollm2-135m-instruct"),
    "LLM_API_KEY": env.str("ENSEMBLE_LLM_API_KEY", default=""),
    "LLM_TIMEOUT_SECONDS": env.float("ENSEMBLE_LLM_TIMEOUT_SECONDS", default=20.0),
    "BASE_MODEL_PATH": env.str("ENSEMBLE_BASE_MODEL_PATH", default=""),
    "WEATHER": env.str("ENSEMBLE_WEATHER", default="outfits.weather.none.NoWeather"),
    "WEATHER_OPTIONS": env.json("ENSEMBLE_WEATHER_OPTIONS", default={}),
    "DEFAULT_REGION": env.str("ENSEMBLE_DEFAULT_REGION", default=""),
    "SHOPPER_KEY": env.str("ENSEMBLE_SHOPPER_KEY", default=""),
    "SHOPPER_FROM_REQUEST": env.str(
        "ENSEMBLE_SHOPPER_FROM_REQUEST", default="outfits.shoppers.identity.shopper_from_user"
    ),
    "PERSONAL_LOOK_DAYS": env.int("ENSEMBLE_PERSONAL_LOOK_DAYS", default=30),
    "SESSION_SECONDS": env.int("ENSEMBLE_SESSION_SECONDS", default=45 * 60),
    "PUBLISHABLE_KEYS": env.list("ENSEMBLE_PUBLISHABLE_KEYS", default=[]),
    "ALLOWED_ORIGINS": env.list("ENSEMBLE_ALLOWED_ORIGINS", default=[]),
    "DEFAULT_CURRENCY": env.str("ENSEMBLE_DEFAULT_CURRENCY", default="EUR"),
    "LOOK_SECONDS": env.float("ENSEMBLE_LOOK_SECONDS", default=8.0),
    "LOOK_CACHE_SECONDS": env.int("ENSEMBLE_LOOK_CACHE_SECONDS", default=3600),
    "PHOTO_SECONDS": env.int("ENSEMBLE_PHOTO_SECONDS", default=24 * 3600),
    "PHOTO_KEPT_DAYS": env.int("ENSEMBLE_PHOTO_KEPT_DAYS", default=365),
    "FETCH_PICTURES": env.bool("ENSEMBLE_FETCH_PICTURES", default=True),
    "FETCH_TIMEOUT_SECONDS": env.float("ENSEMBLE_FETCH_TIMEOUT_SECONDS", default=30.0),
    "FETCH_PER_HOST": env.int("ENSEMBLE_FETCH_PER_HOST", default=4),
    "FETCH_ALLOWED_PORTS": [
        int(port) for port in env.list("ENSEMBLE_FETCH_ALLOWED_PORTS", default=["80", "443"])
    ],
    "FETCH_ALLOW_PRIVATE": env.bool("ENSEMBLE_FETCH_ALLOW_PRIVATE", default=False),
    "TRAIN_MIN_PAIRS": env.int("ENSEMBLE_TRAIN_MIN_PAIRS", default=50),
    "TRAIN_MAX_STEPS": env.int("ENSEMBLE_TRAIN_MAX_STEPS", default=200),
    "GATE_OUTFITS": env.str("ENSEMBLE_GATE_OUTFITS", default=""),
    "GATE_TOLERANCE": env.float("ENSEMBLE_GATE_TOLERANCE", default=0.05),
}

# A shopper has no ``id`` here (`outfits.shoppers.authentication.KnownShopper`): logs do not say who
# asked.
DJANGO_STRUCTLOG_USER_ID_FIELD = "id"

# --- Logs and the admin's layout ------------------------------------------------------------

from config.logs import LOGGING as LOGGING  # noqa: E402
from config.unfold import UNFOLD as UNFOLD  # noqa: E402
