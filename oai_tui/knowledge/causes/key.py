"""The family "key": the key itself, its text, its kind, the account of its owner."""

from oai_tui.domain.cause import Alternative, Cause, Finding, Fix, Symptom
from oai_tui.domain.condition import When
from oai_tui.domain.keys.prefixes import VENDOR_PREFIXES, alternation
from oai_tui.domain.target import Change
from oai_tui.knowledge import links
from oai_tui.knowledge.key_shapes import SECRET_REFERENCE, TEMPLATE
from oai_tui.knowledge.patterns import any_of, pattern
from oai_tui.knowledge.suspects import NO_KEY_ARRIVED

_ECHO = r"incorrect api key provided: *"
"""The beginning of a 401 that repeats (echoes) the key it received, masked."""
_STAND_INS = r"(?:undefined|null|none|nil|nan|true|false|empty|dummy|fake|test|placeholder|changeme|secret|todo|n/a|lm-?studio|ollama|not[-_ ]?(?:needed|used|set|required)|no-?key)(?![a-z0-9])|(?:sk-)?(?:your|my|insert|put|paste|enter|replace)[-_ ]|https?:|\$\{?(?!sk-)\w|%\w+%|process\.env|os\.environ|org-|proj_|openai[_-]?a(?:pi)?[_*-]|sk-(?:x{3,}|\.{3}|123|no-?ke|none|test|dummy|fake|local|placeholder|your|my-|openai)|(?:key|user|svc_acct|cert|asst|req|resp)_|(?-i:[A-Z]{2,12}_)"
"""Beginnings of values that are not keys, as an echo shows them."""
_VENDORS = rf"(?:{alternation(VENDOR_PREFIXES).lower()}|akia|gh[pousr]_|github_pat|csk-|fw_|tgp_|dapi|ya29|sk-lf-|pk-|[sr]k_(?:live|test))"
"""Beginnings of other vendors' keys."""
_HEX = r"(?!(.)\1{3})[0-9a-f]{4,8}\*{8,}[0-9a-f]{2,4}\b"
"""The echo of a key of hexadecimal digits, as Azure's older keys are."""

