"""The admin of looks; importing a module registers its pages."""

from outfits import admin_looks as admin_looks
