"""What Google's evaluator makes of each expression: run with the oracle's packages on its path, JSON in, JSON out."""

from __future__ import annotations

import json
import sys
from typing import Any

from zetasql.api.prepared_expression import PreparedExpression
from zetasql.types import AnalyzerOptions, LanguageOptions, SimpleCatalog, ZetaSQLBuiltinFunctionOptions


def main() -> None:
    """Answer for a list of expressions, in order."""
    language = LanguageOptions.maximum_features()
    functions = ZetaSQLBuiltinFunctionOptions(language_options=language)
    catalog = SimpleCatalog(name="oracle", builtin_function_options=functions)
    options = AnalyzerOptions(language_options=language)
    json.dump([evaluated(text, options, catalog) for text in json.load(sys.stdin)], sys.stdout)


def evaluated(text: str, options: Any, catalog: Any) -> dict[str, str | None]:
    """Give type and value as text, or the error."""
    try:
        with PreparedExpression(text, options, catalog) as asked:
            kind = str(asked.output_type)
        with PreparedExpression(f"IFNULL(TO_JSON_STRING({text}), 'null')", options, catalog) as asked:
            value = asked.execute().get_string()
    except Exception as error:  # noqa: BLE001 - whatever it raises, it has no value
        return {"type": None, "value": None, "error": f"{type(error).__name__}: {error}"}
    return {"type": kind, "value": value, "error": None}


if __name__ == "__main__":
    main()
