"""Scenarios of the family "key": the key is missing, damaged, of another vendor, or unknown."""

from dataclasses import replace

from oai_tui.domain.family import Family
from oai_tui.simulator.fixtures import (
    ADMIN_KEY,
    EXPIRED_KEY,
    GOOD_KEY,
    HEALTHY_WORLD,
    REVOKED_KEY,
    client_setup,
    sign_in_token,
    with_organization,
)
from oai_tui.simulator.scenario import ClientSetup, Scenario
from oai_tui.simulator.world import World

_FAMILY: Family = "key"
_NEW_KEY = (
    "A working key was put into OPENAI_API_KEY for you, as you would do at "
    "https://platform.openai.com/api-keys."
)
_CLEANED = (
    "The key was stored again without the extra characters, as you would do in your shell or .env "
    "file."
)


def _key(
    identifier: str,
    cause: str,
    shows: str,
    title: str,
    story: str,
    fixed_by: str,
    client: ClientSetup,
) -> Scenario:
    """A problem of the client's key, fixed by GOOD_KEY."""
    return Scenario(
        id=identifier,
        cause=cause,
        shows=shows,
        title=title,
        family=_FAMILY,
        story=story,
        fixed_by=fixed_by,
        world=HEALTHY_WORLD,
        client=client,
        fixed_client=client_setup(),
    )


def _account(
    identifier: str, shows: str, title: str, story: str, fixed_by: str, world: World
) -> Scenario:
    """A problem that an owner or administrator fixes."""
    return Scenario(
        id=identifier,
        cause=identifier,
        shows=shows,
        title=title,
        family=_FAMILY,
        story=story,
        fixed_by=fixed_by,
        world=world,
        client=client_setup(),
        fixed_world=HEALTHY_WORLD,
    )


