"""The stores of Codex and llm: read only if the user names them, and only the key."""

import json
from pathlib import Path

import pytest

from oai_tui.credentials.sources.discovery import discover
from oai_tui.domain.keys.secret import Secret
from tests.credentials.profile_factory import KINDS, key

CODEX, LLM = ".codex/auth.json", ".config/io.datasette.llm/keys.json"


def store(home: Path, file: str, document: object) -> None:
    path = home / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(document if isinstance(document, str) else json.dumps(document))


@pytest.mark.parametrize(
    ("source", "file", "document"),
    [
        ("codex", CODEX, {"OPENAI_API_KEY": key("a"), "tokens": None}),
        ("llm", LLM, {"openai": key("a"), "// Note": "x"}),
    ],
)
def test_key_is_read_when_asked(tmp_path: Path, source: str, file: str, document: object) -> None:
    store(tmp_path, file, document)
    env = {"HOME": str(tmp_path)}
    (found,) = discover(env, tmp_path, KINDS, sources=("environment", source)).inactive
    assert (found.secret, found.origin.name, found.origin.place, found.shadowed_by) == (
        Secret(key("a")),
        source,
        f"~/{file}",
        None,
    )
    assert discover(env, tmp_path, KINDS).inactive == ()


@pytest.mark.parametrize(
    ("source", "variable", "name"),
    [("codex", "CODEX_HOME", "auth.json"), ("llm", "LLM_USER_PATH", "keys.json")],
)
def test_folder_of_its_own_variable(tmp_path: Path, source: str, variable: str, name: str) -> None:
    store(tmp_path, f"mine/{name}", {"OPENAI_API_KEY": key("a"), "openai": key("a")})
    (found,) = discover(
        {variable: str(tmp_path / "mine")}, tmp_path, KINDS, sources=(source,)
    ).inactive
    assert found.origin.place == str(tmp_path / "mine" / name)


ODD: dict[str, tuple[object, str]] = {
    "absent": (None, "doesn't exist"),
    "no JSON": ("{", "not a readable JSON"),
    "a list": ([], "contains no"),
    "null": ({"OPENAI_API_KEY": None, "openai": None}, "contains no"),
    "a number": ({"OPENAI_API_KEY": 3, "openai": 3}, "contains no"),
    "deep": ("[" * 100_000, "not a readable JSON"),
    "empty": ({"OPENAI_API_KEY": "", "openai": ""}, "contains no"),
}


@pytest.mark.parametrize(("document", "words"), ODD.values(), ids=ODD)
@pytest.mark.parametrize(("source", "file"), [("codex", CODEX), ("llm", LLM)])
def test_store_without_a_key_says_so(
    tmp_path: Path, source: str, file: str, document: object, words: str
) -> None:
    if document is not None:
        store(tmp_path, file, document)
    found = discover({"HOME": str(tmp_path)}, tmp_path, KINDS, sources=(source,))
    assert (found.inactive, words in found.problems[0]) == ((), True)


def test_a_sign_in_is_reported_and_its_tokens_are_not_read(tmp_path: Path) -> None:
    store(tmp_path, CODEX, {"OPENAI_API_KEY": None, "tokens": {"access_token": "eyJ" + "a" * 40}})
    found = discover({"HOME": str(tmp_path)}, tmp_path, KINDS, sources=("codex",))
    assert "a ChatGPT sign-in, which is not an API key" in found.problems[0]
    assert "aaaa" not in repr(found)
