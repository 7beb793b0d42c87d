"""The defect of a damaged or foreign key is named, and no twelve characters of it are printed."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from oai_tui.simulator.server import running
from tests.commands.cli_runner import GOOD_KEY, CliResult, canned_server, run_cli
from tests.commands.test_replies import api
from tests.domain.keys.damaged_keys import DIRTY, KEY
from tests.domain.keys.fake_keys import leaks

OTHER_KEY = "sk-ant-api03-" + "c" * 93 + "AA"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One bad key, its cause, and words that name its defect."""

    key: str
    cause: str
    words: str


CASES = {
    "trailing newline": Case(key=GOOD_KEY + "\n", cause="key-malformed", words="newline"),
    "smart quotes": Case(key=f"\u201c{GOOD_KEY}\u201d", cause="key-malformed", words="U+201C"),
    "zero-width space": Case(
        key=GOOD_KEY[:30] + "\u200b" + GOOD_KEY[30:], cause="key-malformed", words="U+200B"
    ),
    "another vendor's": Case(key=OTHER_KEY, cause="key-other-provider", words="Anthropic"),
}


def _leaks(key: str, text: str) -> list[str]:
    clean = key.strip().strip("\u201c\u201d").replace("\u200b", "")
    return [clean[at : at + 12] for at in range(len(clean) - 11) if clean[at : at + 12] in text]


def _check(case: Case, home: Path, *arguments: str) -> CliResult:
    if case.cause == "key-other-provider":
        return run_cli(["check", *arguments], home, {"OPENAI_API_KEY": case.key})
    with canned_server(api()) as base_url:
        return run_cli(
            ["check", *arguments], home, {"OPENAI_API_KEY": case.key, "OPENAI_BASE_URL": base_url}
        )


@pytest.mark.parametrize("name", CASES)
def test_cause_is_named(name: str, tmp_path: Path) -> None:
    done = _check(CASES[name], tmp_path, "--json")
    assert (done.cause, done.code) == (CASES[name].cause, 4)


@pytest.mark.parametrize("name", CASES)
def test_defect_is_named_exactly(name: str, tmp_path: Path) -> None:
    done = _check(CASES[name], tmp_path, "--json")
    assert CASES[name].words in done.out


@pytest.mark.parametrize("format", ["text", "json"])
@pytest.mark.parametrize("name", CASES)
def test_no_part_of_the_key_is_shown(name: str, format: str, tmp_path: Path) -> None:
    done = _check(CASES[name], tmp_path, "--format", format)
    assert _leaks(CASES[name].key, done.out + done.err) == []


@pytest.mark.parametrize("name", CASES)
def test_no_part_of_the_key_is_written(name: str, tmp_path: Path) -> None:
    _check(CASES[name], tmp_path, "--json", "--output", "report.json")
    assert _leaks(CASES[name].key, (tmp_path / "report.json").read_text("utf-8")) == []


@pytest.mark.parametrize("name", [name for name in DIRTY if not name.startswith("newline after")])
def test_each_of_the_damaged_keys_is_named_repaired_and_not_printed(
    name: str, tmp_path: Path
) -> None:
    """The key comes from standard input, where one newline at the end is removed.

    The API accepts every key, so only a key that cannot be sent has a cause.
    """
    text, expected = DIRTY[name]
    with canned_server(api()) as base_url:
        done = run_cli(
            ["check", "--source", "stdin", "--json"],
            tmp_path,
            {"OPENAI_BASE_URL": base_url},
            typed=text.encode("utf-8", "surrogateescape") + b"\n",
        )
    defects = done.document["credential"]["defects"]
    codes = [code for _, _, code in expected if code]
    assert defects
    assert all(any(f"({code})" in each for each in defects) for code in codes)
    assert done.cause in {"key-malformed", None}
    assert done.document["credential"]["hint"] == "sk-proj-…bbbb"
    assert not leaks(KEY, done.out + done.err)


def test_debug_output_holds_no_part_of_the_key(tmp_path: Path) -> None:
    with canned_server(api()) as base_url:
        done = run_cli(
            ["check"],
            tmp_path,
            {"OPENAI_API_KEY": GOOD_KEY + "\n", "OPENAI_BASE_URL": base_url, "OAI_TUI_DEBUG": "1"},
        )
    assert _leaks(GOOD_KEY, done.out + done.err) == []


NO_KEYS = {
    "a template of a workflow": ("${{ secrets.OPENAI_API_KEY }}", "variable name"),
    "the name of the variable": ("OPENAI_API_KEY", "is not an API key"),
    "a stand-in": ("none", "is not an API key"),
    "an address of AWS": (
        "arn:aws:secretsmanager:eu-central-1:0:secret:openai-AbCd",
        "reference to a secret store",
    ),
    "an address of a vault": ("vault:secret/data/openai#key", "reference to a secret store"),
    "an address of 1Password": ("op://vault/openai/key", "reference to a secret store"),
}
"""Texts that are no key, refused by a server of one's own, and words of the explanation."""


@pytest.mark.parametrize(("text", "words"), NO_KEYS.values(), ids=NO_KEYS)
def test_a_text_that_is_no_key_is_not_called_damaged(text: str, words: str, tmp_path: Path) -> None:
    verdict = _refused(text, tmp_path, "--json").document["verdict"]
    assert verdict["cause"] == "key-placeholder"
    assert words in verdict["explanation"]
    assert [fix["text"] for fix in verdict["fixes"] if "cleaned" in fix["text"]] == []


@pytest.mark.parametrize("text", ["${{ secrets.OPENAI_API_KEY }}", "OPENAI_API_KEY", "none"])
def test_words_of_the_report_are_not_hidden_although_they_are_the_value(
    text: str, tmp_path: Path
) -> None:
    assert "[key hidden]" not in _refused(text, tmp_path).out


@pytest.mark.parametrize("text", ["sk-8uKxH" + "*" * 39 + "MvFD", "***", "sk-abcd\u2026wxyz"])
def test_no_cleaned_key_is_offered_for_a_masked_copy(text: str, tmp_path: Path) -> None:
    verdict = _refused(text, tmp_path, "--json").document["verdict"]
    assert verdict["cause"] == "key-malformed"
    assert "create a new one" in verdict["fixes"][0]["text"]
    assert [fix["text"] for fix in verdict["fixes"] if "cleaned" in fix["text"]] == []


def _refused(text: str, home: Path, *arguments: str) -> CliResult:
    """Check a text as the key at a server that refuses it."""
    with running("key-invalid") as simulated:
        variables = {"OPENAI_API_KEY": text, "OPENAI_BASE_URL": simulated.base_url}
        return run_cli(["check", *arguments], home, variables)