SCENARIOS: tuple[Scenario, ...] = (
    _key(
        "key-missing",
        "key-missing",
        "no key",
        "No API key is set",
        "A new terminal was opened, and OPENAI_API_KEY was never set in it.",
        _NEW_KEY,
        client_setup(None),
    ),
    _key(
        "key-malformed",
        "key-malformed",
        "malformed key",
        "Newline after the key",
        "The key was read from a file and still ends with a newline.",
        _CLEANED,
        client_setup(GOOD_KEY + "\n"),
    ),
    _key(
        "key-malformed-smart-quotes",
        "key-malformed",
        "malformed key",
        "Curly quotes around the key",
        "The key was copied from a chat that turns straight quotes into curly ones.",
        _CLEANED,
        client_setup(f"\u201c{GOOD_KEY}\u201d"),
    ),
    _key(
        "key-malformed-zero-width-space",
        "key-malformed",
        "malformed key",
        "Invisible character in the key",
        "The key was copied from a web page and contains a zero-width space.",
        _CLEANED,
        client_setup(f"{GOOD_KEY[:40]}\u200b{GOOD_KEY[40:]}"),
    ),
    _key(
        "key-placeholder",
        "key-placeholder",
        "401 placeholder key",
        "OPENAI_API_KEY holds a placeholder",
        "The line from a tutorial was pasted unchanged, with “your-api-key-here” in it.",
        _NEW_KEY,
        client_setup("your-api-key-here"),
    ),
    _key(
        "key-other-provider",
        "key-other-provider",
        "401 other provider's key",
        "The key is from another provider",
        "OPENAI_API_KEY holds an Anthropic key.",
        _NEW_KEY,
        client_setup("sk-ant-api03-" + "c" * 93 + "AA"),
    ),
    _key(
        "key-invalid",
        "key-invalid",
        "401 invalid_api_key",
        "OpenAI rejected this key",
        "The key worked last month. A colleague has deleted it since.",
        _NEW_KEY,
        client_setup(REVOKED_KEY),
    ),
    _key(
        "key-expired",
        "key-expired",
        "401 api_key_expired",
        "This key has expired",
        "The key was created with an expiry date three months ahead, and that date has passed.",
        _NEW_KEY,
        client_setup(EXPIRED_KEY),
    ),
    _key(
        "key-shadowed",
        "key-shadowed",
        "401 invalid_api_key",
        "An old key overrides the new one",
        "The new key is in .env, but the shell still exports the old one, which takes precedence.",
        "The old OPENAI_API_KEY was unset for you, as you would do in your shell.",
        client_setup(REVOKED_KEY, dotenv=f"OPENAI_API_KEY={GOOD_KEY}\n"),
    ),
    _key(
        "key-admin-on-inference",
        "key-admin-on-inference",
        "401 admin key",
        "An admin key is used to call models",
        "OPENAI_API_KEY holds the owner's admin key, which can't call models.",
        _NEW_KEY,
        client_setup(ADMIN_KEY),
    ),
    _key(
        "key-chatgpt-token",
        "key-chatgpt-token",
        "401 sign-in token",
        "A ChatGPT sign-in token is used as a key",
        "A ChatGPT sign-in token was copied from another program into OPENAI_API_KEY.",
        _NEW_KEY,
        client_setup("eyJ" + "h" * 40 + ".eyJ" + "p" * 80 + "." + "s" * 43),
    ),
    _key(
        "token-expired",
        "token-expired",
        "401 sign-in token",
        "The sign-in token has expired",
        "OPENAI_API_KEY holds a sign-in token from last summer, and it has expired.",
        _NEW_KEY,
        client_setup(sign_in_token(1_783_000_000)),
    ),
    _key(
        "key-ephemeral",
        "key-ephemeral",
        "401 client secret",
        "A realtime client secret is used as a key",
        "A short-lived secret for browsers was copied into the server's OPENAI_API_KEY.",
        _NEW_KEY,
        client_setup("ek_" + "e" * 32),
    ),
    _account(
        "account-deactivated",
        "401 account_deactivated",
        "The account is deactivated",
        "OpenAI has deactivated the account that owns the key.",
        "OpenAI reactivated the account, as its support can do after you write to them.",
        with_organization(is_deactivated=True),
    ),
    _account(
        "auth-header-malformed",
        "401 invalid_api_key",
        "A company proxy replaces the key",
        "The company's proxy replaces the key in every call with its own, and its own is revoked.",
        "The proxy was changed to pass your key on, as your IT department can do.",
        replace(HEALTHY_WORLD, replaced_authorization=f"Bearer {REVOKED_KEY}"),
    ),
    Scenario(
        id="auth-header-replaced-by-proxy",
        cause="auth-header-malformed",
        shows="401 invalid_api_key",
        title="The proxy in HTTPS_PROXY replaces the key",
        family=_FAMILY,
        story="HTTPS_PROXY points to a gateway that replaces the key in every call with its own.",
        fixed_by="HTTPS_PROXY was unset for you, as you would do in your shell.",
        world=replace(
            HEALTHY_WORLD, replaced_authorization=f"Bearer {REVOKED_KEY}", replaced_by_proxy=True
        ),
        client=client_setup(HTTPS_PROXY="http://proxy.example.com:3128"),
        fixed_client=client_setup(),
    ),
    Scenario(
        id="auth-header-stripped",
        cause="auth-header-malformed",
        shows="401",
        title="A proxy removes the Authorization header",
        family=_FAMILY,
        story="A rule of the company's proxy removes the Authorization header from every call.",
        fixed_by="The proxy rule was removed, as your IT department can do.",
        world=replace(HEALTHY_WORLD, replaced_authorization=""),
        client=client_setup(),
        fixed_world=HEALTHY_WORLD,
    ),
    Scenario(
        id="key-not-admin",
        cause="key-not-admin",
        shows="403",
        title="A project key is used on an admin endpoint",
        family=_FAMILY,
        world=HEALTHY_WORLD,
        story="A script reads costs from /v1/organization with a project key, not an admin key.",
        fixed_by="OPENAI_BASE_URL was unset for you, so that the key is used for models again.",
        client=client_setup(OPENAI_BASE_URL="https://api.openai.com/v1/organization"),
        fixed_client=client_setup(),
    ),
    Scenario(
        id="session-key-required",
        cause="session-key-required",
        shows="403",
        title="The endpoint works in the dashboard only",
        family=_FAMILY,
        world=HEALTHY_WORLD,
        story="A script calls the dashboard's billing endpoint, which accepts no API keys.",
        fixed_by="OPENAI_BASE_URL was unset for you, as you would do in your shell.",
        client=client_setup(OPENAI_BASE_URL="https://api.openai.com/v1/dashboard"),
        fixed_client=client_setup(),
    ),
)
