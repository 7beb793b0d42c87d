"""Every row of the key shapes has an example, and no other row claims a real key of OpenAI's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oai_tui.domain.keys.credential import kind_of
from oai_tui.domain.keys.secret import Secret
from oai_tui.knowledge.key_shapes import KEY_KINDS

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
BODY = LETTERS + "_-"
MARK = "T3BlbkFJ"

EXAMPLES: tuple[tuple[str, str, str], ...] = (
    # text, id of the kind, vendor
    ("None", "placeholder", ""),
    ("not-needed", "placeholder", ""),
    ("lm-studio", "placeholder", ""),
    ("your-api-key", "placeholder", ""),
    ("<YOUR_API_KEY>", "placeholder", ""),
    ("sk-your-key-here", "placeholder", ""),
    ("openai-your-key", "placeholder", ""),
    ("my_openai_api_key", "placeholder", ""),
    ("sk-proj-xxxxxxxx", "placeholder", ""),
    ("sk-1234", "placeholder", ""),
    ("sk-...", "placeholder", ""),
    ("$OPENAI_API_KEY", "placeholder", ""),
    ("${OPENAI_API_KEY}", "placeholder", ""),
    ("%OPENAI_API_KEY%", "placeholder", ""),
    ("{{ secrets.KEY }}", "placeholder", ""),
    ("${{ secrets.OPENAI_API_KEY }}", "placeholder", ""),
    ("${{secrets.OPENAI_API_KEY}}", "placeholder", ""),
    ("op://vault/openai/key", "placeholder", ""),
    ("arn:aws:secretsmanager:eu-central-1:0:secret:openai-AbCdEf", "placeholder", ""),
    ("vault:secret/data/openai#key", "placeholder", ""),
    ("keyring:openai", "placeholder", ""),
    ("encrypted:abcdef", "placeholder", ""),
    ("ENC[AES256_GCM,data:abc,type:str]", "placeholder", ""),
    ("ref+awssecrets://openai/key", "placeholder", ""),
    ("@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/k)", "placeholder", ""),
    ("projects/p/secrets/openai/versions/latest", "placeholder", ""),
    ("/run/secrets/openai_api_key", "placeholder", ""),
    ("https://api.openai.com/v1", "placeholder", ""),
    ("org-" + "a" * 24, "placeholder", ""),
    ("proj_" + "a" * 24, "placeholder", ""),
    ("user-" + "a" * 24, "placeholder", ""),
    ("sk-ant-api03-" + "a" * 93 + "AA", "anthropic", "Anthropic"),
    ("sk-ant-admin01-" + "a" * 93 + "AA", "anthropic", "Anthropic"),
    ("sk-or-v1-" + "0" * 64, "openrouter", "OpenRouter"),
    ("gsk_" + "a" * 52, "groq", "Groq"),
    ("xai-" + "a" * 80, "xai", "xAI"),
    ("AIza" + "a" * 35, "google", "Google"),
    ("hf_" + "a" * 34, "hugging-face", "Hugging Face"),
    ("api_org_" + "a" * 34, "hugging-face", "Hugging Face"),
    ("nvapi-" + "a" * 60, "nvidia", "NVIDIA"),
    ("pplx-" + "a" * 48, "perplexity", "Perplexity"),
    ("r8_" + "a" * 37, "replicate", "Replicate"),
    ("ABSK" + "a" * 120, "aws-bedrock", "AWS Bedrock"),
    ("sk_live_" + "a" * 24, "stripe", "Stripe"),
    ("rk_test_" + "a" * 24, "stripe", "Stripe"),
    ("sk_" + "0" * 48, "elevenlabs", "ElevenLabs"),
    ("ghp_" + "a" * 36, "github", "GitHub"),
    ("0" * 32, "azure-openai", "Azure OpenAI"),
    ("a" * 52 + "JQQJ99" + "b" * 26, "azure-openai", "Azure OpenAI"),
    ("sk-" + "a1" * 16, "deepseek", "DeepSeek"),
    ("sk-admin-" + "a" * 58 + MARK + "b" * 58, "admin", "OpenAI"),
    ("sk-svcacct-" + "a" * 74 + MARK + "b" * 74, "service-account", "OpenAI"),
    ("sk-service-robot-" + "a" * 20 + MARK + "b" * 20, "service-account", "OpenAI"),
    ("sk-proj-" + "a" * 74 + MARK + "b" * 74, "project", "OpenAI"),
    ("sk-proj-" + "a" * 20 + MARK + "b" * 20, "project", "OpenAI"),
    ("sk-" + "a" * 20 + MARK + "b" * 20, "user", "OpenAI"),
    ("sk-None-" + "a" * 20 + MARK + "b" * 20, "user", "OpenAI"),
    ("ek_" + "0" * 32, "ephemeral", "OpenAI"),
    ("sess-" + "a" * 40, "session", "OpenAI"),
    ("eyJ" + "a" * 30 + "." + "b" * 60 + "." + "c" * 40, "jwt", "OpenAI"),
    ("something else", "unknown", ""),
    ("sk-" + "g" * 22, "unknown", ""),
)


def _kind(text: str) -> tuple[str, str]:
    kind = kind_of(Secret(text), KEY_KINDS)
    return kind.id, kind.vendor


@pytest.mark.parametrize(
    ("text", "kind", "vendor"), EXAMPLES, ids=[text[:16] for text, *_ in EXAMPLES]
)
def test_an_example_has_its_kind(text: str, kind: str, vendor: str) -> None:
    assert _kind(text) == (kind, vendor)


def test_every_row_has_an_example() -> None:
    """Each row is the first to fit some example."""
    firsts = {
        next(number for number, row in enumerate(KEY_KINDS) if Secret(text).matches(row.pattern))
        for text, *_ in EXAMPLES
    }
    assert [row.label for number, row in enumerate(KEY_KINDS) if number not in firsts] == []


def test_the_last_row_fits_everything() -> None:
    assert KEY_KINDS[-1].id == "unknown"
    assert KEY_KINDS[-1].pattern.fullmatch("\n \u200b")


def test_vendors_base_urls_are_https() -> None:
    assert [
        row.id for row in KEY_KINDS if row.base_url and not row.base_url.startswith("https://")
    ] == []


def _body(alphabet: str, lengths: tuple[int, ...]) -> st.SearchStrategy[str]:
    halves = st.sampled_from(lengths)
    return halves.flatmap(
        lambda n: st.builds(
            lambda a, b: a + MARK + b,
            st.text(alphabet, min_size=n, max_size=n),
            st.text(alphabet, min_size=n, max_size=n),
        )
    )


PREFIXES = {
    "sk-proj-": "project",
    "sk-svcacct-": "service-account",
    "sk-admin-": "admin",
    "sk-None-": "user",
}


@given(st.sampled_from(sorted(PREFIXES)), _body(BODY, (20, 46, 58, 74)))
def test_a_key_of_todays_shape_is_openais(prefix: str, body: str) -> None:
    if prefix == "sk-None-" or body:
        assert _kind(prefix + body) == (PREFIXES[prefix], "OpenAI")


@given(_body(LETTERS, (20,)))
def test_an_old_user_key_is_openais(body: str) -> None:
    assert _kind("sk-" + body) == ("user", "OpenAI")


@given(
    st.sampled_from(sorted(PREFIXES)),
    st.text(BODY, min_size=48, max_size=160).filter(
        lambda body: any(char.isdigit() for char in body)
    ),
)
def test_a_key_without_the_mark_is_openais_all_the_same(prefix: str, body: str) -> None:
    """The format of a key may change; its prefix is what counts."""
    assert kind_of(Secret(prefix + body), KEY_KINDS).role in {"inference", "admin", "unknown"}


@given(st.text(BODY, min_size=60, max_size=120))
def test_no_mark_and_words_of_sample_text_inside_are_no_placeholder(body: str) -> None:
    assert (
        kind_of(
            Secret(f"sk-proj-{body[:20]}your{body[20:40]}key{body[40:]}0{MARK}"), KEY_KINDS
        ).role
        == "inference"
    )


@given(
    st.sampled_from(
        [
            text
            for text, kind, _ in EXAMPLES
            if kind in {"project", "user", "admin", "service-account", "groq", "anthropic"}
        ]
    ),
    st.sampled_from(
        ["{}\n", "\u201c{}\u201d", '"{}"', "Bearer {}", "OPENAI_API_KEY={}", " {} ", "\ufeff{}"]
    ),
)
def test_damage_does_not_change_the_kind(text: str, damage: str) -> None:
    assert _kind(damage.format(text)) == _kind(text)
