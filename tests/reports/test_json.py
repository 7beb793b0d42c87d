"""The JSON report keeps to its schema, and stays one valid document with any content."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from oai_tui.reports import REPORTS, render
from oai_tui.reports.style import Style
from tests.reports import samples

GOLDEN = Path(__file__).parent / "golden"
SCHEMA = json.loads(files("oai_tui.reports").joinpath("schema.json").read_text("utf-8"))


@pytest.mark.parametrize("name", samples.ALL)
def test_document_keeps_to_the_schema_that_ships(name: str) -> None:
    jsonschema.validate(
        json.loads(render("json", samples.ALL[name])), SCHEMA, jsonschema.Draft202012Validator
    )


def test_schema_is_itself_valid() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_every_field_of_the_document_is_in_the_schema() -> None:
    assert not list(undescribed(json.loads(render("json", samples.MISMATCH)), SCHEMA, "$"))


@pytest.mark.parametrize("name", samples.ALL)
def test_document_is_the_golden_one(name: str) -> None:
    assert render("json", samples.ALL[name]) == (GOLDEN / f"{name}.json").read_text("utf-8")


def test_hostile_text_leaves_one_valid_document() -> None:
    jsonschema.validate(json.loads(render("json", samples.HOSTILE)), SCHEMA)


def test_no_key_survives_in_the_document() -> None:
    assert samples.FAKE_KEY[:20] not in render("json", samples.HOSTILE)


def test_stream_without_unicode_gets_ascii() -> None:
    page = render("json", samples.MISMATCH, style=Style(unicode=False))
    assert page.isascii()
    assert json.loads(page)["credential"]["hint"] == "sk-proj-…bbbb"


def test_formats_are_those_of_the_table() -> None:
    assert set(REPORTS) == {"text", "json", "markdown", "junit", "github", "prometheus"}


def undescribed(value: Any, schema: dict[str, Any], path: str) -> Any:
    """Yield the fields that the schema (of several: the one that names most) does not name."""
    others = [other for other in schema.get("anyOf", ()) if "$ref" in other] or [schema]
    yield from min((list(_undescribed(value, _resolved(other), path)) for other in others), key=len)


def _undescribed(value: Any, schema: dict[str, Any], path: str) -> Any:
    if isinstance(value, dict):
        for name, item in value.items():
            if name not in schema.get("properties", {}):
                yield f"{path}.{name}"
            else:
                yield from undescribed(item, schema["properties"][name], f"{path}.{name}")
    elif isinstance(value, list):
        for item in value:
            yield from undescribed(item, schema.get("items", {}), f"{path}[]")


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        target: Any = SCHEMA
        for name in schema["$ref"].removeprefix("#/").split("/"):
            target = target[name]
        schema = target
    return schema
