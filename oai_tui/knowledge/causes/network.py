"""The family "network": no answer came. The key is never at fault: OpenAI did not see it."""

from oai_tui.domain.cause import Alternative, Cause, Fix, Symptom
from oai_tui.domain.condition import When
from oai_tui.domain.target import Change
from oai_tui.knowledge.patterns import any_of

LOCAL_CALL_FIX = Fix(
    text="Keep {host} out of the proxy {local_call_proxy}: the host is this machine.",
    who="you",
    command="{no_proxy_command}",
    apply=Change(kind="skip-proxy"),
)
"""The first advice for a call to this machine that goes through a proxy."""
_PROXY_ALTERNATIVE = Alternative(
    cause="proxy-unreachable", why="A proxy variable may lead the call elsewhere."
)

CAUSES = (
    Cause(
        id="proxy-unreachable",
        family="network",
        title="The proxy cannot be reached",
        meaning=(
            "The environment sends calls through a proxy, and the proxy itself does not answer. "
            "OpenAI was not reached at all."
        ),
        finding="The calls go through the proxy {proxy}, and it does not answer.",
        looks=(
            'ProxyError "Cannot connect to proxy"; refused at the proxy\'s port, often on '
            "127.0.0.1, where a VPN or tunnel program listened before."
        ),
        confirm=(
            "`env | grep -i proxy` names it, and `curl -v https://api.openai.com/v1/models` fails "
            "while it connects there. With `--noproxy '*'` the same call gets an answer."
        ),
        prevent="Set proxy variables in the profile of the network that needs them, not for good.",
        fixes=(
            LOCAL_CALL_FIX,
            Fix(
                text="Unset the proxy if it is not needed here.",
                who="you",
                command="unset HTTPS_PROXY HTTP_PROXY ALL_PROXY https_proxy http_proxy all_proxy",
            ),
            Fix(text="Ask whether the proxy's address changed.", who="it"),
        ),
        symptoms=(Symptom(when=When(failure="proxy-unreachable")),),
    ),
    Cause(
        id="proxy-auth-required",
        family="network",
        title="The proxy wants a user name and password",
        meaning=(
            "The proxy between this machine and the server refuses calls without credentials of its "
            "own, or refuses the credentials that it got. The API key has no part in it."
        ),
        finding="The proxy {proxy} refuses the call: {proxy_login}. The API key has no part in it.",
        looks=(
            "407 Proxy Authentication Required; ProxyError 401, which is never the API's, because "
            "no call has left the proxy yet."
        ),
        confirm=(
            "`curl -v https://api.openai.com/v1/models` shows the 407 in answer to CONNECT, before "
            "anything reaches OpenAI. With user and password in the proxy's URL it is gone."
        ),
        prevent="Use the company's helper program (cntlm, px) where passwords change often.",
        fixes=(
            LOCAL_CALL_FIX,
            Fix(
                text="Put the proxy's user name and password into its URL, special characters as %XX.",
                who="you",
                command="{proxy_login_command}",
            ),
            Fix(
                text="Ask for the proxy's credentials, or the company's helper program for it.",
                who="it",
            ),
        ),
        symptoms=(
            Symptom(when=When(failure="proxy-auth")),
            Symptom(when=When(status=407)),
            Symptom(
                when=When(failure="proxy-refused", fact={"proxy_login_doubtful": True}),
                confidence="likely",
            ),
            Symptom(when=When(failure="proxy-refused", fact={"proxy_schemes": None})),
            Symptom(when=When(status=401, fact={"speaker": "proxy"})),
        ),
        alternatives=(
            Alternative(
                cause="network-filter-blocked",
                why="The proxy may know the user and forbid this host to it; its page or its owner tells.",
            ),
        ),
    ),
    Cause(
        id="proxy-misconfigured",
        family="network",
        title="A proxy variable cannot work",
        meaning=(
            "A proxy variable holds something that no client can use: an unknown scheme, a bad "
            "port, or socks without support for it."
        ),
        finding="{proxy_variable} names a proxy that cannot be used: {proxy_error_text}.",
        looks='"Unknown scheme for proxy URL"; "socksio package is not installed"; "Invalid port".',
        confirm=(
            "`env | grep -i proxy` shows the value. With the variable unset the same call gets "
            "past the point where it failed."
        ),
        prevent=(
            "Write proxies as http://HOST:PORT, and install httpx[socks] where a socks proxy is "
            "meant."
        ),
        fixes=(
            Fix(
                text="Correct or unset the proxy variables.",
                who="you",
                command="unset HTTPS_PROXY HTTP_PROXY ALL_PROXY https_proxy http_proxy all_proxy",
            ),
            Fix(
                text="Install support for socks, where a socks proxy is meant.",
                who="you",
                command="python -m pip install 'httpx[socks]'",
            ),
        ),
        symptoms=(
            Symptom(when=When(failure="proxy-settings")),
            Symptom(when=When(fact={"proxy_problem": None})),
            Symptom(when=When(failure="tls-protocol", fact={"failed_phase": "proxy"})),
        ),
    ),
    Cause(
        id="ca-bundle-broken",
        family="network",
        title="A certificate file that is named cannot be used",
        meaning=(
            "SSL_CERT_FILE or SSL_CERT_DIR names something that does not exist, cannot be read, "
            "holds no certificate, or lacks the authority that the server's certificate needs. No "
            "secure call comes about."
        ),
        finding="{ca_file} cannot be used as a certificate store: {ca_error}.",
        looks=(
            'FileNotFoundError from load_verify_locations; "Could not find a suitable TLS CA '
            'certificate bundle"; the name of a .pem or .crt file in the error.'
        ),
        confirm=(
            '`ls -lL "$SSL_CERT_FILE"` fails, or the file holds no line with BEGIN CERTIFICATE. '
            "With the variable unset the same call gets past the point where it failed."
        ),
        prevent=(
            "Point to a file that a package keeps up to date, and look again after upgrades of "
            "Python."
        ),
        fixes=(
            Fix(
                text="Correct or unset the variable.",
                who="you",
                command="unset SSL_CERT_FILE SSL_CERT_DIR REQUESTS_CA_BUNDLE",
            ),
            Fix(
                text="Point it to the authorities of the operating system.",
                who="you",
                command="export SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt",
            ),
        ),
        symptoms=(
            Symptom(when=When(failure="ca-bundle")),
            Symptom(when=When(fact={"ca_file": None})),
            Symptom(
                when=When(
                    failure="tls-untrusted",
                    fact={"reach-other-store": "works", "store_named": None},
                )
            ),
        ),
    ),
    Cause(
        id="dns-failure",
        family="network",
        title="The host's name does not resolve",
        meaning=(
            "This machine cannot find an address for the host: no network, a broken resolver, a "
            "VPN, or a mistyped host."
        ),
        finding="The name {host} does not resolve on this machine.",
        looks=(
            '"Name or service not known", "getaddrinfo failed", "Temporary failure in name '
            'resolution".'
        ),
        confirm=(
            "Resolve this name and a well-known other one: `getent hosts example.com` (Windows and "
            "macOS: `nslookup`). Where both fail the resolver or the network is at fault, where "
            "one does its name."
        ),
        prevent=(
            "Set a name server for containers and VPNs by hand, and test with getent hosts "
            "api.openai.com."
        ),
        fixes=(
            Fix(
                text="Look the name up, and fix the resolver, VPN or host name.",
                who="you",
                command="getent hosts {host}",
            ),
            Fix(
                text=(
                    "See whether another name resolves: if it does, this one is at fault; if not, "
                    "the resolver or the network is."
                ),
                who="you",
                command="getent hosts example.com",
            ),
            Fix(
                text=(
                    "In a container, try another name server; where it helps, set it for the "
                    "container."
                ),
                who="you",
                command="docker run --rm --dns 1.1.1.1 busybox nslookup {host}",
            ),
        ),
        symptoms=(Symptom(when=When(failure="dns")),),
    ),
    Cause(
        id="machine-offline",
        family="network",
        title="This machine is offline",
        meaning=(
            "This machine has no way to other networks: no network is connected, or the connection "
            "that it used is down (Wi-Fi, cable, VPN)."
        ),
        finding="{host} cannot be reached: {route_said}.",
        looks=(
            '"Network is unreachable" (ENETUNREACH, Errno 101, WinError 10051) at once; names that '
            "do not resolve; ERR_INTERNET_DISCONNECTED."
        ),
        confirm=(
            "`ip route get 192.0.2.1` says that the network is unreachable (Windows: `route print`, "
            "macOS: `route get default`), and no other site can be opened."
        ),
        prevent="Let programs try again later when the network is away, with growing delays.",
        fixes=(
            Fix(
                text="Turn the network on: Wi-Fi, cable or VPN. Then check again.",
                who="you",
                command="ip route",
            ),
            Fix(
                text="In a container, start it with a network.",
                who="you",
                command="docker run --rm --network bridge busybox ip route",
            ),
        ),
        symptoms=(
            Symptom(
                when=When(
                    failure=("unreachable", "dns", "connect-timeout", "proxy-unreachable"),
                    fact={"route": "none"},
                )
            ),
            Symptom(
                when=When(
                    failure="unreachable",
                    fact={"route": "not known"},
                    message=any_of(
                        (r"network is down", "OSError: [Errno 100] Network is down"),
                        (r"err_internet_disconnected", "net::ERR_INTERNET_DISCONNECTED"),
                    ),
                ),
                confidence="likely",
            ),
        ),
        alternatives=(
            Alternative(
                cause="connection-timeout",
                why=(
                    "Where other sites open, this machine is online, and only the way to this host, "
                    "or IPv6 alone, is missing."
                ),
            ),
        ),
    ),
    Cause(
        id="connection-blocked",
        family="network",
        title="Something blocks the way to OpenAI",
        meaning=(
            "The connection to OpenAI's host is refused or cut before it stands. OpenAI's servers "
            "take connections on port 443, so something on the way refuses: a hosts file, a DNS "
            "filter, a firewall, a VPN or a security program."
        ),
        finding="Something blocks the connection to {host}: {blocked_said}.",
        looks=(
            '"Connection refused" or a reset for api.openai.com, although no base URL is set; a '
            "name that leads to 127.0.0.1, 0.0.0.0 or a private address."
        ),
        confirm=(
            "`getent ahosts api.openai.com` shows another address than a different network does, or "
            "the same call works from another network, or without the VPN."
        ),
        prevent=(
            "Have api.openai.com allowed in DNS filters and firewalls before a roll-out, and keep "
            "it out of hosts files."
        ),
        fixes=(
            Fix(
                text="Look where the name leads, and whether the hosts file names it.",
                who="you",
                command="getent ahosts {host}; grep -i openai /etc/hosts",
            ),
            Fix(
                text="Turn off the VPN and the security program for a moment, and check again.",
                who="you",
            ),
            Fix(text="Ask whether a firewall or DNS filter blocks {host} on port 443.", who="it"),
            Fix(text="Try another network, such as a phone's.", who="you"),
        ),
        symptoms=(
            Symptom(
                when=When(failure="refused", fact={"host_kind": "openai"}), confidence="likely"
            ),
            Symptom(
                when=When(
                    failure=("refused", "reset", "unreachable", "connect-timeout"),
                    fact={"points_inside": None},
                ),
                confidence="likely",
            ),
            Symptom(
                when=When(
                    failure="reset",
                    fact={"host_kind": "openai", "blocked_said": None},
                ),
                confidence="likely",
            ),
        ),
        alternatives=(
            Alternative(
                cause="proxy-unreachable",
                why="A proxy variable may lead the program's call elsewhere: `env | grep -i proxy`.",
            ),
            Alternative(
                cause="connection-reset",
                why="A connection that is cut now and then only points to a fault, not to a block.",
            ),
        ),
    ),
    Cause(
        id="connection-refused",
        family="network",
        title="Nothing listens at that address",
        meaning=(
            "The address answered that no program listens on the port: a server that is down, or a "
            "wrong host or port."
        ),
        finding="{host} refuses the connection: nothing takes connections at that port.",
        looks=(
            'Errno 111 (Linux), 61 (macOS), WinError 10061, ECONNREFUSED, "actively refused"; at '
            "127.0.0.1 although another host is called, when a proxy is meant."
        ),
        confirm=(
            "`curl -v` to the same address says “Connection refused” at once; on the server `ss "
            "-ltn` does not list the port."
        ),
        prevent=(
            "Start local servers before the programs that need them, and name the port in one "
            "place."
        ),
        fixes=(
            Fix(text="Start the server, or correct host and port of the base URL.", who="you"),
            Fix(
                text="Unset the base URL if OpenAI itself is meant.",
                who="you",
                command="unset OPENAI_BASE_URL",
            ),
        ),
        symptoms=(Symptom(when=When(failure="refused")),),
        alternatives=(_PROXY_ALTERNATIVE,),
    ),
    Cause(
        id="connection-timeout",
        family="network",
        title="The connection is never answered",
        meaning=(
            "No packet reaches the host, or none comes back: a firewall, a missing route, or an IPv6 "
            "path that leads nowhere."
        ),
        finding="{host} {connect_said}.",
        looks='ConnectTimeout, ETIMEDOUT, "no route to host".',
        confirm=(
            "The same call over IPv4 alone and IPv6 alone, `curl -4 -m 10` and `curl -6 -m 10`: "
            "where one answers, the other's path is broken. Where neither does, another network (a "
            "phone's) shows whether this one blocks."
        ),
        prevent=(
            "Have TCP port 443 to api.openai.com opened for IPv4 and IPv6 alike, or prefer IPv4."
        ),
        fixes=(
            Fix(text="Ask to open TCP port 443 to {host}.", who="it"),
            Fix(
                text="Try IPv4 alone: 401 means that this way is open.",
                who="you",
                command="curl -4 -sS -m 10 -o /dev/null -w '%{{http_code}}\\n' https://api.openai.com/v1/models",
            ),
            Fix(text="Try another network, such as a phone's.", who="you"),
            Fix(
                text="Look whether a proxy variable leads the call elsewhere.",
                who="you",
                command="env | grep -i proxy",
            ),
        ),
        symptoms=(
            Symptom(when=When(failure="connect-timeout")),
            Symptom(when=When(failure="unreachable"), confidence="likely"),
        ),
        alternatives=(
            _PROXY_ALTERNATIVE,
            Alternative(
                cause="machine-offline",
                why="Where no other site opens either, this machine has no network.",
            ),
        ),
    ),
    Cause(
        id="response-timeout",
        family="network",
        title="Connected, but no answer in time",
        meaning=(
            "The connection stands, and the answer does not come: a stuck server, a proxy in "
            "between, or work that takes longer than the limit."
        ),
        finding="{host} took the connection and did not answer in time.",
        looks='ReadTimeout, "Request timed out", 408.',
        confirm=(
            "A tiny request (GET /v1/models) answers at once where the large one does not: then "
            "the work is longer than the limit. Where neither answers, something on the way holds "
            "the connection."
        ),
        prevent="Stream long answers, and set the client's limit above the longest one you expect.",
        fixes=(
            Fix(
                text="Check again, with a longer limit.",
                who="you",
                command="oai-tui check --timeout 60",
            ),
            Fix(
                text="Set a longer limit in the client, or let it stream the answer.",
                who="you",
                command="client = OpenAI(timeout=120)",
            ),
            Fix(
                text="If it stays, ask whether a proxy or firewall holds the connection.", who="it"
            ),
        ),
        symptoms=(Symptom(when=When(failure="read-timeout")), Symptom(when=When(status=408))),
        retry_helps=True,
    ),
    Cause(
        id="connection-reset",
        family="network",
        title="The connection is cut",
        meaning=(
            "The connection was opened and then cut before a whole answer came: a middlebox, a "
            "proxy, or a server that broke off."
        ),
        finding="The connection to {host} was cut before an answer came.",
        looks='ECONNRESET, "Remote end closed", RemoteProtocolError, "peer closed".',
        confirm=(
            "Repeat the call some times, with and without proxy or VPN. Cuts that always come "
            "point to a device on the way; cuts now and then, to idle connections or a busy server."
        ),
        prevent="Retry with jitter, and keep idle connections shorter than the proxy's own limit.",
        fixes=(
            Fix(
                text="Check again; if it stays, ask whether a firewall cuts connections to {host}.",
                who="it",
            ),
            Fix(
                text="Try again without proxy and VPN: 401 means that this way is open.",
                who="you",
                command="curl --noproxy '*' -sS -m 10 -o /dev/null -w '%{{http_code}}\\n' https://api.openai.com/v1/models",
            ),
            Fix(
                text=(
                    "Install the current SDK, which tries again by itself, and make one client for "
                    "all calls."
                ),
                who="you",
                command="python -m pip install --upgrade openai",
            ),
        ),
        symptoms=(Symptom(when=When(failure=("reset", "malformed-answer"))),),
        retry_helps=True,
    ),
    Cause(
        id="tls-untrusted",
        family="network",
        title="The certificate is not trusted here",
        case_title="The certificate {tls_flaw}",
        meaning=(
            "The certificate was issued by an authority that this machine does not trust. Nothing "
            "was sent."
        ),
        finding=(
            "{host} shows a certificate that this machine does not trust, issued by {tls_who}. "
            "Nothing was sent."
        ),
        looks=(
            "CERTIFICATE_VERIFY_FAILED: self-signed certificate, or unable to get local issuer "
            "certificate. TLS inspection by a company, a missing CA bundle and a server with a "
            "certificate of its own all look like this; the issuer tells."
        ),
        confirm=(
            "Look at the issuer: `openssl s_client -connect api.openai.com:443 </dev/null "
            "2>/dev/null | grep issuer`. A company's or product's name means inspection; a public "
            "authority means that this program's own store is old or empty."
        ),
        prevent=(
            "Install the company's CA into the operating system's store, so that every program "
            "trusts it."
        ),
        fixes=(
            Fix(
                text="Ask for the company's CA certificate and where it must be installed.",
                who="it",
            ),
            Fix(
                text="Point to the CA file once you have it.",
                who="you",
                command="export SSL_CERT_FILE=/path/to/company-ca.pem",
            ),
            Fix(
                text=(
                    "Install the public authorities anew: {other_store_knows} trusts this "
                    "certificate, and the system's store lacks its authority."
                ),
                who="you",
                command="sudo apt-get install --reinstall ca-certificates && sudo update-ca-certificates",
            ),
        ),
        symptoms=(Symptom(when=When(failure="tls-untrusted")),),
    ),
    Cause(
        id="tls-certificate-invalid",
        family="network",
        title="The certificate is expired, not yet valid, or another host's",
        case_title="The certificate {tls_flaw}",
        meaning="The certificate does not fit the time or the name. Nothing was sent.",
        finding=(
            "The certificate of {host} {tls_trouble}; it was issued by {tls_who}. Nothing was sent."
        ),
        looks='"certificate has expired", "not yet valid", "Hostname mismatch".',
        confirm=(
            "`openssl s_client -connect api.openai.com:443 </dev/null 2>/dev/null | openssl x509 "
            "-noout -dates -subject` shows dates and name; compare them with `date -u` and the "
            "host."
        ),
        prevent=(
            "Turn time synchronisation on; for a server of your own renew certificates "
            "automatically."
        ),
        fixes=(
            Fix(text="Check this machine's clock.", who="you", command="date -u"),
            Fix(
                text="Check the host of the base URL, or ask its owner to renew the certificate.",
                who="it",
            ),
        ),
        symptoms=(
            Symptom(when=When(failure="tls-invalid", fact={"tls_problem": "wrong-name"})),
            Symptom(when=When(failure="tls-invalid", fact={"clock": "right"})),
            Symptom(when=When(failure="tls-invalid"), confidence="likely"),
        ),
        alternatives=(
            Alternative(
                cause="clock-skew",
                why="A wrong clock makes a sound certificate seem so; compare it with `date -u`.",
            ),
        ),
    ),
    Cause(
        id="tls-protocol",
        family="network",
        title="The other end does not speak TLS",
        meaning=(
            "The secure handshake failed: a plain HTTP port behind an https URL, or something that "
            "cuts handshakes."
        ),
        looks="WRONG_VERSION_NUMBER, UNEXPECTED_EOF, “EOF occurred in violation of protocol”.",
        confirm=(
            "Plain HTTP to the same port answers (`curl -v http://HOST:PORT/`): then the scheme is "
            "wrong. Where that fails too, something on the way cuts the handshake."
        ),
        prevent="Write the scheme that the server really speaks: http:// for most local ones.",
        fixes=(
            Fix(
                text=(
                    "Correct scheme and port of the base URL; a local server often speaks http://."
                ),
                who="you",
            ),
            Fix(text="Ask whether a firewall cuts TLS to {host}.", who="it"),
        ),
        symptoms=(Symptom(when=When(failure="tls-protocol")),),
    ),
    Cause(
        id="clock-skew",
        family="network",
        title="This machine's clock is wrong",
        meaning=(
            "The clock of this machine differs so much from the real time that certificates seem "
            "expired or not yet valid, and signed tokens not yet active. The certificate itself is "
            "sound."
        ),
        finding=(
            "This machine's clock is {clock_off}, so a sound certificate seems not to be valid now."
        ),
        looks=(
            '"certificate is not yet valid", "certificate has expired" for a well-known host, "JWT '
            'not active", "token used too early"; a `Date` header minutes or days away from `date '
            "-u`."
        ),
        confirm="Compare the `Date` header of any answer with `date -u`.",
        prevent=(
            "Turn time synchronisation on (NTP); containers and virtual machines take the time of "
            "their host, also after it slept."
        ),
        fixes=(
            Fix(
                text="Turn time synchronisation on, then check again.",
                who="you",
                command="sudo timedatectl set-ntp true && date -u",
            ),
            Fix(
                text="Set the host's clock and restart the virtual machine, where this is one.",
                who="it",
            ),
        ),
        symptoms=(
            Symptom(when=When(fact={"clock": "behind", "tls_problem": "not-yet-valid"})),
            Symptom(when=When(fact={"clock": "ahead", "tls_problem": "expired"})),
            Symptom(
                when=When(failure="tls-invalid", fact={"tls_problem": "not-yet-valid"}),
                confidence="likely",
            ),
            Symptom(
                when=When(
                    message=any_of(
                        (
                            r"(?<!expired or is )\bnot yet valid\b",
                            "SSL: certificate is not yet valid",
                        ),
                        (
                            r"\bexpired or is not yet valid: current time \S+ is before\b",
                            "expired or is not yet valid: current time 2021-01-01T00:00:00Z is before",
                        ),
                        (r"\bcert_not_yet_valid\b", "code: 'CERT_NOT_YET_VALID'"),
                        (r"\b(?:jwt|token)\b[^.\n]{0,30}\bnot (?:yet )?active\b", "JWT not active"),
                        (r"\btoken used too early\b", "Token used too early, 1700000000"),
                        (r"\bclock[ -]skew\b", "Check for clock skew"),
                    )
                ),
                confidence="likely",
            ),
        ),
        alternatives=(
            Alternative(
                cause="tls-certificate-invalid",
                why="The certificate may really begin tomorrow; its dates beside `date -u` tell.",
            ),
        ),
    ),
    Cause(
        id="connection-failed",
        family="network",
        title="No answer came, and the text hides why",
        pasted_only=True,
        retry_known=False,
        meaning=(
            "The call ended without any answer, and what was pasted holds an SDK's outer message "
            "only. Nine different troubles share these words; the reason stands in the chain of "
            "causes below them."
        ),
        looks=(
            '"Connection error." (Python, Node), "fetch failed", "error sending request for url", '
            '"Error communicating with OpenAI", with nothing below.'
        ),
        confirm=(
            "Paste the whole traceback, from its first line to its last; or let `oai-tui` walk the "
            "connection step by step here."
        ),
        prevent=(
            "Log the exception with its causes: logging.exception in Python, error.cause in Node."
        ),
        fixes=(
            Fix(
                text="Run the check on the machine that failed: it names the step that fails.",
                who="you",
                command="oai-tui check --only reach",
            ),
            Fix(
                text=(
                    "Find the whole traceback, and explain that: the line that matters comes first "
                    "in Python, last (cause) in Node."
                ),
                who="you",
                command="oai-tui explain app.log",
            ),
        ),
        symptoms=(
            Symptom(
                when=When(
                    message=any_of(
                        (r"\bconnection error\b", "openai.APIConnectionError: Connection error."),
                        (r"\bfetch failed\b", "TypeError: fetch failed"),
                        (r"\berror sending request\b", "error sending request for url"),
                        (r"\berror communicating with openai\b", "Error communicating with OpenAI"),
                        (r"\bapi_?connection_?error\b", "openai.APIConnectionError"),
                        (r"\bfailed to fetch\b", "TypeError: Failed to fetch"),
                        (r"\bnetwork error\b", "AxiosError: Network Error"),
                        (r"\bnetworkerror\b", "NetworkError when attempting to fetch resource."),
                        (r"\bnet::err_failed\b", "POST /v1/responses net::ERR_FAILED"),
                        (r"\bblocked by cors policy\b", "has been blocked by CORS policy"),
                        (
                            r"\bcannot connect to (?:host|the)\b",
                            "Cannot connect to host api.openai.com:443",
                        ),
                        (r"\bconnect call failed\b", "Connect call failed ('127.0.0.1', 443)"),
                        (r"\b(?:connection|connect) (?:has )?failed\b", "Tunnel connection failed"),
                        (
                            r"\b(?:unable|failed|could not) (?:to )?connect\b",
                            "curl: (7) Failed to connect to api.openai.com port 443",
                        ),
                        (r"\bconnection closed unexpectedly\b", "connection closed unexpectedly"),
                    )
                ),
                confidence="possible",
            ),
        ),
        alternatives=(
            Alternative(
                cause="dns-failure",
                why="The chain would say that the name does not resolve (gaierror, ENOTFOUND).",
            ),
            Alternative(
                cause="tls-untrusted", why="The chain would say CERTIFICATE_VERIFY_FAILED."
            ),
            Alternative(
                cause="proxy-unreachable", why="The chain would name a proxy; look at HTTPS_PROXY."
            ),
            Alternative(
                cause="key-malformed",
                why=(
                    "A newline in the key ends as “Illegal header value” below the same outer "
                    "message."
                ),
            ),
            Alternative(
                cause="connection-timeout", why="The chain would say ConnectTimeout or ETIMEDOUT."
            ),
        ),
    ),
)