CAUSES = (
    Cause(
        id="key-missing",
        family="key",
        title="No key reaches the API",
        meaning=(
            "The program that makes the call has no key: the variable is unset, empty, not "
            "exported to that process, or the header was lost on the way."
        ),
        looks=(
            'SDK "Missing credentials"; 401 "Missing bearer authentication in header"; 401 "You '
            "didn't provide an API key\"; no error code."
        ),
        confirm=(
            "List every place a key could come from. The API answers a call without a key in the "
            "same words."
        ),
        prevent=(
            "Keep the key in a keyring profile and start programs from it; a new terminal then "
            "needs no variable."
        ),
        findings=(
            Finding(
                when=When(fact={"credential": "not-read"}),
                text=(
                    "No key was found, but {unread_files} was not read and may hold one. A program "
                    "that loads that file may have a key."
                ),
            ),
        ),
        fixes=(
            Fix(
                text="Set a key of the server at {base_url}, or any text where it takes calls without one: the SDKs do not start without a key.",
                who="you",
                command="export OPENAI_API_KEY=…",
                when=When(fact={"own_server": True}),
            ),
            Fix(
                text="Make {unread_files} readable here, and check again.",
                who="you",
            ),
            Fix(
                text=(
                    "Unset the empty variable: it keeps load_dotenv from using the key in "
                    "{unused_key_place}."
                ),
                who="you",
                command="{unset_command}",
            ),
            Fix(
                text="Enter or paste a key here, or set it in the shell that runs the program.",
                who="you",
                command="export OPENAI_API_KEY=…",
            ),
            Fix(text="Create a key if you have none.", who="you", url=links.API_KEYS),
        ),
        symptoms=(
            Symptom(when=When(fact={"credential": ("none", "profile-missing")})),
            Symptom(when=When(fact={"credential": "not-read"}), confidence="likely"),
            Symptom(
                when=When(status=(401, 403), fact={"empty_key_word": None}), confidence="likely"
            ),
            Symptom(
                when=When(
                    failure="unsendable",
                    message=pattern(
                        r"bearer\s*(?:\\[nr]){0,4}['\"]", "Illegal header value b'Bearer '"
                    ),
                )
            ),
            Symptom(
                when=When(
                    message=(
                        pattern(
                            r"\bOPENAI_API_KEY\b[^.\n]{0,60}\b(?:missing|not (?:set|found|defined|provided|configured)|empty|undefined|unset|required)\b",
                            "Error: OPENAI_API_KEY is not set",
                        ),
                        pattern(
                            r"\b(?:missing|required|undefined|unset|empty|no)\b[^.\n]{0,40}\bOPENAI_API_KEY\b",
                            "Missing required env var OPENAI_API_KEY",
                        ),
                        pattern(
                            r"\bapi_?key\b.{0,40}\bmust be (?:set|provided|specified|passed|given)",
                            "The api_key client option must be set",
                        ),
                        pattern(r"KeyError: '?\w*API_KEY", "KeyError: 'OPENAI_API_KEY'"),
                        pattern(
                            r"\b(?:didn'?t|did not|couldn'?t|could not|cannot|can'?t) (?:get|find|read|see|load)\b.{0,20}\bOPENAI_API_KEY\b",
                            "Did not find openai_api_key, please add an environment variable",
                        ),
                    )
                )
            ),
            Symptom(
                when=When(
                    message=(
                        pattern(
                            r"missing bearer",
                            "401 Missing bearer or basic authentication in header",
                        ),
                        pattern(r"didn'?t provide an api key", "You didn't provide an API key."),
                        pattern(
                            r"missing (?:bearer or basic )?authentication",
                            "401 Missing bearer or basic authentication in header",
                        ),
                        pattern(r"missing credentials", "OpenAIError: Missing credentials"),
                        pattern(
                            r"provide your api key in an authorization header",
                            "You need to provide your API key in an Authorization header",
                        ),
                    )
                ),
                confidence="likely",
            ),
            Symptom(
                when=When(
                    message=(
                        pattern(
                            r"\bno api[ _-]?keys? (?:was |is |were )?(?:provided|found|set|configured|available|supplied|given)",
                            "No API key found for openai.",
                        ),
                        pattern(
                            r"\bmust (?:provide|set|specify|pass|enter|supply)\b.{0,40}\bapi[ _-]?key",
                            "You must provide an OpenAI API key to use the OpenAI LLM.",
                        ),
                        pattern(
                            r"\bdid not find\b.{0,20}\bapi[ _-]?key", "Did not find an API key"
                        ),
                        pattern(
                            r"\bapi[ _-]?key\b.{0,12}\b(?:is |was )?(?:missing|not (?:set|found|provided|configured|specified)|required|empty|undefined)\b",
                            "The API key is missing",
                        ),
                        pattern(
                            r"\bmissing\b.{0,20}\bapi[ _-]?key",
                            "AuthenticationError: Missing API key",
                        ),
                        pattern(
                            r"(?:\b(?:please|must|need to|have to|should|to|or)|^|[.!?:;,])\W{0,4}(?:set|export|provide|add|configure|enter)\b.{0,30}\b(?:OPENAI_API_KEY|openai api key)",
                            "Use /login or set OPENAI_API_KEY",
                        ),
                    )
                ),
                confidence="likely",
            ),
        ),
        links=(links.ERROR_CODES,),
    ),
    Cause(
        id="key-malformed",
        family="key",
        title="The text of the key is damaged",
        meaning=(
            "Something that is no part of the key stands in or around it: a space, a newline, "
            "quotes, an invisible character, `Bearer ` or the variable's name. Clients send it as "
            "it is, or cannot send it at all."
        ),
        finding="In {key_origin}: {key_defects}. It reads {key_picture}. {key_how}",
        looks=(
            "`Illegal header value`; \"Connection error.\" with no other reason; 'ascii' codec "
            "can't encode; 401 with an echo that begins with a quote."
        ),
        confirm="The same call with the cleaned key is accepted where the raw one is refused.",
        prevent=(
            "Write keys with `printf %s`, not `echo`; save .env files as UTF-8 with LF line ends; "
            "paste into a plain-text field."
        ),
        fixes=(
            Fix(text="Use the cleaned key.", who="you", apply=Change(kind="use-cleaned-key")),
            Fix(
                text="Correct it where it stands, then start the program anew.",
                who="you",
                command="{key_repair_command}",
            ),
            Fix(
                text=(
                    "Put the whole key there. If nobody has kept it, create a new one: a key is "
                    "shown only once."
                ),
                who="you",
                url=links.API_KEYS,
                when=When(fact={"key_damage": "unrepairable", "own_server": False}),
            ),
            Fix(
                text=(
                    "Put the whole key there. If you no longer have it, create a new one at that "
                    "server."
                ),
                who="you",
                when=When(fact={"key_damage": "unrepairable", "own_server": True}),
            ),
            Fix(
                text="Write the key anew at its origin, with nothing before or after it.",
                who="you",
            ),
        ),
        symptoms=(
            Symptom(when=When(fact={"key-cleaned": ("works", "understood")})),
            Symptom(when=When(fact={"key_damage": "unrepairable"})),
            Symptom(when=When(fact={"key_sendable": False})),
            Symptom(when=When(fact={"key_damage": "repairable"}), confidence="likely"),
            Symptom(
                when=When(
                    message=pattern(
                        rf"{_ECHO}(?:b?[\"'`{{\[<(\\]|\$\{{sk-|[a-z_]{{3,20}} ?[:=]|bearer\b|\.? *you can find|\.?\s*$)",
                        'Incorrect API key provided: "sk-abc',
                        "Incorrect API key provided: ${sk-abc",
                        "Incorrect API key provided: OPENAI_API_KEY=sk-abc",
                        "Incorrect API key provided: Bearer sk-abc",
                        "Incorrect API key provided: . You can find your API key",
                        "Incorrect API key provided:",
                    )
                ),
                confidence="likely",
            ),
            Symptom(
                when=When(
                    message=pattern(
                        rf"{_ECHO}\S{{1,200}}?[\"'>\]}}]\.? *you can find",
                        "Incorrect API key provided: sk-abc**xyz'. You can find your API key",
                    )
                ),
                confidence="likely",
            ),
            Symptom(when=When(failure="unsendable"), confidence="likely"),
        ),
        alternatives=(
            Alternative(
                cause="key-invalid",
                why="The cleaned key was refused too; a new key settles it.",
                when=When(fact={"key-cleaned": "refused"}),
            ),
            Alternative(
                cause="key-invalid",
                why="The key may be incorrect apart from its damage; a new key settles it.",
            ),
        ),
    ),
    Cause(
        id="key-placeholder",
        family="key",
        title="This is not a key",
        meaning=(
            "The value is sample text, a stand-in such as `None`, a web address, or an identifier "
            "such as an organization's. It was never a key."
        ),
        finding="The value in {key_origin} is not a key. OpenAI's keys begin with sk-.",
        findings=(
            Finding(
                when=When(fact={"key_placeholder": TEMPLATE}),
                text=(
                    "The value in {key_origin} is not a key, but the name of a variable: the "
                    "program that should have replaced it by the variable's value did not."
                ),
            ),
            Finding(
                when=When(fact={"key_placeholder": SECRET_REFERENCE}),
                text=(
                    "The value in {key_origin} is not a key, but the address of one in a store of "
                    "secrets. Clients do not resolve such addresses."
                ),
            ),
        ),
        looks="The 401's echo shows sample text; the value has no `sk-`.",
        confirm=(
            "Look at the beginning of the value: `printenv OPENAI_API_KEY | cut -c1-8`. OpenAI's "
            "keys begin with sk-."
        ),
        prevent="Fail early in your program when the variable does not begin with sk-.",
        fixes=(
            Fix(
                text=(
                    "Set the variable or secret where the value is filled in: the CI job, the "
                    "compose file or the shell."
                ),
                who="you",
                when=When(fact={"key_placeholder": TEMPLATE}),
            ),
            Fix(
                text=(
                    "Start the program through the tool that resolves such an address (`op run`, "
                    "`vals exec`), or use the container platform's own setting for secrets."
                ),
                who="you",
                when=When(fact={"key_placeholder": SECRET_REFERENCE}),
            ),
            Fix(text="Put the real key there.", who="you", command="export OPENAI_API_KEY=…"),
            Fix(text="Create a key if you have none.", who="you", url=links.API_KEYS),
        ),
        symptoms=(
            Symptom(when=When(fact={"key_role": "placeholder"})),
            Symptom(
                when=When(
                    message=pattern(
                        rf"{_ECHO}[\"'<\[{{(]{{0,2}}(?:{_STAND_INS})",
                        "Incorrect API key provided: undefined.",
                        "Incorrect API key provided: your-api-key",
                        "Incorrect API key provided: $OPENAI_KEY",
                        "Incorrect API key provided: https://",
                        "Incorrect API key provided: org-abc",
                        "Incorrect API key provided: sk-xxxx",
                    )
                )
            ),
            Symptom(
                when=When(
                    message=pattern(
                        rf"{_ECHO}(?!bearer\b)[a-z']+ \w+[ *]",
                        "Incorrect API key provided: paste your*****here",
                    )
                )
            ),
            Symptom(
                when=When(
                    message=pattern(
                        rf"{_ECHO}(.)\1{{5,60}}\*",
                        "Incorrect API key provided: xxxxxxxx********xxxx",
                    )
                )
            ),
            Symptom(
                when=When(
                    message=pattern(
                        rf"{_ECHO}\S{{0,60}}\*{{1,200}}(?:\w?[_-]?key|here|mple|oken|cret|xxx|_id)[\"'>\]}})]?(?:[.\s]|$)",
                        "Incorrect API key provided: MY_OPEN****_KEY.",
                        "Incorrect API key provided: sk-abcd****here.",
                    )
                )
            ),
            Symptom(
                when=When(
                    message=pattern(
                        rf"{_ECHO}(?!bearer\b|sk-)[a-z_-]{{1,24}}\.(?:\s|$)",
                        "Incorrect API key provided: openai. You can find your API key",
                    )
                ),
                confidence="likely",
            ),
            Symptom(
                when=When(
                    message=pattern(
                        rf"{_ECHO}(?!{_VENDORS}|{_HEX}|[a-z_]{{3,20}} ?[:=]|bearer\b|sk|sess-|eyj|ek_|b?[\"'`]|[{{\[<(\\$*\s.])\S{{4,}}",
                        "Incorrect API key provided: a1b2c3d4",
                    )
                ),
                confidence="likely",
            ),
        ),
    ),
    Cause(
        id="key-other-provider",
        family="key",
        title="The key is another vendor's",
        meaning=(
            "The key has the shape of another vendor's keys. OpenAI refuses such keys as incorrect."
        ),
        finding=(
            "The key in {key_origin} has the shape of a key of {vendor}, and the base URL leads to "
            "{host}."
        ),
        looks=(
            "A prefix such as sk-ant-, sk-or-, gsk_, AIza, xai-, hf_, nvapi-; 401 invalid_api_key "
            "at OpenAI."
        ),
        confirm=(
            "The prefix tells: sk-ant- is Anthropic's, sk-or- OpenRouter's, gsk_ Groq's, AIza "
            "Google's, xai- xAI's, hf_ Hugging Face's. The vendor's own API takes the key."
        ),
        prevent=(
            "Give each vendor's key a variable and a profile of its own, together with its base "
            "URL."
        ),
        fixes=(
            Fix(text="Set an OpenAI key instead.", who="you", url=links.API_KEYS),
            Fix(
                text="Or call {vendor} with it, if that is what you want.",
                who="you",
                command="export OPENAI_BASE_URL={vendor_base_url}",
            ),
        ),
        symptoms=(
            Symptom(
                when=When(
                    fact={
                        "key_role": "other-vendor",
                        "key_certain": True,
                        "vendor_matches_host": False,
                    }
                )
            ),
            Symptom(
                when=When(fact={"key_role": "other-vendor", "vendor_matches_host": False}),
                confidence="likely",
            ),
            Symptom(
                when=When(
                    message=pattern(
                        rf"{_ECHO}{_VENDORS}", "Incorrect API key provided: gsk_abcd****wxyz"
                    )
                )
            ),
            Symptom(
                when=When(
                    message=pattern(
                        rf"{_ECHO}{_HEX}",
                        "Incorrect API key provided: 0123abcd****************89ef",
                    )
                ),
                confidence="likely",
            ),
        ),
        alternatives=(
            Alternative(
                cause="key-invalid",
                why=(
                    "Several vendors share this shape; the list of keys tells whether it is one of "
                    "yours."
                ),
            ),
        ),
    ),
    Cause(
        id="key-invalid",
        family="key",
        title="OpenAI does not know this key",
        meaning=(
            "The key is well-formed, but OpenAI refuses it as incorrect: mistyped, revoked, "
            "deleted, or disabled after a leak. The API does not tell these apart."
        ),
        finding=(
            "{host} answered that the key …{key_last_four} is incorrect: mistyped, revoked, "
            "deleted or disabled. The API does not say which."
        ),
        looks='401, code invalid_api_key, "Incorrect API key provided".',
        confirm=(
            "The same key is refused on GET /v1/models. An owner can look for its last four "
            "characters in the list of keys."
        ),
        prevent=(
            "Rotate keys with both alive for a while; let `oai-tui check` run in CI so that a dead "
            "key shows before users see it."
        ),
        fixes=(
            Fix(
                text=(
                    "Compare the last four characters with the list of keys; create a new key if "
                    "it is not there."
                ),
                who="you",
                url=links.API_KEYS,
            ),
            Fix(
                text=(
                    "Ask an owner of the organization for a key, where creating keys is restricted."
                ),
                who="owner",
                url=links.API_KEYS,
            ),
        ),
        symptoms=(
            Symptom(when=When(code="invalid_api_key")),
            Symptom(
                when=When(
                    message=pattern(r"incorrect api key provided", "Incorrect API key provided")
                )
            ),
            Symptom(
                when=When(
                    message=any_of(
                        (
                            r"\b(?:invalid|incorrect|wrong|bad) (?:openai )?api[ _-]?key\b",
                            "Invalid API key",
                        ),
                        (
                            r"\bapi[ _-]?key\b.{0,30}\b(?:is |was )?(?:invalid|incorrect|not valid|revoked)\b",
                            "your API key is missing or invalid",
                        ),
                    )
                ),
                confidence="likely",
            ),
        ),
        alternatives=(
            Alternative(
                cause="key-malformed", why="The key may have lost characters when it was copied."
            ),
        ),
        links=(links.ERROR_CODES, links.KEY_SAFETY),
    ),
    Cause(
        id="key-expired",
        family="key",
        title="The key's own expiry date has passed",
        meaning=(
            "Keys can be made with a date on which they stop working, and an organization can "
            "demand one (since September 2026). This key's date has passed; nothing brings it back."
        ),
        looks=(
            "401, an answer that says the API key expired. OpenAI has not published the exact "
            'words; it may also be 401 invalid_api_key, "Incorrect API key provided", as for any '
            "dead key."
        ),
        confirm=(
            "An owner looks the key up by its last four characters: the list of keys, and the "
            "admin API as `expires_at`, show the date."
        ),
        prevent=(
            "Note the date where the key is kept, make the next key a week before, and let "
            "`oai-tui check` run in CI."
        ),
        fixes=(
            Fix(
                text="Create a new key, and put it everywhere the old one stands.",
                who="you",
                url=links.API_KEYS,
            ),
            Fix(
                text=(
                    "Ask an owner for a key, where creating keys is restricted; an owner also sets "
                    "the longest life of keys."
                ),
                who="owner",
                url=links.API_KEYS,
            ),
            Fix(
                text="Find the key's date with an admin key.",
                who="owner",
                command='curl -sS https://api.openai.com/v1/organization/projects/PROJECT_ID/api_keys -H "Authorization: Bearer $OPENAI_ADMIN_KEY"',
            ),
        ),
        symptoms=(
            Symptom(when=When(code=("api_key_expired", "expired_api_key", "key_expired"))),
            Symptom(
                when=When(
                    message=any_of(
                        (
                            r"\bapi[ _-]?key\b[^.\n]{0,60}(?<!may have )(?<!or )\bexpired\b",
                            "The API key you used has expired",
                        ),
                        (r"\bexpired api[ _-]?key\b", "401 expired API key"),
                    )
                ),
                confidence="likely",
            ),
        ),
        alternatives=(
            Alternative(
                cause="key-invalid",
                why=(
                    "A deleted key can be answered in the same words; the list of keys shows which "
                    "it is."
                ),
            ),
        ),
        links=(links.API_KEYS, links.KEY_SAFETY),
    ),
    Cause(
        id="key-shadowed",
        family="key",
        title="Another key than the one you mean is sent",
        meaning=(
            "Two places hold a key, and the one that wins is not the one you look at: a variable "
            "of the shell wins over the .env file, and a running service or editor keeps the "
            "variables it was started with."
        ),
        finding=(
            "The key in {key_origin} wins and is refused. The key in {other_key_origin} "
            "(…{other_key_last_four}) works."
        ),
        looks=(
            "401 invalid_api_key although the key in the file is good; the last four characters in "
            "the answer are not those of the key you mean."
        ),
        confirm=(
            "Compare the ends of all keys found here, and try each: the one that is overridden is "
            "accepted where the one that wins is refused."
        ),
        prevent=(
            "Keep one place for the key. Restart terminal, editor and services after a change; "
            "they keep the old variable."
        ),
        fixes=(
            Fix(
                text="Use the key that works.",
                who="you",
                apply=Change(kind="use-other-key", fact="other_key_fingerprint"),
            ),
            Fix(
                text="Unset the variable that wins, and start the program anew.",
                who="you",
                command="unset OPENAI_API_KEY",
            ),
            Fix(text="Replace the old key where it stands, when two places are meant.", who="you"),
        ),
        symptoms=(Symptom(when=When(fact={"other-keys": "works"})),),
        alternatives=(
            Alternative(
                cause="auth-header-malformed",
                why=(
                    "A proxy or OPENAI_CUSTOM_HEADERS may put another key into the call; the ends "
                    "that the answer shows tell."
                ),
            ),
        ),
        links=(links.KEY_SAFETY,),
    ),
    Cause(
        id="key-admin-on-inference",
        family="key",
        title="An admin key cannot call models",
        meaning=(
            "Keys that begin with sk-admin- manage an organization: its projects, people, keys, "
            "usage and costs. They are refused on models and inference."
        ),
        finding=(
            "The key in {key_origin} is an admin key, so it was not sent: it manages the "
            "organization and cannot call models."
        ),
        looks='Prefix sk-admin-; "Missing scopes: api.model.read" or the like.',
        confirm="The prefix tells. The same key is accepted on GET /v1/organization/projects.",
        fixes=(Fix(text="Use a project key for calls.", who="you", url=links.API_KEYS),),
        symptoms=(
            Symptom(when=When(fact={"key_role": "admin"})),
            Symptom(
                when=When(
                    message=pattern(
                        rf"{_ECHO}sk-admin", "Incorrect API key provided: sk-admin-****wxyz"
                    )
                )
            ),
        ),
        prevent="Keep admin keys in OPENAI_ADMIN_KEY, never in OPENAI_API_KEY.",
    ),
    Cause(
        id="key-not-admin",
        family="key",
        title="This route needs an admin key",
        meaning=(
            "Usage, costs, projects, people and keys (/v1/organization/…) answer admin keys only, "
            "and this key is an ordinary one. It is good for models."
        ),
        looks=(
            '403, sometimes 401, "Missing scopes: api.management.read" or "api.usage.read" on a '
            "path below /v1/organization."
        ),
        confirm=(
            "The same key is accepted on GET /v1/models, and an admin key is accepted on this "
            "route."
        ),
        prevent=(
            "Keep the admin key in OPENAI_ADMIN_KEY and the ordinary one in OPENAI_API_KEY; the "
            "SDKs send each where it belongs."
        ),
        fixes=(
            Fix(
                text="Create an admin key for these routes; only an owner of the organization can.",
                who="owner",
                url=links.ADMIN_KEYS,
                command="export OPENAI_ADMIN_KEY=…",
            ),
            Fix(
                text="Unset the base URL, if models are what you want to call.",
                who="you",
                command="unset OPENAI_BASE_URL",
            ),
        ),
        symptoms=(
            Symptom(
                when=When(
                    message=pattern(
                        r"\bapi\.(?:management|usage)\.(?:read|write)\b",
                        "Missing scopes: api.management.read",
                    )
                )
            ),
            Symptom(
                when=When(
                    message=any_of(
                        (
                            r"\badmin(?:istrator)? api[ _-]?key\b[^.\n]{0,60}\brequired\b",
                            "An admin API key is required for this endpoint",
                        ),
                        (
                            r"\brequires? (?:an? )?admin(?:istrator)? (?:api )?key",
                            "This endpoint requires an admin key",
                        ),
                    )
                ),
                confidence="likely",
            ),
        ),
        alternatives=(
            Alternative(
                cause="scope-missing",
                why="An admin key can be restricted too; its permissions tell.",
            ),
        ),
        links=(links.ADMIN_KEYS, links.KEY_PERMISSIONS),
    ),
    Cause(
        id="key-chatgpt-token",
        family="key",
        title="A sign-in token is not an API key",
        meaning=(
            "The value is a token of a ChatGPT, Codex or dashboard sign-in. It has no permission "
            "for the API."
        ),
        finding="The value in {key_origin} is a sign-in token, not an API key, so it was not sent.",
        looks='Begins with eyJ or sess-; "Missing scopes" on every route.',
        confirm=(
            "The beginning tells: eyJ (a JSON web token) or sess-. An API key in its place is "
            "accepted."
        ),
        prevent=(
            "Keep sign-in tokens in the program that made them; give programs of your own an API "
            "key."
        ),
        fixes=(Fix(text="Create an API key and use that.", who="you", url=links.API_KEYS),),
        symptoms=(
            Symptom(when=When(fact={"key_kind": ("jwt", "session")})),
            Symptom(
                when=When(
                    message=pattern(
                        rf"{_ECHO}(?:eyj|sess-)",
                        "Incorrect API key provided: eyJhbGci****wxyz",
                        "Incorrect API key provided: sess-abc****wxyz",
                    )
                )
            ),
        ),
    ),
    Cause(
        id="key-ephemeral",
        family="key",
        title="A realtime client secret works for one session only",
        meaning=(
            "Values that begin with ek_ are minted for one realtime session and expire within "
            "minutes; other routes refuse them."
        ),
        finding="The value in {key_origin} is a realtime client secret (ek_), not an API key.",
        looks=(
            "Prefix ek_; 401 invalid_api_key on every route but the realtime session it was made "
            "for, and there too once it has expired."
        ),
        confirm="The prefix ek_ tells. An API key in its place is accepted.",
        prevent=(
            "Mint the client secret on the server for each session, and keep the server's own key "
            "in OPENAI_API_KEY."
        ),
        fixes=(
            Fix(
                text=(
                    "Use an API key here, and mint the client secret just before each realtime "
                    "session."
                ),
                who="you",
                url=links.API_KEYS,
            ),
        ),
        symptoms=(
            Symptom(when=When(fact={"key_kind": "ephemeral"})),
            Symptom(
                when=When(
                    message=pattern(rf"{_ECHO}ek_", "Incorrect API key provided: ek_abcd****wxyz")
                )
            ),
        ),
    ),
    Cause(
        id="session-key-required",
        family="key",
        title="This route works in the dashboard only",
        meaning=(
            "The route takes no API key at all, only the browser's session. The key is not at "
            "fault."
        ),
        looks='401 or 403, "must be made with a session key".',
        confirm=(
            "Every API key is refused on this route in the same words; the dashboard in a browser, "
            "signed in, is not."
        ),
        prevent="Build on documented routes only; those of the dashboard change without notice.",
        fixes=(
            Fix(
                text=(
                    "Stop calling this route. Usage and costs have routes of their own for admin "
                    "keys."
                ),
                who="you",
                url=links.ADMIN_KEYS,
            ),
        ),
        symptoms=(
            Symptom(
                when=When(
                    message=pattern(
                        r"\bsession key\b", "Your request must be made with a session key"
                    )
                )
            ),
        ),
    ),
    Cause(
        id="token-expired",
        family="key",
        title="The sign-in token has expired or was revoked",
        meaning=(
            "The call carries a token of a sign-in (ChatGPT, Codex, workload identity), not an API "
            "key, and the token's time is over, it was revoked, or it was made by somebody else's "
            "sign-in."
        ),
        finding=(
            "The token in {key_origin} ended on {token_ended}. Sign in again where it came from."
        ),
        looks=(
            "401, code token_expired, token_revoked, token_invalidated, refresh_token_reused, "
            'invalid_jwt or invalid_issuer; "Please try signing in again".'
        ),
        confirm=(
            "Read the token's `exp` on this machine, without sending it anywhere. A fresh sign-in "
            "works."
        ),
        prevent=(
            "Let the client refresh its own token, and do not share one sign-in among several "
            "programs: each refresh ends the token of the others. For servers use an API key."
        ),
        fixes=(
            Fix(
                text="Sign in again in the program that made the token.",
                who="you",
                command="codex logout && codex login",
            ),
            Fix(text="Use an API key for calls to the API.", who="you", url=links.API_KEYS),
        ),
        symptoms=(
            Symptom(when=When(fact={"token_state": "expired"})),
            # the address that Codex calls with a ChatGPT sign-in
            Symptom(when=When(status=401, fact={"host": "chatgpt.com"}), confidence="likely"),
            Symptom(
                when=When(
                    code=(
                        "token_expired",
                        "token_revoked",
                        "token_invalidated",
                        "refresh_token_expired",
                        "refresh_token_reused",
                        "refresh_token_invalidated",
                        "invalid_jwt",
                        "jwt_expired",
                        "invalid_issuer",
                        "invalid_subject_token",
                    )
                )
            ),
            Symptom(
                when=When(
                    message=pattern(
                        r"\b(?:authentication|access|refresh|auth|oauth|bearer|id|session)[ _]token\b[^\n]{0,80}\b(?:expired|revoked|invalidated|already (?:been )?used|not from a valid issuer|could not be (?:refreshed|parsed|validated))\b",
                        "Provided authentication token is expired.",
                    )
                ),
                confidence="likely",
            ),
            Symptom(
                when=When(
                    message=any_of(
                        (r"\bjwt\b[^.\n]{0,30}\bexpired\b", "JWT has expired"),
                        (
                            r"could not parse your authentication token",
                            "Could not parse your authentication token",
                        ),
                        (r"\btoken (?:is |has )?(?:been )?expired", "Your token has expired"),
                        (r"token refresh failed", "Token refresh failed: 401"),
                        (r"failed to refresh token", "Failed to refresh token"),
                        (r"\bsign(?:ing)? in again\b", "Please try signing in again."),
                    )
                ),
                confidence="likely",
            ),
        ),
        alternatives=(
            Alternative(
                cause="key-chatgpt-token",
                why="A fresh sign-in token is still no API key; the API's own routes want a key.",
            ),
        ),
    ),
    Cause(
        id="auth-header-malformed",
        family="key",
        title="The key does not arrive as it was sent",
        meaning=(
            "A key was sent, and OpenAI saw none, or another one: the header has another name or "
            "scheme than `Authorization: Bearer KEY`, a redirect or proxy dropped it, or a proxy "
            "or OPENAI_CUSTOM_HEADERS replaced it."
        ),
        finding=(
            "The key …{key_last_four} was sent, and the answer is about another key or none. "
            "Something on the way changes the Authorization header."
        ),
        findings=(
            Finding(
                when=When(status=401, fact={"key_sent": True, "own_terms": True}),
                text="The key …{key_last_four} was sent, and {server_at} answers 401 as if none had come: “{server_words}”. Something in front of it drops the Authorization header, or it reads the key from another one.",
            ),
        ),
        looks=(
            '401 "Missing bearer authentication in header" or "You didn\'t provide an API key" '
            "although a key is set; or the 401 shows the ends of another key than yours."
        ),
        confirm=(
            "Send the same call straight to https://api.openai.com/v1, without proxy and redirect, "
            "and compare the ends that the answer shows."
        ),
        prevent=(
            "Name the final https address as base URL, and leave Authorization out of "
            "OPENAI_CUSTOM_HEADERS and of proxies' rules."
        ),
        fixes=(
            Fix(
                text="Call without the proxy {proxy}.",
                who="you",
                command="{no_proxy_command}",
                apply=Change(kind="skip-proxy"),
            ),
            Fix(
                text=(
                    "Make the server in front of the API at {host_port} pass the Authorization "
                    "header on."
                ),
                who="it",
                when=When(fact={"own_terms": True}),
            ),
            Fix(
                text="Unset the headers that are added to every call.",
                who="you",
                command="unset OPENAI_CUSTOM_HEADERS",
            ),
            Fix(
                text=(
                    "Send exactly one header, `Authorization: Bearer` and the key, to the final "
                    "https address."
                ),
                who="you",
                command='curl -sS https://api.openai.com/v1/models -H "Authorization: Bearer $OPENAI_API_KEY"',
            ),
            Fix(
                text="Ask whether a proxy or gateway removes or replaces the Authorization header.",
                who="it",
            ),
        ),
        symptoms=(
            Symptom(
                when=When(
                    status=401,
                    fact={"key_sent": True, "own_terms": True},
                    message=NO_KEY_ARRIVED,
                ),
                confidence="likely",
            ),
            Symptom(when=When(status=401, fact={"echo_differs": True})),
            Symptom(
                when=When(
                    status=401,
                    fact={"key_sent": True},
                    message=(
                        pattern(
                            r"missing bearer",
                            "401 Missing bearer or basic authentication in header",
                        ),
                        pattern(r"didn'?t provide an api key", "You didn't provide an API key."),
                        pattern(
                            r"missing (?:bearer or basic )?authentication",
                            "401 Missing bearer or basic authentication in header",
                        ),
                    ),
                )
            ),
            Symptom(
                when=When(
                    message=any_of(
                        (
                            r"\b(?:malformed|invalid|unsupported|bad) authori[sz]ation (?:header|scheme|type)",
                            "Invalid authorization header",
                        ),
                        (
                            r"\bauthori[sz]ation header[^.\n]{0,40}\b(?:malformed|invalid|format)",
                            "Authorization header is malformed",
                        ),
                    )
                ),
                confidence="likely",
            ),
        ),
        alternatives=(
            Alternative(
                cause="gateway-key-refused",
                why="Some servers say this of a key whose form they do not know; a key of their own tells.",
                when=When(fact={"own_terms": True}),
            ),
            Alternative(
                cause="key-missing",
                why=(
                    "The program that made the call may have no key at all; `oai-tui` lists every "
                    "place it looks for one."
                ),
            ),
            Alternative(
                cause="key-shadowed",
                why=(
                    "The other key may come from another source on this machine; compare its ends "
                    "with those found here."
                ),
            ),
        ),
        links=(links.ERROR_CODES,),
    ),
    Cause(
        id="account-deactivated",
        family="key",
        title="The account behind this key was closed",
        meaning=(
            "OpenAI closed the account or organization to which the key belongs. Every key of it "
            "fails."
        ),
        looks='401 or 403, code account_deactivated or access_terminated, "access was terminated".',
        confirm="Another key of the same account fails as well.",
        prevent="Keep the owner's e-mail address read by somebody, and have a second owner.",
        fixes=(
            Fix(
                text=(
                    "Look for the e-mail in which OpenAI gives the reason, and answer it or appeal."
                ),
                who="owner",
                url=links.SUPPORT,
            ),
            Fix(text="Use a key of another organization meanwhile.", who="you"),
        ),
        symptoms=(
            Symptom(
                when=When(
                    code=("account_deactivated", "access_terminated", "organization_deactivated")
                )
            ),
            Symptom(
                when=When(
                    message=(
                        pattern(
                            r"\b(?:account|organi[sz]ation)\b.{0,60}\b(?:deactivated|disabled|terminated|suspended|banned)\b",
                            "Your OpenAI account has been deactivated",
                        ),
                        pattern(r"\bdeactivated account\b", "key of a deactivated account"),
                        pattern(
                            r"access (?:was |has been |is )?terminated",
                            "Your access was terminated due to violation of our policies",
                        ),
                    )
                )
            ),
        ),
    ),
)
