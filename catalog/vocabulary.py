"""Words with a fixed list: genders, seasons, occasions."""

from django.db import models


class Gender(models.TextChoices):
    WOMEN = "women", "Women"
    MEN = "men", "Men"
    UNISEX = "unisex", "Unisex"
    GIRLS = "girls", "Girls"
    BOYS = "boys", "Boys"


class Season(models.TextChoices):
    SPRING = "spring", "Spring"
    SUMMER = "summer", "Summer"
    AUTUMN = "autumn", "Autumn"
    WINTER = "winter", "Winter"


class Occasion(models.TextChoices):
    CASUAL = "casual", "Casual"
    WORK = "work", "Work"
    FORMAL = "formal", "Formal"
    PARTY = "party", "Party"
    VACATION = "vacation", "Vacation"
    SPORT = "sport", "Sport"
    WEDDING_GUEST = "wedding-guest", "Wedding guest"
