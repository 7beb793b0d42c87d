"""Scenarios of the family "key": the key is missing, damaged, of another vendor, or unknown."""

from dataclasses import replace

from oai_tui.domain.cause import Family
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


def _key(identifier: str, cause: str, title: str, story: str, client: ClientSetup) -> Scenario:
    """A problem of the client's key, fixed by GOOD_KEY."""
    return Scenario(
        id=identifier,
        cause=cause,
        title=title,
        family=_FAMILY,
        story=story,
        world=HEALTHY_WORLD,
        client=client,
        fixed_client=client_setup(),
    )


def _account(identifier: str, title: str, story: str, world: World) -> Scenario:
    """A problem that an owner or administrator fixes."""
    return Scenario(
        id=identifier,
        cause=identifier,
        title=title,
        family=_FAMILY,
        story=story,
        world=world,
        client=client_setup(),
        fixed_world=HEALTHY_WORLD,
    )


SCENARIOS: tuple[Scenario, ...] = (
    _key(
        "key-missing",
        "key-missing",
        "No key anywhere",
        "A new terminal was opened, and the variable with the key was never set in it.",
        client_setup(None),
    ),
    _key(
        "key-malformed",
        "key-malformed",
        "A newline after the key",
        "The key was read from a file and kept the newline at its end.",
        client_setup(GOOD_KEY + "\n"),
    ),
    _key(
        "key-malformed-smart-quotes",
        "key-malformed",
        "Typographic quotes around the key",
        "The key was copied from a chat that turned straight quotes into curly ones.",
        client_setup(f"\u201c{GOOD_KEY}\u201d"),
    ),
    _key(
        "key-malformed-zero-width-space",
        "key-malformed",
        "An invisible character in the key",
        "The key was copied from a web page and carries a zero-width space.",
        client_setup(f"{GOOD_KEY[:40]}\u200b{GOOD_KEY[40:]}"),
    ),
    _key(
        "key-placeholder",
        "key-placeholder",
        "Sample text in place of a key",
        "The line from the tutorial was pasted as it stood.",
        client_setup("your-api-key-here"),
    ),
    _key(
        "key-other-provider",
        "key-other-provider",
        "A key of another vendor",
        "An Anthropic key sits in the variable meant for OpenAI's.",
        client_setup("sk-ant-api03-" + "c" * 93 + "AA"),
    ),
    _key(
        "key-invalid",
        "key-invalid",
        "A key that was revoked",
        "The key worked last month; somebody deleted it since.",
        client_setup(REVOKED_KEY),
    ),
    _key(
        "key-expired",
        "key-expired",
        "A key whose date has passed",
        "The key was made for three months, and they are over.",
        client_setup(EXPIRED_KEY),
    ),
    _key(
        "key-shadowed",
        "key-shadowed",
        "An old key wins over the new one",
        "The new key stands in .env, and the shell still exports the old one.",
        client_setup(REVOKED_KEY, dotenv=f"OPENAI_API_KEY={GOOD_KEY}\n"),
    ),
    _key(
        "key-admin-on-inference",
        "key-admin-on-inference",
        "An admin key for ordinary calls",
        "The owner's admin key was taken for calls to models.",
        client_setup(ADMIN_KEY),
    ),
    _key(
        "key-chatgpt-token",
        "key-chatgpt-token",
        "A sign-in token in place of a key",
        "The token of a ChatGPT sign-in was copied out of another program.",
        client_setup("eyJ" + "h" * 40 + ".eyJ" + "p" * 80 + "." + "s" * 43),
    ),
    _key(
        "token-expired",
        "token-expired",
        "A sign-in token that has ended",
        "The token of a sign-in was exported in summer, and its time is over.",
        client_setup(sign_in_token(1_783_000_000)),
    ),
    _key(
        "key-ephemeral",
        "key-ephemeral",
        "A realtime client secret",
        "A browser's short-lived secret ended up in the server's variable.",
        client_setup("ek_" + "e" * 32),
    ),
    _account(
        "account-deactivated",
        "The account was closed",
        "The account behind the key has been deactivated.",
        with_organization(is_deactivated=True),
    ),
    _account(
        "auth-header-malformed",
        "Another key arrives than was sent",
        "The company's proxy puts a key of its own into every call, and that one is dead.",
        replace(HEALTHY_WORLD, replaced_authorization=f"Bearer {REVOKED_KEY}"),
    ),
    Scenario(
        id="auth-header-replaced-by-proxy",
        cause="auth-header-malformed",
        title="This machine's proxy replaces the key",
        family=_FAMILY,
        story="HTTPS_PROXY leads through a gateway that puts its own key into every call.",
        world=replace(
            HEALTHY_WORLD, replaced_authorization=f"Bearer {REVOKED_KEY}", replaced_by_proxy=True
        ),
        client=client_setup(HTTPS_PROXY="http://proxy.example.com:3128"),
        fixed_client=client_setup(),
    ),
    Scenario(
        id="auth-header-stripped",
        cause="auth-header-malformed",
        title="The key is lost on the way",
        family=_FAMILY,
        story="A rule of the company's proxy takes the Authorization header out of every call.",
        world=replace(HEALTHY_WORLD, replaced_authorization=""),
        client=client_setup(),
        fixed_world=HEALTHY_WORLD,
    ),
    Scenario(
        id="key-not-admin",
        cause="key-not-admin",
        title="An ordinary key for the organization's routes",
        family=_FAMILY,
        world=HEALTHY_WORLD,
        story="A script reads costs below /v1/organization with the key that is meant for models.",
        client=client_setup(OPENAI_BASE_URL="https://api.openai.com/v1/organization"),
        fixed_client=client_setup(),
    ),
    Scenario(
        id="session-key-required",
        cause="session-key-required",
        title="A route of the dashboard",
        family=_FAMILY,
        world=HEALTHY_WORLD,
        story="A script asks the dashboard's own billing address, which no API key may use.",
        client=client_setup(OPENAI_BASE_URL="https://api.openai.com/v1/dashboard"),
        fixed_client=client_setup(),
    ),
)
