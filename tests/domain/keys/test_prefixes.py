"""A key of every prefix is treated alike wherever keys are recognised.

It is redacted, refused as an argument, recognised in a command's output and in a JSON document,
scrubbed in every encoding, and known by its shape.
"""

import json
import shlex

import pytest

from oai_tui.cli import main
from oai_tui.credentials.sources.command import read_command
from oai_tui.domain.keys.credential import kind_of
from oai_tui.domain.keys.prefixes import DASHES, KEY_PREFIXES, prefix_of
from oai_tui.domain.keys.redaction import Redactor
from oai_tui.domain.keys.secret import Secret
from oai_tui.knowledge.key_shapes import KEY_KINDS
from tests.domain.keys.fake_keys import SPELLINGS, leaks

BODIES = {"sk-": "0f" * 16, "eyJ": f"{'h' * 40}.{'p' * 80}.{'s' * 43}"}
"""Prefix -> a body of the shape that goes with it, where 48 hexadecimal digits do not."""
KEYS = {prefix: prefix + BODIES.get(prefix, "0f" * 24) for prefix in KEY_PREFIXES}

every_key = pytest.mark.parametrize(("prefix", "key"), KEYS.items(), ids=KEYS)


@every_key
def test_it_is_redacted(prefix: str, key: str) -> None:
    assert Redactor()(f"key {key} end") == f"key {prefix}… end"


@every_key
def test_it_is_refused_as_an_argument(
    prefix: str, key: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for argument in (key, f"--model={key}", key.replace("-", "\u2013")):
        with pytest.raises(SystemExit) as end:
            main(["check", argument])
        assert end.value.code == 2
        printed = capsys.readouterr()
        assert "looks like a key" in printed.err
        assert not leaks(key, printed.out + printed.err)


@every_key
def test_it_is_recognised_in_the_output_of_a_command(prefix: str, key: str) -> None:
    given = read_command(f"printf '%s\\n' 'a line of something else' {shlex.quote(key)}", 10)
    assert given.secret == Secret(key)


@every_key
def test_it_is_found_in_a_document(prefix: str, key: str) -> None:
    assert Secret(json.dumps({"data": {"value": key}})).cleaned() == Secret(key)


@every_key
def test_it_is_scrubbed_in_every_encoding(prefix: str, key: str) -> None:
    redact = Redactor([Secret(key)])
    for spell in SPELLINGS.values():
        assert not leaks(key, redact(f"before {spell(key)} after"))


@every_key
def test_it_is_shown_by_its_prefix_and_its_last_four_characters(prefix: str, key: str) -> None:
    assert prefix_of(key) == prefix
    assert Secret(key).masked == f"{prefix}…{key[-4:]}"
    assert Secret(f" {key}").masked_with_defects == f"‹U+0020 space›{prefix}…{key[-4:]}"


@every_key
def test_its_shape_is_known(prefix: str, key: str) -> None:
    assert kind_of(Secret(key), KEY_KINDS).id != "unknown"


@pytest.mark.parametrize("dash", DASHES)
def test_a_typographic_dash_hides_no_key(dash: str) -> None:
    key = KEYS["sk-proj-"].replace("-", dash)
    assert Redactor()(f"key {key} end") == f"key sk{dash}proj{dash}… end"
