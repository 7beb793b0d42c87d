"""The API's error responses, one function each; its docstring says when the API answers so.

The texts are word for word those of a recorded answer or an official page, where there is one.
Sources: error-codes guide, 2026-09 (codes of 429 and 503); answers recorded in public issues,
2025-12 to 2026-10 (the texts of 401 and 403); API reference (the four fields of the error object).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from oai_tui.simulator.world import Reply

_RATE_DOC = "Visit https://platform.openai.com/account/rate-limits to learn more."


def error(
    status: int,
    message: str,
    *,
    code: str | None = None,
    kind: str = "invalid_request_error",
    param: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Reply:
    """Return a reply with the API's error object."""
    return Reply(
        status=status,
        body={"error": {"message": message, "type": kind, "param": param, "code": code}},
        headers=headers or {},
    )


def masked_key(token: str) -> str:
    """Return a key as the 401 shows it: its first eight characters, asterisks, its last four.

    A key of up to twelve characters is shown in full (recorded answers, 2026-07).
    """
    return token if len(token) <= 12 else token[:8] + "*" * (len(token) - 12) + token[-4:]


def missing_bearer(path: str) -> Reply:
    """The call has no usable Authorization header."""
    basic = "bearer" if path.startswith("/v1/models") else "bearer or basic"
    return error(
        401,
        f"Missing {basic} authentication in header",
        headers={"www-authenticate": 'Bearer realm="OpenAI API"'},
    )


def incorrect_key(token: str) -> Reply:
    """The key is not known: mistyped, revoked, deleted or disabled."""
    return error(
        401,
        (
            f"Incorrect API key provided: {masked_key(token)}. You can find your API key at "
            "https://platform.openai.com/account/api-keys."
        ),
        code="invalid_api_key",
    )


def expired_key() -> Reply:
    """The key's expiry date has passed.

    No recorded answer is public (2026-11): the status is the documented one, text and code are
    invented.
    """
    return error(
        401,
        (
            "This API key has expired. Create a new key at "
            "https://platform.openai.com/settings/organization/api-keys."
        ),
        code="api_key_expired",
    )


def archived_project(project: str) -> Reply:
    """The project was archived.

    No recorded answer is public (2026-11): text and code are invented.
    """
    return error(
        401,
        f"The project `{project}` has been archived and is no longer accessible.",
        code="project_archived",
    )


def client_certificate_required() -> Reply:
    """Mutual TLS is enforced.

    The status was measured (openai-go, pull request 741, 2026-07-30); text and code are invented.
    """
    return error(
        401,
        (
            "This organization requires mutual TLS. Present an accepted client certificate on "
            "https://mtls.api.openai.com/v1."
        ),
        code="client_certificate_required",
    )


def tools_required() -> Reply:
    """A deep-research model got a request without tools (recorded answers, 2025-06)."""
    return error(
        400,
        (
            "Deep research models require at least one of 'web_search_preview', 'mcp', or "
            "'file_search' tools."
        ),
        code="missing_required_parameter",
        param="tools",
    )


def account_deactivated() -> Reply:
    """The account behind the key was closed."""
    return error(
        401,
        "The OpenAI account associated with this API key has been deactivated. "
        "If you are the developer for this OpenAI app, "
        "please check your email for more information. "
        "If you are seeing this error while using another app or site, "
        "please reach out to them for more help.",
        code="account_deactivated",
    )


def no_organization() -> Reply:
    """The key's owner no longer belongs to an organization."""
    return error(
        401,
        (
            "You must be a member of an organization to use the API. Please contact us through our "
            "help center at help.openai.com."
        ),
        code="no_organization",
    )


def invalid_organization(name: str) -> Reply:
    """The header names an organization that does not exist."""
    return error(401, f"No such organization: {name}.", code="invalid_organization")


def mismatched_organization() -> Reply:
    """The header names an organization that is not the key's."""
    return error(
        401,
        "OpenAI-Organization header should match organization for API key",
        code="mismatched_organization",
    )


def mismatched_project() -> Reply:
    """The header names a project that is not the key's."""
    return error(
        401, "OpenAI-Project header should match project for API key", code="mismatched_project"
    )


def ip_not_authorized() -> Reply:
    """The caller's address is not on the allowlist (IP-allowlist guide)."""
    return error(401, "Your IP is not authorized to make this request.", code="ip_not_authorized")


def incorrect_hostname(host: str) -> Reply:
    """The project is served by another host, which is named (recorded 2026-10)."""
    return error(
        401,
        (
            "Attempted to access resource with incorrect regional hostname. Please make your "
            f"request to {host}"
        ),
        code="incorrect_hostname",
    )


def no_geography() -> Reply:
    """A project without data residency called a regional host (recorded 2026-10)."""
    return error(
        401, "This endpoint is only accessible by projects with geography restrictions enabled."
    )


def missing_scopes(scopes: tuple[str, ...], *, inference: bool) -> Reply:
    """The key lacks scopes: 401 with a code on inference routes, 403 without one elsewhere."""
    message = (
        "You have insufficient permissions for this operation. Missing scopes: "
        f"{', '.join(scopes)}. Check that you have the correct role in your organization (Reader, "
        "Writer, Owner) and project (Viewer, Member, Owner), and if you're using a restricted API "
        "key, that it has the necessary scopes."
    )
    return error(401, message, code="missing_scope") if inference else error(403, message)


def session_key_required(method: str, path: str) -> Reply:
    """An API key was used for a route of the dashboard (recorded 2026-08)."""
    message = (
        f"Your request to {method} {path} must be made with a session key (that is, it can only be "
        "made from the browser). You made it with the following key type: secret."
    )
    return error(403, message)


