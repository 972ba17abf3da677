"""The `relais` command: every Django command, and those of the trade."""

import os
import re
import sys

NO_TABLE = re.compile(r"no such (table|column)|(relation|column) .* does not exist")
"""How SQLite and PostgreSQL say that the tables were never made, or are older than the program."""


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "relais.config.settings")
    from django.core.management import execute_from_command_line  # after the settings are named
    from django.db.utils import OperationalError, ProgrammingError

    try:
        execute_from_command_line(sys.argv)
    except BrokenPipeError:  # whoever read the output had enough: `relais screen … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except (OperationalError, ProgrammingError) as error:
        if not NO_TABLE.search(str(error)):
            raise
        sys.exit(f"The database has not the tables of this version: run “relais migrate” first. ({error})")


if __name__ == "__main__":
    main()
