"""Words with a fixed list: genders, seasons, occasions."""

from django.db import models
from django.utils.translation import pgettext_lazy


class Gender(models.TextChoices):
    WOMEN = "women", pgettext_lazy("gender", "Women")
    MEN = "men", pgettext_lazy("gender", "Men")
    UNISEX = "unisex", pgettext_lazy("gender", "Unisex")
    GIRLS = "girls", pgettext_lazy("gender", "Girls")
    BOYS = "boys", pgettext_lazy("gender", "Boys")


class Season(models.TextChoices):
    SPRING = "spring", pgettext_lazy("season", "Spring")
    SUMMER = "summer", pgettext_lazy("season", "Summer")
    AUTUMN = "autumn", pgettext_lazy("season", "Autumn")
    WINTER = "winter", pgettext_lazy("season", "Winter")


class Occasion(models.TextChoices):
    CASUAL = "casual", pgettext_lazy("occasion", "Casual")
    WORK = "work", pgettext_lazy("occasion", "Work")
    FORMAL = "formal", pgettext_lazy("occasion", "Formal")
    PARTY = "party", pgettext_lazy("occasion", "Party")
    VACATION = "vacation", pgettext_lazy("occasion", "Vacation")
    SPORT = "sport", pgettext_lazy("occasion", "Sport")
    WEDDING_GUEST = "wedding-guest", pgettext_lazy("occasion", "Wedding guest")
