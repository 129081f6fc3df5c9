"""docs/protocol.md: a section for each operation, and one JSON example for each message, as the served contract has it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from telltale.openapi import document

PAGE = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text(encoding="utf-8")
SECTIONS = {part.partition("\n")[0]: part for part in re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]}
CONTRACT = document()
SCHEMAS = CONTRACT["components"]["schemas"]
OPERATIONS = {
    f"{method.upper()} {path}": operation
    for path, methods in CONTRACT["paths"].items()
    for method, operation in methods.items()
}


def examples(heading: str) -> dict[str, Any]:
    """The JSON blocks of a section by their titles."""
    blocks = re.findall(r'^```json title="(\w+)"\n(.*?)^```', SECTIONS[heading], re.MULTILINE | re.DOTALL)
    return {title: json.loads(text) for title, text in blocks}


def content(holder: dict[str, Any]) -> dict[str, Any]:
    (kind,) = holder["content"].values()
    return kind["schema"]


def messages() -> list[tuple[str, str, dict[str, Any]]]:
    """(heading, title of the example, schema) of everything that is sent or answered."""
    found = [("Errors", "Problem", content(CONTRACT["components"]["responses"]["Problem"]))]
    for heading, operation in OPERATIONS.items():
        found.append((heading, "Answer", content(operation["responses"]["200"])))
        if "requestBody" in operation:
            found.append((heading, "Request", content(operation["requestBody"])))
    return found


def plain(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema without references, and the parts of an `allOf` as one object."""
    if "$ref" in schema:
        return plain(SCHEMAS[schema["$ref"].rpartition("/")[2]])
    parts = [plain(part) for part in schema.get("allOf", ())]
    properties = {name: value for part in (*parts, schema) for name, value in part.get("properties", {}).items()}
    return {**schema, "properties": properties} if properties else schema


def unknown(example: Any, schema: dict[str, Any]) -> list[str]:
    """The names in an example that its schema does not have."""
    known = plain(schema)
    if isinstance(example, list):
        return [name for item in example for name in unknown(item, known.get("items", {}))]
    if not isinstance(example, dict) or "properties" not in known:
        return []
    fields = known["properties"]
    inside = [name for key in example if key in fields for name in unknown(example[key], fields[key])]
    return [key for key in example if key not in fields] + inside


def test_every_operation_has_its_section_and_no_other_has_one():
    assert {heading for heading in SECTIONS if heading.partition(" ")[0].isupper()} == set(OPERATIONS)


@pytest.mark.parametrize(("heading", "title", "schema"), messages(), ids=lambda v: v if isinstance(v, str) else "")
def test_the_example_is_a_message_of_the_contract(heading, title, schema):
    example = examples(heading)[title]
    jsonschema_rs.validate({**schema, "components": CONTRACT["components"]}, example)
    assert unknown(example, schema) == []


def test_a_field_that_the_contract_lacks_would_be_found():
    wrong = examples("GET /v1/pages/{page_id}")["Answer"]
    wrong["revisions"][1]["notes"][0]["colour"] = "red"
    assert unknown(wrong, {"$ref": "#/components/schemas/Evidence"}) == ["colour"]
