"""The family "key": the key itself, its text, its kind, the account of its owner."""

from oai_tui.domain.cause import Alternative, Cause, Finding, Fix, Symptom
from oai_tui.domain.condition import When
from oai_tui.domain.keys.prefixes import VENDOR_PREFIXES, alternation
from oai_tui.domain.target import Change
from oai_tui.knowledge import links
from oai_tui.knowledge.key_shapes import SECRET_REFERENCE, TEMPLATE
from oai_tui.knowledge.patterns import any_of, pattern
from oai_tui.knowledge.suspects import NO_KEY_ARRIVED

_NOT_IN_SOURCE = When(fact={"credential": "not-in-source"})
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
        title="No API key found",
        meaning=(
            "The program that makes the call has no key: the variable is unset, empty or not "
            "exported to that process, or the header was lost on its way."
        ),
        looks=(
            'SDK "Missing credentials"; 401 "Missing bearer authentication in header"; 401 "You '
            "didn't provide an API key\"; no error code."
        ),
        confirm=(
            "List every place a key could come from. The API returns the same message for a call "
            "without a key."
        ),
        prevent=(
            "Save the key as a profile in the keyring and start programs from it; new terminals "
            "then need no variable."
        ),
        findings=(
            Finding(
                when=When(fact={"credential": "profile-missing"}),
                text="No profile {wanted_profile} is saved here, so there was no key to check.",
            ),
            Finding(
                when=_NOT_IN_SOURCE,
                text=(
                    "The variable {missing_variable} is not set or is empty, so there was no key "
                    "to check."
                ),
            ),
            Finding(
                when=_NOT_IN_SOURCE,
                text="No key came from {missing_source}, so there was no key to check.",
            ),
            Finding(
                when=When(fact={"credential": "not-read"}),
                text=(
                    "No key was found, but {unread_files} couldn't be read and may contain one. "
                    "A program that loads that file may have a key."
                ),
            ),
        ),
        fixes=(
            Fix(
                text="Set {missing_variable}: {missing_for} reads its key from it.",
                who="you",
                command="export {missing_variable}=…",
                when=_NOT_IN_SOURCE,
            ),
            Fix(
                text="Set the key: {missing_source_step}, or name another place.",
                who="you",
                command="{missing_source_command}",
                when=_NOT_IN_SOURCE,
            ),
            Fix(
                text="Set the key: {missing_source_step}, or name another place.",
                who="you",
                when=_NOT_IN_SOURCE,
                unless=When(fact={"missing_source_command": None}),
            ),
            Fix(
                text=(
                    "Set a key for the server at {base_url}, or any text if it accepts calls "
                    "without a key: the SDKs don't start without one."
                ),
                who="you",
                command="export OPENAI_API_KEY=…",
                when=When(fact={"own_server": True}),
                unless=_NOT_IN_SOURCE,
            ),
            Fix(
                text="Make {unread_files} readable for your user, then check again.",
                who="you",
            ),
            Fix(
                text=(
                    "Unset the empty variable: because of it, load_dotenv ignores the key in "
                    "{unused_key_place}."
                ),
                who="you",
                command="{unset_command}",
            ),
            Fix(
                text="Use the name of a saved profile.",
                who="you",
                command="oai-tui profiles list",
                when=When(fact={"credential": "profile-missing"}),
            ),
            Fix(
                text="Enter or paste a key here, or set it in the shell that runs the program.",
                who="you",
                command="export OPENAI_API_KEY=…",
                unless=_NOT_IN_SOURCE,
            ),
            Fix(text="Create a key if you don't have one.", who="you", url=links.API_KEYS),
        ),
        symptoms=(
            Symptom(when=When(fact={"credential": ("none", "profile-missing", "not-in-source")})),
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
        title="The key contains stray characters",
        meaning=(
            "The value has something in it that isn't part of the key: a space, a newline, "
            "quotes, an invisible character, `Bearer ` or the variable's name. Clients send it "
            "unchanged, or can't send it at all."
        ),
        finding="In {key_origin}: {key_defects}. What is stored: {key_picture}. {key_how}",
        looks=(
            "`Illegal header value`; \"Connection error.\" without another reason; 'ascii' codec "
            "can't encode; 401 whose message shows a key that starts with a quote."
        ),
        confirm="The cleaned key works in the same call where the original fails.",
        prevent=(
            "Write keys with `printf %s`, not `echo`; save .env files as UTF-8 with LF line "
            "endings; paste into a plain-text field."
        ),
        fixes=(
            Fix(text="Use the cleaned key.", who="you", apply=Change(kind="use-cleaned-key")),
            Fix(
                text="Fix it at the source, then restart the program.",
                who="you",
                command="{key_repair_command}",
            ),
            Fix(
                text=(
                    "Enter the whole key. If no one saved it, create a new one: a key is shown "
                    "only once."
                ),
                who="you",
                url=links.API_KEYS,
                when=When(fact={"key_damage": "unrepairable", "own_server": False}),
            ),
            Fix(
                text=(
                    "Enter the whole key. If you no longer have it, create a new one on that "
                    "server."
                ),
                who="you",
                when=When(fact={"key_damage": "unrepairable", "own_server": True}),
            ),
            Fix(
                text="Re-enter the key at its source, with nothing before or after it.",
                who="you",
            ),
        ),
        symptoms=(
            Symptom(when=When(fact={"key-cleaned": ("works", "recognized")})),
            Symptom(when=When(fact={"key_damage": "unrepairable"})),
            Symptom(when=When(fact={"key_sendable": False})),
            Symptom(when=When(fact={"key_damage": "repairable"}), confidence="likely"),
            Symptom(
                when=When(
                    message=pattern(
                        rf"{_ECHO}(?!\[key hidden)(?:b?[\"'`{{\[<(\\]|\$\{{sk-|[a-z_]{{3,20}} ?[:=]|bearer\b|\.? *you can find|\.?\s*$)",
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
                why="The cleaned key was refused too; try a new key.",
                when=When(fact={"key-cleaned": "rejected"}),
            ),
            Alternative(
                cause="key-invalid",
                why="The key may also be wrong once cleaned; try a new key.",
            ),
        ),
    ),
    Cause(
        id="key-placeholder",
        family="key",
        title="The value is not an API key",
        meaning=(
            "The value is sample text, a placeholder such as `None`, a URL, or an ID such as an "
            "organization ID."
        ),
        finding="The value in {key_origin} is not an API key. OpenAI keys start with sk-.",
        findings=(
            Finding(
                when=When(fact={"key_placeholder": TEMPLATE}),
                text=(
                    "The value in {key_origin} is a variable name, not a key: the program that "
                    "fills in the variable's value didn't do so."
                ),
            ),
            Finding(
                when=When(fact={"key_placeholder": SECRET_REFERENCE}),
                text=(
                    "The value in {key_origin} is a reference to a secret store, not a key. API "
                    "clients don't resolve references."
                ),
            ),
        ),
        looks="The 401 message shows sample text; the value has no `sk-`.",
        confirm=(
            "Look at the start of the value: `printenv OPENAI_API_KEY | cut -c1-8`. OpenAI keys "
            "start with sk-."
        ),
        prevent="Make your program fail early if the variable doesn't start with sk-.",
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
                    "Start the program with the tool that resolves the reference (`op run`, "
                    "`vals exec`), or use the container platform's secrets setting."
                ),
                who="you",
                when=When(fact={"key_placeholder": SECRET_REFERENCE}),
            ),
            Fix(
                text="Replace it with your real key.", who="you", command="export OPENAI_API_KEY=…"
            ),
            Fix(text="Create a key if you don't have one.", who="you", url=links.API_KEYS),
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
        title="This key is from another provider",
        meaning="The key looks like another provider's. OpenAI rejects such keys as incorrect.",
        finding=(
            "The key in {key_origin} looks like a {vendor} key, but the base URL points to {host}."
        ),
        looks=(
            "Starts with sk-ant-, sk-or-, gsk_, AIza, xai-, hf_ or nvapi-; 401 invalid_api_key "
            "from OpenAI."
        ),
        confirm=(
            "Check the prefix: sk-ant- is Anthropic, sk-or- OpenRouter, gsk_ Groq, AIza Google, "
            "xai- xAI, hf_ Hugging Face. The key works with that provider's API."
        ),
        prevent=(
            "Use a separate variable and profile for each provider's key, together with its base "
            "URL."
        ),
        fixes=(
            Fix(text="Set an OpenAI key instead.", who="you", url=links.API_KEYS),
            Fix(
                text="Call {vendor} with it, if that is what you want.",
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
                    "Several providers use this format; look for the key in your list of OpenAI "
                    "keys."
                ),
            ),
        ),
    ),
    Cause(
        id="key-invalid",
        family="key",
        title="OpenAI rejected this key",
        meaning=(
            "The key looks valid, but OpenAI rejects it as incorrect: mistyped, revoked, "
            "deleted, or disabled after a leak. The API doesn't say which."
        ),
        finding=(
            "{host} rejected the key …{key_last_four} as incorrect: mistyped, revoked, deleted "
            "or disabled. The API doesn't say which."
        ),
        looks='401, code invalid_api_key, "Incorrect API key provided".',
        confirm=(
            "The same key fails on GET /v1/models. An owner can look up its last four characters "
            "under API keys."
        ),
        prevent=(
            "When you rotate a key, keep the old one valid for a while; run `oai-tui check` in "
            "CI to find a dead key before your users do."
        ),
        fixes=(
            Fix(
                text=(
                    "Look up the last four characters under API keys; create a new key if it "
                    "isn't listed. If it is listed and was just changed, wait up to 15 minutes."
                ),
                who="you",
                url=links.API_KEYS,
            ),
            Fix(
                text="If you can't create keys, ask an organization owner for one.",
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
                cause="key-malformed", why="Characters may have been lost when the key was copied."
            ),
        ),
        links=(links.ERROR_CODES, links.KEY_SAFETY),
    ),
    Cause(
        id="key-expired",
        family="key",
        title="This key has expired",
        meaning=(
            "Keys can have an expiry date, and an organization can require one (since September "
            "2026). This key's date has passed; an expired key can't be restored."
        ),
        looks=(
            "401 with a message that the API key expired. OpenAI hasn't published the exact "
            'message; it may also be 401 invalid_api_key, "Incorrect API key provided", as for '
            "a deleted key."
        ),
        confirm=(
            "An owner can look up the last four characters: the API keys page shows the expiry "
            "date, and so does the admin API (`expires_at`)."
        ),
        prevent=(
            "Note the expiry date with the key, create the next key a week before, and run "
            "`oai-tui check` in CI."
        ),
        fixes=(
            Fix(
                text="Create a new key, and replace the old one everywhere it is used.",
                who="you",
                url=links.API_KEYS,
            ),
            Fix(
                text=(
                    "If you can't create keys, ask an owner for one; an owner also sets the "
                    "maximum key lifetime."
                ),
                who="owner",
                url=links.API_KEYS,
            ),
            Fix(
                text="Look up the key's expiry date with an admin key.",
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
                    "A deleted key can get the same message; the API keys page shows whether it "
                    "still exists."
                ),
            ),
        ),
        links=(links.API_KEYS, links.KEY_SAFETY),
    ),
    Cause(
        id="key-shadowed",
        family="key",
        title="The wrong key is being used",
        meaning=(
            "Two places have a key, and the one that takes precedence is not the one you expect: "
            "a shell variable overrides the .env file, and a running service or editor keeps the "
            "variables it was started with."
        ),
        finding=(
            "The key from {key_origin} takes precedence and is rejected. The key in "
            "{other_key_origin} (…{other_key_last_four}) works."
        ),
        looks=(
            "401 invalid_api_key although the key in the file is valid; the last four characters "
            "in the message are those of another key."
        ),
        confirm=(
            "Compare the last four characters of all keys found here, and try each: the "
            "overridden key works where the one in use fails."
        ),
        prevent=(
            "Keep the key in one place. Restart terminals, editors and services after a change; "
            "they keep the old variable."
        ),
        fixes=(
            Fix(
                text="Use the key that works.",
                who="you",
                apply=Change(kind="use-other-key", fact="other_key_fingerprint"),
            ),
            Fix(
                text="Unset the variable that takes precedence, then restart the program.",
                who="you",
                command="unset OPENAI_API_KEY",
            ),
            Fix(text="If you need both places, replace the old key there.", who="you"),
        ),
        symptoms=(Symptom(when=When(fact={"other-keys": "works"})),),
        alternatives=(
            Alternative(
                cause="auth-header-malformed",
                why=(
                    "A proxy or OPENAI_CUSTOM_HEADERS may send another key; compare the last "
                    "four characters in the message."
                ),
            ),
        ),
        links=(links.KEY_SAFETY,),
    ),
    Cause(
        id="key-admin-on-inference",
        family="key",
        title="An admin key can't call models",
        meaning=(
            "Keys that start with sk-admin- manage an organization: projects, people, keys, "
            "usage and costs. They don't work for models and inference."
        ),
        finding=(
            "The key in {key_origin} is an admin key, so it was not sent: it manages the "
            "organization and can't call models."
        ),
        looks='Starts with sk-admin-; "Missing scopes: api.model.read" or similar.',
        confirm="Check the prefix. The same key works on GET /v1/organization/projects.",
        fixes=(Fix(text="Use a project key for API calls.", who="you", url=links.API_KEYS),),
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
        title="This endpoint needs an admin key",
        meaning=(
            "Usage, costs, projects, people and keys (/v1/organization/…) only accept admin "
            "keys, and this is a normal API key. It works for models."
        ),
        looks=(
            '403, sometimes 401, "Missing scopes: api.management.read" or "api.usage.read" on a '
            "path below /v1/organization."
        ),
        confirm="The same key works on GET /v1/models, and an admin key works on this endpoint.",
        prevent=(
            "Keep the admin key in OPENAI_ADMIN_KEY and the normal key in OPENAI_API_KEY; the "
            "SDKs send each to the right endpoints."
        ),
        fixes=(
            Fix(
                text="Create an admin key for these endpoints; only an organization owner can.",
                who="owner",
                url=links.ADMIN_KEYS,
                command="export OPENAI_ADMIN_KEY=…",
            ),
            Fix(
                text="If you want to call models, unset the base URL.",
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
                why="An admin key can be restricted too; check its permissions.",
            ),
        ),
        links=(links.ADMIN_KEYS, links.KEY_PERMISSIONS),
    ),
    Cause(
        id="key-chatgpt-token",
        family="key",
        title="A sign-in token is not an API key",
        meaning="The value is a ChatGPT, Codex or dashboard sign-in token. It has no API permissions.",
        finding="The value in {key_origin} is a sign-in token, not an API key, so it was not sent.",
        looks='Starts with eyJ or sess-; "Missing scopes" on every endpoint.',
        confirm="Check the prefix: eyJ (a JSON web token) or sess-. An API key works instead.",
        prevent=(
            "Leave sign-in tokens in the program that created them; use an API key in your own "
            "programs."
        ),
        fixes=(Fix(text="Create an API key and use it instead.", who="you", url=links.API_KEYS),),
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
        title="A Realtime client secret works for one session only",
        meaning=(
            "Values that start with ek_ are created for one Realtime session and expire within "
            "minutes; other endpoints reject them."
        ),
        finding="The value in {key_origin} is a Realtime client secret (ek_), not an API key.",
        looks=(
            "Starts with ek_; 401 invalid_api_key on every endpoint except its own Realtime "
            "session, and there too once it has expired."
        ),
        confirm="Check the prefix ek_. An API key works instead.",
        prevent=(
            "Create the client secret on your server for each session, and keep the server's API "
            "key in OPENAI_API_KEY."
        ),
        fixes=(
            Fix(
                text=(
                    "Use an API key here, and create the client secret right before each "
                    "Realtime session."
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
        title="This endpoint only works in the dashboard",
        meaning=(
            "The endpoint only accepts the dashboard's browser session, not an API key. The key "
            "is not the problem."
        ),
        looks='401 or 403, "must be made with a session key".',
        confirm=(
            "Every API key is rejected here with the same message; the signed-in dashboard is not."
        ),
        prevent="Use documented endpoints only; the dashboard's own change without notice.",
        fixes=(
            Fix(
                text=(
                    "Stop calling this endpoint. For usage and costs there are endpoints for "
                    "admin keys."
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
            "The call uses a sign-in token (ChatGPT, Codex, workload identity), not an API key. "
            "The token has expired, was revoked, or was replaced by another sign-in."
        ),
        finding=(
            "The token in {key_origin} expired on {token_ended}. Sign in again in the tool that "
            "issued it."
        ),
        looks=(
            "401, code token_expired, token_revoked, token_invalidated, refresh_token_reused, "
            'invalid_jwt or invalid_issuer; "Please try signing in again".'
        ),
        confirm=(
            "Read the token's `exp` on this machine, without sending it anywhere. A new sign-in "
            "works."
        ),
        prevent=(
            "Let the client refresh its own token, and don't share one sign-in between programs: "
            "each refresh invalidates the others' tokens. Use an API key on servers."
        ),
        fixes=(
            Fix(
                text="Sign in again in the program that issued the token.",
                who="you",
                command="codex logout && codex login",
            ),
            Fix(text="Use an API key for API calls.", who="you", url=links.API_KEYS),
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
                why="A new sign-in token is still not an API key; API endpoints need a key.",
            ),
        ),
    ),
    Cause(
        id="auth-header-malformed",
        family="key",
        title="The Authorization header is changed on its way to OpenAI",
        meaning=(
            "A key was sent, but OpenAI received none or another one: the header is not "
            "`Authorization: Bearer KEY`, a redirect or proxy removed it, or a proxy or "
            "OPENAI_CUSTOM_HEADERS replaced it."
        ),
        finding=(
            "The key …{key_last_four} was sent, but the response is about a different key, or "
            "none. Something in between changes the Authorization header."
        ),
        findings=(
            Finding(
                when=When(status=401, fact={"key_sent": True, "own_terms": True}),
                text=(
                    "The key …{key_last_four} was sent, but {server_at} returned 401 as if there "
                    "were none: “{server_words}”. Something in front of it removes the "
                    "Authorization header, or it reads the key from another header."
                ),
            ),
        ),
        looks=(
            '401 "Missing bearer authentication in header" or "You didn\'t provide an API '
            'key" although a key is set; or the 401 shows the last characters of another key.'
        ),
        confirm=(
            "Send the same call directly to https://api.openai.com/v1, without a proxy or "
            "redirect, and compare the last four characters in the response."
        ),
        prevent=(
            "Set the final https address as the base URL, and keep Authorization out of "
            "OPENAI_CUSTOM_HEADERS and proxy rules."
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
                    "Configure the server in front of the API at {host_port} to forward the "
                    "Authorization header."
                ),
                who="it",
                when=When(fact={"own_terms": True}),
            ),
            Fix(
                text="Unset {custom_headers}, which adds headers to every call.",
                who="you",
                command="unset OPENAI_CUSTOM_HEADERS",
            ),
            Fix(
                text=(
                    "Send only the header `Authorization: Bearer` with the key, to the final "
                    "https address and without OPENAI_CUSTOM_HEADERS."
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
                why=(
                    "Some servers return this for a key in an unknown format; try a key for that "
                    "server."
                ),
                when=When(fact={"own_terms": True}),
            ),
            Alternative(
                cause="key-missing",
                why=(
                    "The program that made the call may have no key at all; `oai-tui` lists the "
                    "places it looks in."
                ),
            ),
            Alternative(
                cause="key-shadowed",
                why=(
                    "The other key may come from another source on this machine; compare its "
                    "last four characters with the keys found here."
                ),
            ),
        ),
        links=(links.ERROR_CODES,),
    ),
    Cause(
        id="account-deactivated",
        family="key",
        title="The account or organization was deactivated",
        meaning=(
            "OpenAI deactivated the account or organization this key belongs to. All its keys fail."
        ),
        looks='401 or 403, code account_deactivated or access_terminated, "access was terminated".',
        confirm="Another key from the same account fails too.",
        prevent="Make sure someone reads the owner's e-mail, and add a second owner.",
        fixes=(
            Fix(
                text="Find OpenAI's e-mail with the reason, then reply to it or appeal.",
                who="owner",
                url=links.SUPPORT,
            ),
            Fix(text="Use a key from another organization in the meantime.", who="you"),
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
