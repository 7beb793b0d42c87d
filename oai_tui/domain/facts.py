"""Every fact: its name and what it means. Begin here to understand the tree and the catalogue.

`When` can only compare and search, so a probe computes whatever else is needed and gives it a name.
The lint (diagnosis/lint_tree.py) refuses a symptom or a fix with a fact that is not in this table.
"""

from collections.abc import Mapping

from oai_tui.domain.observation import Fact

FACTS: dict[str, str] = {
    # the credential, by probes/key_check.py
    "credential": (
        "none | found | unreadable (the keyring refused) | profile-missing | not-read (a file "
        "that may contain it was not read)"
    ),
    "wanted_profile": "the name of a profile that was asked for and is not saved",
    "unread_files": "the files that may contain a key and were not read",
    "unused_key_place": "where the key is that an empty environment variable overrides",
    "unset_command": "the command that unsets that variable",
    "key_role": "inference | admin | other-vendor | placeholder | token | unknown",
    "key_kind": "id of the key's kind",
    "key_placeholder": "what a value that is not a key is, in words",
    "key_certain": "true when no other vendor shares the key's shape",
    "vendor": "the vendor whose shape the key has",
    "vendor_base_url": "that vendor's base URL",
    "own_server": "true when the base URL is not OpenAI's; a placeholder may be valid there",
    "vendor_matches_host": "true when the base URL is not OpenAI's; other keys may be valid there",
    "key_damage": "none | repairable | unrepairable",
    "key_sendable": "true when an HTTP client can send the key as it is",
    "key_defects": "the defects as text, each with its position",
    "key_picture": "the key masked, with every defect in its place",
    "key_how": "how the defect arises",
    "key_repair_command": "the command that repairs it in place",
    "base_url": "the base URL of this run",
    "key_origin": "where the key came from, in words",
    "key_last_four": "the last four characters of the key that was sent",
    "token_state": "expired | running: by the expiry time in a sign-in token",
    "token_ended": "the day on which a sign-in token expired",
    "other_keys": "how many other keys were found, without those of other providers",
    "other_key_origin": "where the other key that was tried and works came from",
    "other_key_last_four": "its last four characters",
    "other_key_fingerprint": "its fingerprint",
    # the settings, by probes/settings.py
    "base_url_problem": "none | no-scheme | not-http | no-host | plain-http (to OpenAI) | blanks |"
    " port | path-is-endpoint | query",
    "plain_http_to": (
        "the other machine that could read the key, because the base URL uses http and the user "
        "has not allowed that"
    ),
    "base_url_repaired": "the base URL without that problem, if it can be repaired",
    "organization_problem": "blanks: the organization ID has characters that can't be sent",
    "project_problem": "blanks: the project ID has characters that can't be sent",
    "custom_headers": "the variable with headers for every call of the SDKs, if it is set",
    "organization_origin": "where the organization setting came from",
    "project_origin": "where the project setting came from",
    "base_url_origin": "where the base URL came from",
    "host": "the host of the base URL",
    "host_kind": "openai | local | other: whose host it is, by its name",
    "proxy": "the proxy that is used for this host, without its password; absent for none",
    "local_call_proxy": "the proxy that a call to this machine goes through, without its password",
    "no_proxy_command": "the command that adds this host to NO_PROXY and keeps its other entries",
    "proxy_reason": "which proxy is used and why, or why none",
    "proxy_variable": "the variable that names the proxy in use",
    "proxy_problem": (
        "quotes | blanks | socks-scheme | scheme | port | socks-unsupported: why the proxy "
        "setting is invalid"
    ),
    "proxy_error_text": "the same in words",
    "store": "the certificate store in use",
    "store_named": "the variable and the path that replace the system's store; absent for none",
    "ca_file": "the CA file or folder in the environment that can't be used",
    "ca_error": "why it can't be used",
    # the connection, by probes/reach.py and probes/network/
    "failed_phase": "settings | name | connect | proxy | tls | answer: where the call failed",
    "name_problem": "this-name | offline | resolver-silent: why a name does not resolve",
    "name_error": "the same in words",
    "points_inside": "the addresses of an OpenAI host if all are private or this machine's own",
    "route": (
        "none | there | not known (for a pasted text): whether this machine has a route to other "
        "networks at all"
    ),
    "route_said": "that there is none, as a clause",
    "connect_said": "how connecting failed, as the end of a sentence about the host",
    "blocked_said": "what shows that something blocks the connection to OpenAI, as a clause",
    "address_used": "the address the call went to",
    "ipv4": "open | refused | silent | unreachable | reset | none: TCP to the host's IPv4 address",
    "ipv6": "the same for IPv6",
    "dead_family": "IPv6: the address family without an answer while the other one answers",
    "proxy_hop": "open | refused | silent | unreachable | reset | no-name: TCP to the proxy itself",
    "proxy_forwards": "true when the proxy is asked to forward plain http, so that an answer can be"
    " its own",
    "proxy_said": "what the proxy did with the call, as the end of a sentence",
    "proxy_login": "that the proxy requires a login, or rejects the one it got, in words",
    "proxy_login_command": "the command that sets a login for this proxy, with placeholders",
    "proxy_reason_phrase": "the text after the proxy's status for CONNECT",
    "direct_host": "the host, if the call without the proxy was answered by an API",
    "proxy_status": "the proxy's own status for CONNECT, 0 for no HTTP",
    "proxy_login_doubtful": "true when a proxy answers 403 to a user and password, and asks for a"
    " login without them",
    "proxy_schemes": "the authentication schemes that a 407 offers",
    "proxy_named": "the proxy's product, by its page or headers",
    "proxy_page": "filter | cloudflare: the responder of the page that the proxy returned",
    "proxy_error": "the proxy's own word for its error (X-Squid-Error)",
    "tls_who": "who issued the certificate, and the product if the issuer names one",
    "tls_product": "the product that issued the certificate instead of a public authority",
    "tls_names": "the hosts that the certificate is for",
    "tls_until": "the last day of the certificate",
    "tls_trouble": "what is wrong with the certificate, in words",
    "certifi": "knows it | does not know it: certifi's store, and the authority of a"
    " certificate that this machine trusts",
    "other_store": "trusts it | does not trust it | not known: certifi's store, and a"
    " certificate that this machine refuses",
    "other_store_knows": "certifi, when its store trusts what this machine's does not",
    "plain_http": "true when plain HTTP is spoken at a port where TLS was expected",
    "name_filter": "true when a handshake without the host's name succeeds and one with it is cut",
    "colo": "the Cloudflare location that this machine reaches, three letters",
    "bare_host_url": "the host of the base URL with /v1 alone",
    "other_base_url": "that URL, once it has answered",
    "status_page": "none | minor | major | critical | not known: the state on OpenAI's status page",
    "status_text": "its own words",
    # the answer, by probes/http_client.py
    "speaker": "openai | openai-like | gateway | web | cloudflare | filter | proxy | other: the"
    " kind of the responder",
    "speaker_name": "the product or vendor that answered",
    "own_terms": "true when the server is not OpenAI's and answers in its own words",
    "server": "the product of that server, once known",
    "server_at": "its product and address; begins a sentence",
    "host_port": "the host and port of that server",
    "server_words": "what it says, in one line",
    "answer_status": "its HTTP status",
    "front_server": "the server in front that gave the answer by itself; may be empty",
    "upstream_down": "certain | likely | no: a gateway answers, the server behind it does not",
    "login_scheme": "Basic | Negotiate | NTLM | Digest: the login that a 401 asks for",
    "login_realm": "the realm of that login",
    "refused_in_200": "true when an answer of 200 holds an error",
    "lists_without_key": "true when the server lists its models without a key, so that its list"
    " does not show whether it accepts the key",
    "asks_for_login": "true when the answer is a page with a field for a password",
    "upgrade_to": "the protocol that a 426 asks for",
    "redirect_to": "where a redirect leads, in full",
    "redirect_base_url": "the base URL to which a redirect leads",
    "redirect_adds_slash": "true when a redirect leads to the same address with a slash at its end",
    "redirect_signs_in": "true when a redirect leads to a page for signing in",
    "https_base_url": "the base URL in https, when the port speaks TLS only",
    "key_sent": "true when the key went with the request",
    "project_named": "the project that the request's OpenAI-Project header names",
    "organization_named": "the same for its OpenAI-Organization header",
    "key_may_go": "true when the endpoint is proved to be OpenAI's, on this machine, or agreed to",
    "endpoint": "proved | loopback | agreed | doubtful: why the key may go there, or may not",
    "body_kind": "json | html | text | empty | binary | too-large",
    "location": "where a redirect points",
    "location_host": "the host a redirect points to",
    "tls_version": "TLS version of the connection",
    "tls_issuer": "organization or common name of the certificate's issuer",
    "tls_flaw": "what is wrong with a certificate that was refused, as the end of a title",
    "empty_key_word": "the word that a program sent instead of a key: undefined, null",
    "failure_words": "vague: a client uses the same message for several failures",
    "tls_problem": "expired | not-yet-valid | wrong-name | self-signed | unknown-issuer",
    "addresses": "the addresses the name resolved to",
    "clock_state": "right | ahead | behind: this machine's clock compared with the answer's Date,"
    " right within five minutes",
    "clock_off": "by how much, in words",
    "clock_skew_s": "seconds this machine's clock is ahead of the answer's Date",
    "base_url_with_v1": "the base URL with /v1 at its end",
    "named_host": "the host that a 401 incorrect_hostname names",
    "named_host_url": "the base URL on that host",
    "missing_scopes": "the scopes that are missing, by the answer",
    "echoed_last_four": "the last characters of the key in the response: four, formerly three",
    "echo_differs": "true when the response shows the last characters of another key",
    "retry_after_s": "seconds the answer asks to wait",
    "limit": "the limit that a 429 names",
    "requested": "the requested amount in a 429",
    "limit_kind": "requests | tokens | requests per day | …: what a 429 limits",
    "limit_state": "over (Requested > Limit) | zero | reached",
    "organization_seen": "the organization's name in the answer's headers",
    "project_seen": "the project's id in the answer's headers",
    # models
    "models_listed": "how many models the key can list",
    "list_missing": "true when a server that is not OpenAI's has no list of models",
    "no_model_answer": "true when such a server answers a billed request with 200 and no output",
    "model_wanted": "the model that was asked for; may be empty",
    "model_listed": "true | false: whether the wanted model is in the list",
    "model_near": "the nearest listed name; for a retired model, a current one",
    "model_for_inference": "the model that the billed request uses",
    "model_that_answers": "a listed model that answers a plain text request",
    "model_elsewhere": "true when the wanted model is fine-tuned and its name contains another"
    " organization than the key's",
    "model_shutdown": "shutdown date of the wanted model",
    "model_retired": "true when that date has passed",
    # identity
    "organizations": "the organizations behind the key, as titles and ids",
    "organization_count": "how many",
    "organization_rows": "the same as JSON: id, title, short name, role, whether it is the default",
    "several_organizations": "true when the key reaches more than one organization",
    "organization_in_use": "the title and id of the one that requests count for",
    "other_organizations": "the others, as titles and ids",
    "other_organization_id": "the id of the first of the others",
    "organization_chosen": "the id of the organization that the user chose for this run",
    "model_chosen": "the model that the user chose for this run",
    "user": "the e-mail address behind the key by its first letter and domain",
    # inference
    "billing": "tested | untested",
    "usage": "tokens the billed request used",
    # limits
    "limit_requests": "x-ratelimit-limit-requests",
    "remaining_requests": "x-ratelimit-remaining-requests",
    "reset_requests_s": "x-ratelimit-reset-requests in seconds",
    "limit_tokens": "x-ratelimit-limit-tokens",
    "remaining_tokens": "x-ratelimit-remaining-tokens",
    "reset_tokens_s": "x-ratelimit-reset-tokens in seconds",
    "limits_known": "true when the answer has any of them",
    # saving
    "keyring": "works | unavailable | locked | refused | slow | differs | insecure | memory",
    "keyring_name": "the back end's name",
    "keyring_detail": "its own words",
    "keyring_step": "what to do about it on this machine",
    "keyring_command": "the command that does it",
    "profile_name": "the name under which to save",
    "saved_as": "the name under which the profile was saved",
}

