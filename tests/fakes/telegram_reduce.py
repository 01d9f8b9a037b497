"""Makes telegram_schema.json anew: `python -m tests.fakes.telegram_reduce SCHEMA`.

SCHEMA is .butcher/schema/schema.json from aiogram's source distribution
(`pip download --no-deps --no-binary :all: aiogram==3.31.0`).
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

TARGET = Path(__file__).with_name("telegram_schema.json")
LICENCE = """\
Copyright (c) 2017 - present Alex Root Junior

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated \
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the \
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit \
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the \
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE \
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR \
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR \
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE."""


def reduced(schema: dict[str, Any]) -> dict[str, Any]:
    """Methods and types as {name: {field: type}}, a "!" after the field that is required; unions as lists of types."""
    entries = sorted((entry for group in schema["items"] for entry in group["children"]), key=lambda one: one["name"])
    tables: dict[str, dict[str, Any]] = {"methods": {}, "types": {}, "unions": {}}
    for entry in entries:
        members = re.findall(r"^ - (\w+)$", entry["description"], re.MULTILINE)
        if entry["category"] == "types" and not entry["annotations"] and members:
            tables["unions"][entry["name"]] = members
        else:
            tables[entry["category"]][entry["name"]] = {
                field["name"] + "!" * field["required"]: field["type"] for field in entry["annotations"]
            }
    return {
        "source": "The published Bot API as data: .butcher/schema/schema.json of aiogram 3.31.0 (MIT), reduced",
        "licence": LICENCE,
        "version": schema["api"]["version"],
        **tables,
    }


def lines(table: dict[str, Any]) -> str:
    """JSON with one method or type a line, so that a new version reads as a difference."""
    parts = []
    for key, value in table.items():
        if isinstance(value, dict):
            rows = ",\n".join(f"    {json.dumps(name)}: {json.dumps(fields)}" for name, fields in value.items())
            parts.append(f"  {json.dumps(key)}: {{\n{rows}\n  }}")
        else:
            parts.append(f"  {json.dumps(key)}: {json.dumps(value)}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    TARGET.write_text(lines(reduced(json.loads(Path(sys.argv[1]).read_text()))))
