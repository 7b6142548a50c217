"""What Google's parser says of each text: run with the oracle's packages on its path, JSON in, JSON out.

ZetaSQL is the parser of BigQuery, as WebAssembly: https://github.com/google/zetasql
"""

from __future__ import annotations

import json
import sys
from typing import Any

from zetasql.api.parser import Parser
from zetasql.core.local_service import ZetaSqlLocalService
from zetasql.types import LanguageOptions


def main() -> None:
    """Answer for a list of texts, in order."""
    options = LanguageOptions.maximum_features()
    json.dump([told(text, options) for text in json.load(sys.stdin)], sys.stdout)


def told(text: str, options: Any) -> dict[str, Any]:
    """Give the classes of a text's statements and the tables that it names; no classes where it is no SQL to it."""
    try:
        script = Parser.parse_script_static(text, options)
        classes = [type(one).__name__ for one in script.statement_list_node.statement_list]
    except Exception as error:  # noqa: BLE001 - whatever it raises, it has not read the text
        return {"classes": [], "tables": [], "error": type(error).__name__}
    return {"classes": classes, "tables": tables(text, options)}


def tables(text: str, options: Any) -> list[str] | None:
    """Give the names of tables; None where it does not say."""
    try:
        found = ZetaSqlLocalService.get_instance().extract_table_names_from_statement(
            sql_statement=text, options=options
        )
    except Exception:  # noqa: BLE001 - as above
        return None
    return [".".join(one.table_name_segment) for one in found.table_name]


if __name__ == "__main__":
    main()
