"""Every fact: its name and what it means. Begin here to understand the tree and the catalogue.

`When` can only compare and search, so a probe computes whatever else is needed and gives it a name.
The lint (diagnosis/lint_tree.py) refuses a symptom or a fix with a fact that is not in this table.
"""

from collections.abc import Mapping

from oai_tui.domain.observation import Fact

FACTS: dict[str, str] = {
    # the credential, by probes/key_check.py
    "credential": "none | found | unreadable (the keyring refused) | profile-missing",
    "key_role": "inference | admin | other-vendor | placeholder | token | unknown",
    "key_kind": "id of the key's kind",
    "key_certain": "true when no other vendor shares the key's shape",
    "vendor": "the vendor whose shape the key has",
    "vendor_base_url": "that vendor's base URL",
    "own_server": "true when the base URL is not OpenAI's; a stand-in value may be valid there",
    "vendor_matches_host": "true when the base URL is not OpenAI's; another vendor's key may fit",
    "key_damage": "none | repairable | unrepairable",
    "key_sendable": "true when an HTTP client can send the key as it is",
    "key_defects": "the defects as text, each with its position",
    "key_picture": "the key masked, with every defect in its place",
    "key_how": "how such a defect comes about",
    "key_repair_command": "the command that repairs it in place",
    "base_url": "the base URL of this run",
    "key_origin": "where the key came from, in words",
    "key_last_four": "the last four characters of the key that was sent",
    "token_state": "expired | running: by the end that a sign-in token names",
    "token_ended": "the day on which a sign-in token ended",
    "other_keys": "how many other keys were found, without those of other vendors",
    "other_key_origin": "where the other key came from, which was tried and works",
    "other_key_last_four": "its last four characters",
    "other_key_fingerprint": "its fingerprint",
    # the settings, by probes/settings.py
    "base_url_problem": "none | no-scheme | not-http | no-host | plain-http | blanks | port |"
    " path-is-endpoint | query",
    "base_url_repaired": "the base URL without that problem, if it can be repaired",
    "organization_problem": "blanks: the organization's id has characters that no client can send",
    "project_problem": "blanks: the project's id has characters that no client can send",
    "organization_origin": "where the organization setting came from",
    "project_origin": "where the project setting came from",
    "base_url_origin": "where the base URL came from",
    "host": "the host of the base URL",
    "host_kind": "openai | local | other: whose host it is, by its name",
    "proxy": "the proxy that is used for this host, without its password; absent for none",
    "no_proxy_hint": "true when a loopback address would go through a proxy",
    "proxy_reason": "which proxy is used and why, or why none",
    "proxy_variable": "the variable that names the proxy in use",
    "proxy_problem": "quotes | blanks | socks-scheme | scheme | port | socks-unsupported: why the"
    " proxy's value cannot work",
    "proxy_error_text": "the same in words",
    "store": "the certificate store in use",
    "store_named": "the variable and the path that replace the system's store; absent for none",
    "ca_file": "the CA file or folder in the environment that cannot be used",
    "ca_error": "why it cannot be used",
    # the connection, by probes/reach.py and probes/network/
    "failed_phase": "settings | name | connect | proxy | tls | answer: where the call failed",
    "name_problem": "this-name | offline | resolver-silent: why a name does not resolve",
    "name_error": "the same in words",
    "points_inside": "the addresses of an OpenAI host if all are private or this machine's own",
    "address_used": "the address the call went to",
    "ipv4": "open | refused | silent | unreachable | reset | none: TCP to the host's IPv4 address",
    "ipv6": "the same for IPv6",
    "dead_family": "IPv6: the address family without an answer while the other one answers",
    "proxy_hop": "open | refused | silent | unreachable | reset | no-name: TCP to the proxy itself",
    "proxy_status": "the proxy's own status for CONNECT, 0 for no HTTP",
    "proxy_schemes": "the authentication schemes that a 407 offers",
    "proxy_named": "the proxy's product, by its page or headers",
    "proxy_page": "filter | cloudflare: the responder of the page that the proxy returned",
    "proxy_error": "the proxy's own word for its error (X-Squid-Error)",
    "tls_who": "who issued the certificate, with the product if the issuer names one",
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
    "key_sent": "true when the key went with the request",
    "project_named": "the project that the request's OpenAI-Project header names",
    "key_may_go": "true when the endpoint is proved to be OpenAI's, on this machine, or agreed to",
    "endpoint": "proved | loopback | agreed | doubtful: why the key may go there, or may not",
    "body_kind": "json | html | text | empty | binary | too-large",
    "location": "where a redirect points",
    "location_host": "the host a redirect points to",
    "tls_version": "TLS version of the connection",
    "tls_issuer": "organization or common name of the certificate's issuer",
    "empty_key_word": "the word that a program sent for a key it does not have: undefined, null",
    "failure_words": "vague: a client uses the same words for several failures",
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
    "echoed_last_four": "the last characters of the key in the answer: four, formerly three",
    "echo_differs": "true when the answer shows the last characters of another key",
    "retry_after_s": "seconds the answer asks to wait",
    "limit": "the limit that a 429 names",
    "requested": "the requested amount in a 429",
    "limit_kind": "requests | tokens | requests per day | …: what a 429 limits",
    "limit_state": "over (Requested > Limit) | zero | reached",
    "organization_seen": "the organization's name in the answer's headers",
    "project_seen": "the project's id in the answer's headers",
    # models
    "models_listed": "how many models the key can list",
    "model_wanted": "the model that was asked for; may be empty",
    "model_listed": "true | false: whether the wanted model is in the list",
    "model_near": "the nearest listed name",
    "model_for_inference": "the model that the billed request uses",
    "model_that_answers": "a listed model that answers a plain text request",
    "model_elsewhere": "true when the wanted model is fine-tuned and its name contains another"
    " organization than the key's",
    "model_shutdown": "shutdown date of the wanted model",
    "model_retired": "true when that date has passed",
    # identity
    "organizations": "the organizations behind the key, as titles and ids",
    "organization_count": "how many",
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
    "keyring": "works | unavailable | locked | refused | slow | differs | insecure",
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
        "store_named",
        # the proxy
        "proxy",
        "proxy_reason",
        "proxy_variable",
        "proxy_problem",
        "proxy_error_text",
        "proxy_hop",
        "proxy_status",
        "proxy_schemes",
        "proxy_named",
        "proxy_page",
        "proxy_error",
        # the model
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
        "clock_state",
        "clock_off",
        "clock_skew_s",
    }
)
"""Facts of an experiment that are kept. Its other facts describe a changed target or key."""

AGREED_SERVER_FACTS: Mapping[str, Fact] = {"key_may_go": True, "endpoint": "agreed"}
"""Facts once the person has agreed that the key goes to the server of the base URL."""
