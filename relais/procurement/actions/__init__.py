"""The acts of the room: import files, enter a contract, correct one."""

from relais.procurement.actions.importing import import_file, import_files
from relais.procurement.actions.writing import correct_contract, enter_contract, state_of, values_of

__all__ = ["correct_contract", "enter_contract", "import_file", "import_files", "state_of", "values_of"]
