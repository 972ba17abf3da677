"""Tell PostgreSQL how many rows its tables hold, after a load that changed their order of magnitude."""

from django.db import connection, models


def count_anew(*tables: type[models.Model]) -> None:
    """Let the planner read these tables anew; on another database, nothing.

    A plan made for three rows reads a table whole for each of 50,000 keys: minutes. Call it outside a long
    transaction where others may write: the tables are held against another count until its end.
    """
    if connection.vendor == "postgresql":
        names = ", ".join(connection.ops.quote_name(table._meta.db_table) for table in tables)
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {names}")
