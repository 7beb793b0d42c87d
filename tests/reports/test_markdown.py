"""The Markdown reports, read back with an independent renderer (markdown-it)."""

from dataclasses import replace

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from oai_tui.domain.diagnosis import Diagnosis
from oai_tui.domain.observation import ErrorBody
from oai_tui.reports import render, render_explanation
from oai_tui.reports.markdown_text import code, code_block, link, prose
from tests.reports import explain_samples as explained
from tests.reports import samples

_READER = MarkdownIt("gfm-like")
HOSTILE_WORDS = (
    "# title\n- item\n1. one ![x](https://evil.example/p.png) [y](javascript:alert(1)) "
    "<script>alert(1)</script> **bold** `code` ``two`` ~~gone~~ |a|b| &amp; https://evil.example "
    "@everyone www.evil.example $x$ \\"
)


def read(page: str) -> list[Token]:
    """Return the blocks of a page and everything within them, flat."""
    tokens: list[Token] = []
    for token in _READER.parse(page):
        tokens += [token, *(token.children or [])]
    return tokens


def shown(page: str) -> str:
    """Return the text that a reader sees, without the fences of code."""
    return " ".join(
        token.content for token in read(page) if token.type in {"text", "code_inline", "fence"}
    )


def hostile() -> Diagnosis:
    """Return a diagnosis in which every word of a server is hostile."""
    step = samples.KEY_STEP
    error = ErrorBody(code="c`o|d*e", type="t", message=HOSTILE_WORDS)
    seen = replace(step.observation, status=401, error=error)
    verdict = replace(
        samples.HOSTILE.verdict,
        title=HOSTILE_WORDS,
        explanation=HOSTILE_WORDS,
        warnings=(HOSTILE_WORDS,),
    )
    return replace(
        samples.HOSTILE,
        verdict=verdict,
        trail=(replace(step, title=HOSTILE_WORDS, mark="failed", observation=seen),),
    )


@pytest.mark.parametrize("name", samples.ALL)
def test_title_comes_first_and_what_to_do_before_the_evidence(name: str) -> None:
    page = render("markdown", samples.ALL[name])
    titles = [line for line in page.splitlines() if line.startswith("#")]
    assert titles[0].startswith("# ")
    assert all(title.startswith("## ") for title in titles[1:])
    if "## What to do" in titles:
        assert titles.index("## What to do") == 1


def test_commands_links_and_request_ids_can_be_copied() -> None:
    tokens = read(render("markdown", samples.MISMATCH))
    assert "unset OPENAI_ORG_ID\n" in [token.content for token in tokens if token.type == "fence"]
    assert [token.attrs["href"] for token in tokens if token.type == "link_open"] == [
        "https://platform.openai.com/settings/organization/people"
    ]
    codes = [token.content for token in tokens if token.type == "code_inline"]
    assert f"req_{3:032x}" in codes


def test_the_words_of_a_server_are_no_markup() -> None:
    tokens = read(render("markdown", hostile()))
    kinds = {token.type for token in tokens}
    assert not kinds & {
        "link_open", "image", "html_inline", "html_block", "strong_open", "em_open", "s_open",
        "table_open",
    }  # fmt: skip
    assert sum(token.type == "heading_open" and token.tag == "h1" for token in tokens) == 1


def test_the_words_of_a_server_are_shown_whole() -> None:
    page = shown(render("markdown", hostile()))
    for word in ("<script>alert(1)</script>", "**bold**", "@everyone", "![x]", "~~gone~~"):
        assert word in page


@pytest.mark.parametrize("text", ["a`b", "``", "`", "a``b`", " x ", HOSTILE_WORDS])
def test_a_code_span_holds_any_text(text: str) -> None:
    (block,) = [token for token in _READER.parse(f"- {code(text)}") if token.type == "inline"]
    assert [child.content for child in block.children or []] == [" ".join(text.split())]


def test_a_code_block_holds_fences() -> None:
    text = "cat <<E\n```\n````\nE"
    (block,) = _READER.parse("\n".join(code_block(text, "sh")))
    assert (block.type, block.content) == ("fence", text + "\n")


@pytest.mark.parametrize(
    "text", ["- x", "+ x", "1. x", "2) x", "= x", "# x", "> x", "a_b_ *c*", "OPENAI_ORG_ID is set"]
)
def test_prose_is_one_paragraph_with_the_same_words(text: str) -> None:
    page = prose(text)
    assert [token.type for token in _READER.parse(page)] == [
        "paragraph_open", "inline", "paragraph_close",
    ]  # fmt: skip
    assert "".join(shown(page).split()) == "".join(text.split())


def test_only_addresses_become_links() -> None:
    assert link("https://a.example/x") == "<https://a.example/x>"
    assert link("javascript:alert(1)") == "`javascript:alert(1)`"
    assert link("https://a.example/ x") == "`https://a.example/ x`"


def test_no_key_survives_on_the_page() -> None:
    assert samples.FAKE_KEY[:20] not in render("markdown", samples.HOSTILE)


@pytest.mark.parametrize("name", explained.ALL)
def test_an_explained_text_has_its_cause_advice_and_evidence(name: str) -> None:
    page = render_explanation("markdown", explained.ALL[name])
    assert page.startswith("# ")
    for failure in explained.ALL[name].explanation.results:
        assert f"`{failure.verdict.cause}`" in page
        assert failure.observation.request_id in page
    assert "nothing was sent" in page
