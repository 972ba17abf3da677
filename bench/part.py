"""One bench, in its own process: `python -m bench.part NAME FOLDER OPTIONS`, called by `python -m bench`."""

import json
import sys
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

from bench import stage

MODULES = {
    "import": "bench.imports",
    "consolidation": "bench.consolidation",
    "list": "bench.lists",
    "pages": "bench.pages",
    "hours": "bench.hours_files",
}


def main() -> None:
    name, folder, options = sys.argv[1:]
    stage.set_up()
    tables = import_module(MODULES[name]).run(Path(folder), SimpleNamespace(**json.loads(options)))
    text = json.dumps([table.as_dict() for table in tables], ensure_ascii=False)
    (Path(folder) / "tables.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
