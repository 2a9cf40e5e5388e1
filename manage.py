#!/usr/bin/env python
"""Django's command line; starts the embedded servers first where no addresses are configured."""

import os
import sys

from config import embedded


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if command not in embedded.SERVICELESS_COMMANDS and "--help" not in sys.argv:
        embedded.start_services()

    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"The settings are wrong. {error}")


if __name__ == "__main__":
    main()
