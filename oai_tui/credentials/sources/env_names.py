"""Names of the environment variables that matter for requests, and notes about them. Data only.

Which variables the official SDKs read: openai-python 3.54.0 and openai-node 7.5.0, read 2026-11.
To support another variable, add an entry to a table.
"""

KEYS = ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY")
"""Variables that hold a key. The first is the one for inference."""

FIELDS = {
    "OPENAI_BASE_URL": "base_url",
    "OPENAI_ORG_ID": "organization",
    "OPENAI_PROJECT_ID": "project",
}
"""Variable to the field of a Target that it sets."""

HEADERS = "OPENAI_CUSTOM_HEADERS"
"""Lines of `Name: value` that both SDKs add to every request (openai-python 2.34.0, 2026-05)."""

PROXIES = tuple(
    form
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY")
    for form in (name, name.lower())
)
CERTIFICATES = (
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "NODE_EXTRA_CA_CERTS",
)
KEYRING = "PYTHON_KEYRING_BACKEND"

BACKGROUND = frozenset((*CERTIFICATES, KEYRING))
"""Variables that are rarely part of a failure: listed only where a person asks for them."""

SHOWN = (*FIELDS, HEADERS, *PROXIES, *CERTIFICATES, KEYRING)
"""Variables that are displayed as settings, in this order."""

IGNORED = {
    "OPENAI_ORGANIZATION": "the official SDKs have ignored it since version 1.0; set OPENAI_ORG_ID",
    "OPENAI_API_BASE": "the official SDKs have ignored it since version 1.0; set OPENAI_BASE_URL",
    "OPENAI_PROJECT": "the official SDKs ignore it; set OPENAI_PROJECT_ID",
    "OPENAI_KEY": "the official SDKs ignore it; set OPENAI_API_KEY",
    "REQUESTS_CA_BUNDLE": (
        "the official SDKs ignore it; the Python SDK reads SSL_CERT_FILE, "
        "Node reads NODE_EXTRA_CA_CERTS"
    ),
    "CURL_CA_BUNDLE": (
        "only curl reads it; the Python SDK reads SSL_CERT_FILE, Node reads NODE_EXTRA_CA_CERTS"
    ),
}
"""Look-alikes: variable to what happens to it."""

EMPTY = {
    "OPENAI_API_KEY": "SDKs treat it as no key",
    "OPENAI_ORG_ID": (
        "the Python SDK then sends an empty OpenAI-Organization header; unset it instead"
    ),
    "OPENAI_PROJECT_ID": (
        "the Python SDK then sends an empty OpenAI-Project header; unset it instead"
    ),
    "OPENAI_BASE_URL": "clients treat that differently; unset it instead",
}
"""Variable to what happens if it is set but empty."""
