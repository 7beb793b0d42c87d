"""The family "key": the key itself, its text, its kind, its owner's account."""

from oai_tui.domain.cause import Alternative, Cause, Fix, Sign
from oai_tui.domain.target import Change
from oai_tui.domain.when import When
from oai_tui.knowledge import links

_ECHO = r"incorrect api key provided:\s*"
"""How a 401 begins that shows the key it received."""
_STAND_INS = r"(?:undefined|null|none|nil|nan|true|false|empty|dummy|fake|test|placeholder|changeme|secret|todo|n/a|lm-?studio|ollama|not[-_ ]?(?:needed|used|set|required)|no-?key)\b|(?:sk-)?(?:your|my|insert|put|paste|enter|replace)[-_ ]|https?:|\$\{?\w|%\w+%|process\.env|os\.environ|org-|proj_"
"""Beginnings of what is no key, as an echo shows them."""

CAUSES = (
    Cause(
        id="key-missing", family="key", title="No key reaches the API",
        meaning="The program that makes the call has no key: the variable is unset, empty, not exported to that process, or the header was lost on the way.",
        looks='SDK "Missing credentials"; 401 "Missing bearer authentication in header"; 401 "You didn\'t provide an API key"; no error code.',
        confirm="List every place a key could come from. The API answers a call without a key in the same words.",
        prevent="Keep the key in a keyring profile and start programs from it; a new terminal then needs no variable.",
        fixes=(
            Fix(text="Enter or paste a key here, or set it in the shell that runs the program.", who="you", command="export OPENAI_API_KEY=…"),
            Fix(text="Create a key if you have none.", who="you", url=links.API_KEYS),
        ),
        signs=(
            Sign(when=When(fact={"credential": ("none", "profile-missing")})),
            Sign(when=When(status=401, says=(r"missing bearer", r"didn'?t provide an api key", r"missing (?:bearer or basic )?authentication")), confidence="likely"),
        ),
        links=(links.ERROR_CODES,),
    ),
    Cause(
        id="key-malformed", family="key", title="The text of the key is damaged",
        meaning="Something that is no part of the key stands in or around it: a space, a newline, quotes, an invisible character, `Bearer ` or the variable's name. Clients send it as it is, or cannot send it at all.",
        finding="In {key_origin}: {key_defects}.",
        looks='`Illegal header value`; "Connection error." with no other reason; \'ascii\' codec can\'t encode; 401 with an echo that begins with a quote.',
        confirm="The same call with the cleaned key is accepted where the raw one is refused.",
        prevent="Write keys with `printf %s`, not `echo`; save .env files as UTF-8 with LF line ends; paste into a plain-text field.",
        fixes=(
            Fix(text="Use the cleaned key.", who="you", apply=Change(kind="use-cleaned-key")),
            Fix(text="Write the key anew at its origin, without the stray characters.", who="you"),
        ),
        signs=(
            Sign(when=When(fact={"key-cleaned": ("works", "understood")})),
            Sign(when=When(fact={"key_damage": "unrepairable"})),
            Sign(when=When(fact={"key_sendable": False})),
            Sign(when=When(fact={"key_damage": "repairable"}), confidence="likely"),
            Sign(when=When(status=401, says=rf"{_ECHO}(?:[\"'`{{\[<(\\]|bearer\b|\.? *you can find)"), confidence="likely"),
        ),
        alternatives=(Alternative(cause="key-invalid", why="The cleaned key was refused too; a new key settles it."),),
    ),
    Cause(
        id="key-placeholder", family="key", title="This is not a key",
        meaning="The value is sample text, a stand-in such as `None`, a web address, or an identifier such as an organization's. It was never a key.",
        finding="The value in {key_origin} is not a key. OpenAI's keys begin with sk-.",
        looks="The 401's echo shows sample text; the value has no `sk-`.",
        confirm="Nothing to send: the value shows it.",
        prevent="Fail early in your program when the variable does not begin with sk-.",
        fixes=(
            Fix(text="Put the real key there.", who="you", command="export OPENAI_API_KEY=…"),
            Fix(text="Create a key if you have none.", who="you", url=links.API_KEYS),
        ),
        signs=(
            Sign(when=When(fact={"key_role": "placeholder"})),
            Sign(when=When(status=401, says=rf"{_ECHO}(?:{_STAND_INS})")),
            Sign(when=When(status=401, says=rf"{_ECHO}[a-z']+ \w+[ *]")),
        ),
    ),
    Cause(
        id="key-other-provider", family="key", title="The key is another vendor's",
        meaning="The key has the shape of another vendor's keys. OpenAI refuses such keys as incorrect.",
        finding="The key in {key_origin} has the shape of a key of {vendor}, and the base URL leads to {host}.",
        looks="A prefix such as sk-ant-, sk-or-, gsk_, AIza, xai-, hf_, nvapi-; 401 invalid_api_key at OpenAI.",
        confirm="The prefix tells. Each vendor has its own.",
        prevent="Give each vendor's key its own variable.",
        fixes=(
            Fix(text="Set an OpenAI key instead.", who="you", url=links.API_KEYS),
            Fix(text="Or call {vendor} with it, if that is what you want.", who="you", command="export OPENAI_BASE_URL={vendor_base_url}"),
        ),
        signs=(
            Sign(when=When(fact={"key_role": "other-vendor", "key_certain": True, "vendor_matches_host": False})),
            Sign(when=When(fact={"key_role": "other-vendor", "vendor_matches_host": False}), confidence="likely"),
            Sign(when=When(status=401, says=rf"{_ECHO}(?:sk-ant-|sk-or-|gsk_|aiza|xai-|hf_|nvapi-|pplx-|r8_|absk)")),
        ),
        alternatives=(Alternative(cause="key-invalid", why="Several vendors share this shape; the list of keys tells whether it is one of yours."),),
    ),
    Cause(
        id="key-invalid", family="key", title="OpenAI does not know this key",
        meaning="The key is well-formed, but OpenAI refuses it as incorrect: mistyped, revoked, deleted, or disabled after a leak. The API does not tell these apart.",
        finding="{host} answered that the key …{key_last_four} is incorrect: mistyped, revoked, deleted or disabled. The API does not say which.",
        looks='401, code invalid_api_key, "Incorrect API key provided".',
        confirm="The same key is refused on GET /v1/models. An owner can look for its last four characters in the list of keys.",
        prevent="Rotate keys with both alive for a while; let `oai-tui check` run in CI so that a dead key shows before users see it.",
        fixes=(
            Fix(text="Compare the last four characters with the list of keys; create a new key if it is not there.", who="you", url=links.API_KEYS),
            Fix(text="Ask an owner of the organization for a key, where creating keys is restricted.", who="owner", url=links.API_KEYS),
        ),
        signs=(
            Sign(when=When(status=401, code="invalid_api_key")),
            Sign(when=When(status=401, says=r"incorrect api key provided")),
        ),
        alternatives=(Alternative(cause="key-malformed", why="The key may have lost characters when it was copied."),),
        links=(links.ERROR_CODES, links.KEY_SAFETY),
    ),
    Cause(
        id="key-admin-on-inference", family="key", title="An admin key cannot call models",
        meaning="Keys that begin with sk-admin- manage an organization; they are refused on models and inference. This one was not sent.",
        finding="The key in {key_origin} is an admin key. It manages the organization and cannot call models.",
        looks='Prefix sk-admin-; "Missing scopes: api.model.read" or the like.',
        confirm="The prefix tells.",
        fixes=(Fix(text="Use a project key for calls.", who="you", url=links.API_KEYS),),
        signs=(Sign(when=When(fact={"key_role": "admin"})),),
        prevent="Keep admin keys in OPENAI_ADMIN_KEY, never in OPENAI_API_KEY.",
    ),
    Cause(
        id="key-chatgpt-token", family="key", title="A sign-in token is not an API key",
        meaning="The value is a token of a ChatGPT, Codex or dashboard sign-in. It has no permission for the API, so it was not sent.",
        finding="The value in {key_origin} is a sign-in token, not an API key.",
        looks='Begins with eyJ or sess-; "Missing scopes" on every route.',
        confirm="The shape tells.",
        fixes=(Fix(text="Create an API key and use that.", who="you", url=links.API_KEYS),),
        signs=(Sign(when=When(fact={"key_kind": ("jwt", "session")})),),
    ),
    Cause(
        id="key-ephemeral", family="key", title="A realtime client secret works for one session only",
        meaning="Values that begin with ek_ are minted for one realtime session and expire within minutes; other routes refuse them.",
        finding="The value in {key_origin} is a realtime client secret (ek_), not an API key.",
        looks="Prefix ek_.",
        confirm="The prefix tells.",
        fixes=(Fix(text="Use an API key here, and mint the client secret just before each realtime session.", who="you", url=links.API_KEYS),),
        signs=(Sign(when=When(fact={"key_kind": "ephemeral"})),),
    ),
    Cause(
        id="session-key-required", family="key", title="This route works in the dashboard only",
        meaning="The route takes no API key at all, only the browser's session. The key is not at fault.",
        looks='401 or 403, "must be made with a session key".',
        confirm="The words of the answer.",
        fixes=(Fix(text="Stop calling this route. Usage and costs have routes of their own for admin keys.", who="you", url=links.ADMIN_KEYS),),
        signs=(Sign(when=When(status=(401, 403), says=r"session key")),),
    ),
    Cause(
        id="account-deactivated", family="key", title="The account behind this key was closed",
        meaning="OpenAI closed the account or organization to which the key belongs. Every key of it fails.",
        looks='401 or 403, code account_deactivated or access_terminated, "access was terminated".',
        confirm="Another key of the same account fails as well.",
        fixes=(
            Fix(text="Look for the e-mail in which OpenAI gives the reason, and answer it or appeal.", who="owner", url=links.SUPPORT),
            Fix(text="Use a key of another organization meanwhile.", who="you"),
        ),
        signs=(
            Sign(when=When(code=("account_deactivated", "access_terminated", "organization_deactivated"))),
            Sign(when=When(status=(401, 403), says=(r"(?:account|organization).{0,60}(?:deactivated|disabled|terminated|suspended)", r"access was terminated"))),
        ),
    ),
)
