"""The shapes of keys, OpenAI's own and other vendors'.

As of 2026-11-23.

A shape is a hint, never a verdict: OpenAI's API overview (2026-11) says that the length and format
of its opaque strings may change. The first row that matches is taken; the last matches everything.

Sources of the patterns: gitleaks (2026-07-22), trufflehog (2026-08-21) and detect-secrets 1.5.0; of
the identifiers: OpenAI's API reference (2026-08).
"""

import re

from oai_tui.domain.keys.credential import KeyKind, KeyRole

TEMPLATE = "a variable that was not filled in"
"""Label of values in which no program has put the variable's value."""
SECRET_REFERENCE = "a reference to a secret, not the secret"
"""Label of addresses of secrets, which a program has to resolve before the value is a key."""


def _openai(kind: str, label: str, pattern: str, role: KeyRole = "inference") -> KeyKind:
    return KeyKind(id=kind, label=label, role=role, pattern=re.compile(pattern))


def _vendor(vendor: str, pattern: str, base_url: str = "", *, certain: bool = True) -> KeyKind:
    return KeyKind(
        id=vendor.lower().replace(" ", "-"),
        label=f"{vendor} key",
        role="other-vendor",
        pattern=re.compile(pattern),
        vendor=vendor,
        base_url=base_url,
        certain=certain,
    )


def _placeholder(label: str, pattern: str) -> KeyKind:
    return KeyKind(
        id="placeholder",
        label=label,
        role="placeholder",
        pattern=re.compile(pattern, re.IGNORECASE),
        vendor="",
    )


KEY_KINDS: tuple[KeyKind, ...] = (
    # things that are no key at all
    _placeholder(
        "a placeholder",
        r"none|null|undefined|nil|false|true|empty|dummy|fake|test|changeme|placeholder|todo|na|n/a|secret|key|api[_-]?key|not[_-]?(?:needed|used|set|required)|lm-studio|ollama|no-?key(?:-required|-needed)?",
    ),
    _placeholder(
        "sample text",
        r"(?!.*T3BlbkFJ)(?:sk-)?(?:proj-)?[<\[{(]?(?:your|my|insert|put|paste|enter|replace|add|the)(?:[-_][a-z]+)+[-_]?\d*[>\]})]?",
    ),
    _placeholder(
        "sample text",
        r"(?!.*T3BlbkFJ)(?:sk-)?(?:proj-)?[<\[{(]?[a-z_-]{0,40}(?:your|my|insert|put|paste|enter|replace)[a-z_-]{0,40}key[a-z_-]{0,20}[>\]})]?",
    ),
    _placeholder(
        "sample text",
        r"(?:sk-)(?:proj-)?(?:x{4,}|\.{3,}|1234(?:5(?:6(?:7(?:8(?:90?)?)?)?)?)?|abc(?:d(?:ef)?)?(?:123)?|test|fake|dummy|key|example)",
    ),
    _placeholder(
        TEMPLATE,
        r"\$\{?\w*\}?|%\w+%|(?:secrets|env|vars|inputs)\.\w+|os\.environ.*|process\.env.*",
    ),
    _placeholder(TEMPLATE, r"\$?\{{1,2}[^{}]*\}{1,2}"),
    _placeholder(
        SECRET_REFERENCE,
        r"arn:aws[\w-]*:(?:secretsmanager|ssm):.*|(?:op|vault|bws|doppler|awssm|gcpsm|secret)://.*"
        r"|(?:vault|keyring|keychain|secretref|ssm|awssm|gcpsm|sops|env|file):[\w./#:@-]+"
        r"|encrypted:.*|ENC\[.*|ref\+\w+:.*|@Microsoft\.KeyVault\(.*"
        r"|projects/[^/]+/secrets/.*|/(?:run|var|etc)/[\w./-]*secrets?/.*",
    ),
    _placeholder("a URL, not a key", r"(?:https?|wss?)://.*"),
    _placeholder("an organization ID, not a key", r"org-[A-Za-z0-9]+"),
    _placeholder("a project ID, not a key", r"proj_[A-Za-z0-9]+"),
    _placeholder("an ID, not a key", r"(?:user-|key_|svc_acct_|req_|cert_|asst_)[A-Za-z0-9]+"),
    # other vendors whose prefix is their own
    _vendor("Anthropic", r"sk-ant-[A-Za-z0-9_-]+", "https://api.anthropic.com/v1"),
    _vendor("OpenRouter", r"sk-or-(?:v1-)?[A-Za-z0-9_-]+", "https://openrouter.ai/api/v1"),
    _vendor("Groq", r"gsk_[A-Za-z0-9]{20,}", "https://api.groq.com/openai/v1"),
    _vendor("xAI", r"xai-[0-9A-Za-z_-]{20,}", "https://api.x.ai/v1"),
    _vendor(
        "Google",
        r"AIza[0-9A-Za-z_-]{20,}",
        "https://generativelanguage.googleapis.com/v1beta/openai",
    ),
    _vendor(
        "Hugging Face", r"(?:hf_|api_org_)[A-Za-z0-9]{16,}", "https://router.huggingface.co/v1"
    ),
    _vendor("NVIDIA", r"nvapi-[A-Za-z0-9_-]{16,}", "https://integrate.api.nvidia.com/v1"),
    _vendor("Perplexity", r"pplx-[A-Za-z0-9]{16,}", "https://api.perplexity.ai"),
    _vendor("Replicate", r"r8_[0-9A-Za-z_-]{20,}"),
    _vendor("AWS Bedrock", r"ABSK[A-Za-z0-9+/=]{40,}|bedrock-api-key-[A-Za-z0-9+/=-]+"),
    _vendor("Stripe", r"[sr]k_(?:live|test|prod)_[A-Za-z0-9]+"),
    _vendor("ElevenLabs", r"sk_[0-9a-f]{48}"),
    _vendor("GitHub", r"(?:ghp|gho|ghu|ghs|ghr)_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}"),
    _vendor("Azure OpenAI", r"[0-9a-f]{32}|[A-Za-z0-9]{52}JQQJ99[A-Za-z0-9]{26}", certain=False),
    # OpenAI's own
    _openai("admin", "admin key", r"sk-admin-[A-Za-z0-9_-]+", "admin"),
    _openai("service-account", "service account key", r"sk-(?:svcacct|service)-[A-Za-z0-9_-]+"),
    _openai("project", "project key", r"sk-proj-[A-Za-z0-9_-]+"),
    _openai(
        "user", "user key", r"sk-None-[A-Za-z0-9_-]+|sk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}"
    ),
    _openai("ephemeral", "Realtime client secret", r"ek_[A-Za-z0-9_-]+", "token"),
    _openai("session", "dashboard session token", r"sess-[A-Za-z0-9_-]+", "token"),
    _openai("jwt", "sign-in token", r"eyJ[\w-]+\.[\w-]+\.?[\w-]*", "token"),
    # shapes that several vendors share
    _vendor("DeepSeek", r"sk-[a-z0-9]{32}", "https://api.deepseek.com/v1", certain=False),
    KeyKind(
        id="unknown",
        label="key of unknown type",
        role="unknown",
        pattern=re.compile(r"(?s).*"),
        vendor="",
        certain=False,
    ),
)
