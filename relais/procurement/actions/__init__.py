"""The acts of the room: import files, enter a contract, correct one."""

from relais.procurement.actions.importing import import_file, import_files

__all__ = ["import_file", "import_files"]
