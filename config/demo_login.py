"""The demo's admin account: demo / demo, only ever accepted while DEBUG is on."""

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.http import HttpRequest

DEMO_USERNAME = DEMO_PASSWORD = "demo"  # noqa: S105 - public on purpose, and refused without DEBUG


class DemoLoginBackend(ModelBackend):
    """Signs ``demo`` / ``demo`` in as a superuser whose stored password is unusable.

    The account has no password of its own, so once DEBUG is off (and this backend with it) nothing
    can sign in as it, and its sessions end.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        if not settings.DEBUG or (username, password) != (DEMO_USERNAME, DEMO_PASSWORD):
            return None
        user, created = User.objects.get_or_create(
            username=DEMO_USERNAME, defaults={"is_staff": True, "is_superuser": True}
        )
        if created:
            user.set_unusable_password()
            user.save(update_fields=["password"])
        return user if user.is_active else None