def unsupported_country() -> Reply:
    """The API is not offered in the caller's country; the edge answers before a key is checked."""
    reply = error(
        403,
        "Country, region, or territory not supported",
        code="unsupported_country_region_territory",
        kind="request_forbidden",
    )
    return replace(reply, header_style="edge")


def invalid_client_request_id(limit: int) -> Reply:
    """X-Client-Request-Id is longer than `limit` characters or not ASCII."""
    return error(
        400,
        "Invalid X-Client-Request-Id header: it must be ASCII "
        f"and at most {limit} characters long.",
    )


def unknown_url(method: str, path: str) -> Reply:
    """There is no such route below /v1."""
    return error(404, f"Invalid URL ({method} {path})", code="unknown_url")


def method_not_supported(method: str, path: str) -> Reply:
    """The route exists for another method."""
    return error(
        405,
        (
            f"Not allowed to {method} on {path}. (HINT: Perhaps you meant to use a different HTTP "
            "method?)"
        ),
        code="method_not_supported",
    )


def not_found_page() -> Reply:
    """The path is outside /v1: the edge answers with a page."""
    page = (
        "<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>\r\n<center><h1>404 Not "
        "Found</h1></center>\r\n</body>\r\n</html>\r\n"
    )
    return Reply(status=404, body=page, header_style="edge")


def model_not_found(model: str) -> Reply:
    """The model does not exist for this key."""
    return error(
        404,
        f"The model `{model}` does not exist or you do not have access to it.",
        code="model_not_found",
    )


def model_deprecated(model: str) -> Reply:
    """The model has been shut down."""
    return error(
        404,
        (
            f"The model `{model}` has been deprecated, learn more here: "
            "https://platform.openai.com/docs/deprecations"
        ),
        code="model_not_found",
    )


def model_not_allowed(project: str, model: str) -> Reply:
    """The project's list of allowed models does not contain this one."""
    return error(
        403, f"Project `{project}` does not have access to model `{model}`", code="model_not_found"
    )


def must_be_verified(model: str) -> Reply:
    """The organization has not been verified for this model."""
    return error(
        404,
        f"Your organization must be verified to use the model `{model}`. "
        "Please go to: https://platform.openai.com/settings/organization/general "
        "and click on Verify Organization. "
        "If you just verified, it can take up to 15 minutes for access to propagate.",
        code="model_not_found",
    )


def billing_not_active() -> Reply:
    """The payment state of the account blocks calls."""
    return error(
        429,
        "Your account is not active, please check your billing details on our website.",
        code="billing_not_active",
        kind="billing_not_active",
    )


def hard_limit_reached() -> Reply:
    """The older hard limit of the month is reached."""
    return error(400, "Billing hard limit has been reached", code="billing_hard_limit_reached")


def quota(code: str) -> Reply:
    """The credit is used up or a spend limit is reached; `code` says which."""
    messages = {
        "insufficient_quota": (
            "You exceeded your current quota, please check your plan and billing details. For more "
            "information on this error, read the docs: "
            "https://platform.openai.com/docs/guides/error-codes/api-errors."
        ),
        "credit_balance_exhausted": (
            "Your organization's credit balance is exhausted. Add credits to continue: "
            "https://platform.openai.com/settings/organization/billing."
        ),
        "project_spend_limit_exceeded": (
            "This project has reached its monthly spend limit. An owner can raise it in the "
            "project's limits, or wait for the next month."
        ),
        "organization_spend_limit_exceeded": (
            "This organization has reached its monthly spend limit. An owner can raise it at "
            "https://platform.openai.com/settings/organization/limits."
        ),
        "organization_usage_limit_exceeded": (
            "This organization has reached its usage limit. An owner can request an increase at "
            "https://platform.openai.com/settings/organization/limits."
        ),
    }
    return error(429, messages[code], code=code, kind="insufficient_quota")


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitUse:
    """The numbers of one limit per minute that a 429 names."""

    model: str
    organization: str
    limit: int
    used: int
    requested: int


def rate_limit(kind: str, use: LimitUse, wait_s: int, headers: Mapping[str, str]) -> Reply:
    """The limit of this minute is used up. `kind`: requests or tokens. `wait_s`: in seconds."""
    short = {"requests": "RPM", "tokens": "TPM"}[kind]
    message = (
        f"Rate limit reached for {use.model} in organization {use.organization} "
        f"on {kind} per min ({short}): "
        f"Limit {use.limit}, Used {use.used}, Requested {use.requested}. "
        f"Please try again in {wait_s}s. {_RATE_DOC}"
    )
    return error(
        429,
        message,
        code="rate_limit_exceeded",
        kind=kind,
        headers={**headers, "retry-after": str(wait_s)},
    )


def too_large(use: LimitUse, headers: Mapping[str, str]) -> Reply:
    """One request needs more tokens than the limit of a whole minute."""
    message = (
        f"Request too large for {use.model} in organization {use.organization} "
        f"on tokens per min (TPM): Limit {use.limit}, Requested {use.requested}. "
        f"The input or output tokens must be reduced in order to run successfully. {_RATE_DOC}"
    )
    return error(429, message, code="rate_limit_exceeded", kind="tokens", headers=headers)


def slow_down() -> Reply:
    """The traffic rises too fast (error-codes guide, 2026-09)."""
    return error(
        429,
        "Your traffic is increasing too quickly. Slow down, then increase it gradually.",
        code="slow_down",
        kind="rate_limit_error",
        headers={"retry-after": "15"},
    )