CARRIED_FACTS = frozenset(
    {
        # the key
        "key_role",
        "key_kind",
        "key_certain",
        "key_damage",
        "key_placeholder",
        "key_sendable",
        "key_defects",
        "key_picture",
        "key_how",
        "key_repair_command",
        "key_origin",
        "key_last_four",
        "key_sent",
        "key_may_go",
        "token_state",
        "token_ended",
        "vendor",
        "vendor_base_url",
        "vendor_matches_host",
        # the settings
        "organization_origin",
        "project_origin",
        "base_url",
        "base_url_origin",
        "base_url_problem",
        "base_url_repaired",
        "base_url_with_v1",
        "host",
        "host_kind",
        "plain_http_to",
        "store_named",
        # the proxy
        "proxy",
        "local_call_proxy",
        "no_proxy_command",
        "proxy_reason",
        "proxy_variable",
        "proxy_problem",
        "proxy_error_text",
        "proxy_hop",
        "proxy_forwards",
        "proxy_said",
        "proxy_login",
        "proxy_login_command",
        "proxy_reason_phrase",
        "proxy_status",
        "proxy_schemes",
        "proxy_named",
        "proxy_page",
        "proxy_error",
        # the account
        "several_organizations",
        "organization_in_use",
        "other_organizations",
        "other_organization_id",
        # the model
        "list_missing",
        "model_wanted",
        "model_listed",
        "model_near",
        "model_for_inference",
        "model_that_answers",
        "model_elsewhere",
        "model_shutdown",
        "model_retired",
    }
)
"""Facts of earlier steps that are part of the evidence in later steps."""

EXPERIMENT_FACTS = frozenset(
    {
        "other_keys",
        "other_key_origin",
        "other_key_last_four",
        "other_key_fingerprint",
        "other_store",
        "other_store_knows",
        "other_base_url",
        "direct_host",
        "clock_state",
        "clock_off",
        "clock_skew_s",
    }
)
"""Facts of an experiment that are kept. Its other facts describe a changed target or key."""

AGREED_SERVER_FACTS: Mapping[str, Fact] = {"key_may_go": True, "endpoint": "agreed"}
"""Facts once the person has agreed that the key goes to the server of the base URL."""
