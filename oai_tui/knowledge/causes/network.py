"""The family "network": no answer came. The key is never at fault: OpenAI did not see it."""

from oai_tui.domain.cause import Alternative, Cause, Fix, Symptom
from oai_tui.domain.condition import When
from oai_tui.domain.target import Change
from oai_tui.knowledge.patterns import any_of

LOCAL_CALL_FIX = Fix(
    text="Bypass the proxy {local_call_proxy} for {host}: the host is this machine.",
    who="you",
    command="{no_proxy_command}",
    apply=Change(kind="skip-proxy"),
)
"""The first advice for a call to this machine that goes through a proxy."""
_PROXY_ALTERNATIVE = Alternative(
    cause="proxy-unreachable", why="A proxy variable may send the call elsewhere."
)

CAUSES = (
    Cause(
        id="proxy-unreachable",
        family="network",
        title="Can't connect to the proxy",
        meaning=(
            "The environment routes calls through a proxy, and the proxy doesn't answer. OpenAI "
            "was not reached."
        ),
        finding="Calls go through the proxy {proxy}, which doesn't answer.",
        looks=(
            'ProxyError "Cannot connect to proxy"; connection refused at the proxy\'s port, '
            "often on 127.0.0.1, where a VPN or tunnel program used to listen."
        ),
        confirm=(
            "`env | grep -i proxy` shows the proxy, and `curl -v "
            "https://api.openai.com/v1/models` fails while connecting to it. With `--noproxy "
            "'*'` the same call gets a response."
        ),
        prevent="Set proxy variables only while you are on the network that needs them.",
        fixes=(
            LOCAL_CALL_FIX,
            Fix(
                text="Unset the proxy variables if you don't need a proxy here.",
                who="you",
                command="unset HTTPS_PROXY HTTP_PROXY ALL_PROXY https_proxy http_proxy all_proxy",
            ),
            Fix(text="Ask whether the proxy's address has changed.", who="it"),
        ),
        symptoms=(Symptom(when=When(failure="proxy-unreachable")),),
    ),
    Cause(
        id="proxy-auth-required",
        family="network",
        title="The proxy requires a user name and password",
        meaning=(
            "The proxy between this machine and the server requires its own credentials, or "
            "rejects the ones it got. The API key is not the problem."
        ),
        finding="The proxy {proxy} refuses the call: {proxy_login}. The API key is not the problem.",
        looks=(
            "407 Proxy Authentication Required; ProxyError 401, which is not from the API, "
            "because no call has left the proxy yet."
        ),
        confirm=(
            "`curl -v https://api.openai.com/v1/models` shows 407 in response to CONNECT, before "
            "anything reaches OpenAI. It is gone once the proxy URL has a user name and password."
        ),
        prevent="If passwords change often, use a proxy helper (cntlm, px).",
        fixes=(
            LOCAL_CALL_FIX,
            Fix(
                text=(
                    "Add the proxy's user name and password to its URL, with special characters "
                    "as %XX."
                ),
                who="you",
                command="{proxy_login_command}",
            ),
            Fix(
                text="Ask for the proxy's credentials, or for the company's proxy helper.",
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
                why=(
                    "The proxy may accept your login but block this host; read its page or ask "
                    "its operator."
                ),
            ),
        ),
    ),
    Cause(
        id="proxy-misconfigured",
        family="network",
        title="A proxy setting is invalid",
        meaning=(
            "A proxy variable has a value that clients can't use: an unknown scheme, an invalid "
            "port, or a SOCKS proxy without SOCKS support."
        ),
        finding="{proxy_variable} names a proxy that can't be used: {proxy_error_text}.",
        looks='"Unknown scheme for proxy URL"; "socksio package is not installed"; "Invalid port".',
        confirm=(
            "`env | grep -i proxy` shows the value. With the variable unset, the call gets past "
            "the point of failure."
        ),
        prevent="Write proxies as http://HOST:PORT, and install httpx[socks] for SOCKS proxies.",
        fixes=(
            Fix(
                text="Correct or unset the proxy variables.",
                who="you",
                command="unset HTTPS_PROXY HTTP_PROXY ALL_PROXY https_proxy http_proxy all_proxy",
            ),
            Fix(
                text="If you need a SOCKS proxy, install SOCKS support.",
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
        title="The configured CA file can't be used",
        meaning=(
            "SSL_CERT_FILE or SSL_CERT_DIR points to something that doesn't exist, can't be "
            "read, contains no certificate, or lacks the CA that issued the server's "
            "certificate. No TLS connection can be made."
        ),
        finding="{ca_file} can't be used as a certificate store: {ca_error}.",
        looks=(
            'FileNotFoundError from load_verify_locations; "Could not find a suitable TLS CA '
            'certificate bundle"; the error names a .pem or .crt file.'
        ),
        confirm=(
            '`ls -lL "$SSL_CERT_FILE"` fails, or the file has no line with BEGIN CERTIFICATE. '
            "With the variable unset, the call gets past the point of failure."
        ),
        prevent="Use a file that a package keeps up to date, and check it after Python upgrades.",
        fixes=(
            Fix(
                text="Correct or unset the variable.",
                who="you",
                command="unset SSL_CERT_FILE SSL_CERT_DIR REQUESTS_CA_BUNDLE",
            ),
            Fix(
                text="Point it to the operating system's CA certificates.",
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
        title="DNS lookup failed",
        meaning=(
            "This machine can't find an address for the host: no network, a broken resolver, a "
            "VPN, or a typo in the host name."
        ),
        finding="The name {host} does not resolve on this machine.",
        looks=(
            '"Name or service not known", "getaddrinfo failed", "Temporary failure in name '
            'resolution".'
        ),
        confirm=(
            "Look up this name and a well-known one: `getent hosts example.com` (Windows and "
            "macOS: `nslookup`). If both fail, the resolver or the network is at fault; if only "
            "this one fails, the name is."
        ),
        prevent=(
            "Configure a DNS server for containers and VPNs, and test with getent hosts "
            "api.openai.com."
        ),
        fixes=(
            Fix(
                text="Look up the name, and fix the resolver, VPN or host name.",
                who="you",
                command="getent hosts {host}",
            ),
            Fix(
                text=(
                    "Look up another name: if it resolves, this host name is wrong; if it "
                    "doesn't, the resolver or the network is at fault."
                ),
                who="you",
                command="getent hosts example.com",
            ),
            Fix(
                text=(
                    "In a container, try another DNS server; if it works, configure it for the "
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
            "This machine has no route to other networks: no network is connected, or its "
            "connection (Wi-Fi, cable, VPN) is down."
        ),
        finding="Can't reach {host}: {route_said}.",
        looks=(
            '"Network is unreachable" (ENETUNREACH, Errno 101, WinError 10051) immediately; '
            "names that don't resolve; ERR_INTERNET_DISCONNECTED."
        ),
        confirm=(
            "`ip route get 192.0.2.1` reports that the network is unreachable (Windows: `route "
            "print`, macOS: `route get default`), and no other site opens."
        ),
        prevent="Make programs retry with increasing delays when the network is down.",
        fixes=(
            Fix(
                text="Connect Wi-Fi, cable or VPN, then check again.",
                who="you",
                command="ip route",
            ),
            Fix(
                text="Start the container with a network.",
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
                        (
                            r"internet connection appears to be offline",
                            "The Internet connection appears to be offline.",
                        ),
                    ),
                ),
                confidence="likely",
            ),
        ),
        alternatives=(
            Alternative(
                cause="connection-timeout",
                why=(
                    "If other sites open, this machine is online, and only the route to this "
                    "host, or IPv6, is missing."
                ),
            ),
        ),
    ),
    Cause(
        id="connection-blocked",
        family="network",
        title="The connection to OpenAI is blocked",
        meaning=(
            "The connection to OpenAI's host is refused or reset before it is established. "
            "OpenAI accepts connections on port 443, so something in between blocks them: a "
            "hosts file, DNS filter, firewall, VPN or security program."
        ),
        finding="Something blocks the connection to {host}: {blocked_said}.",
        looks=(
            '"Connection refused" or a reset for api.openai.com although no base URL is set; a '
            "name that resolves to 127.0.0.1, 0.0.0.0 or a private address."
        ),
        confirm=(
            "`getent ahosts api.openai.com` shows a different address than on another network, "
            "or the same call works from another network or without the VPN."
        ),
        prevent=(
            "Have api.openai.com allowed in DNS filters and firewalls before a rollout, and keep "
            "it out of hosts files."
        ),
        fixes=(
            Fix(
                text="Look up the name's address, and search the hosts file for it.",
                who="you",
                command="getent ahosts {host}; grep -i openai /etc/hosts",
            ),
            Fix(
                text="Turn off the VPN and the security program for a moment, then check again.",
                who="you",
            ),
            Fix(text="Ask whether a firewall or DNS filter blocks {host} on port 443.", who="it"),
            Fix(text="Try another network, such as a phone hotspot.", who="you"),
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
                why=(
                    "A proxy variable may send the program's call elsewhere: `env | grep -i proxy`."
                ),
            ),
            Alternative(
                cause="connection-reset",
                why="If the connection is only reset now and then, it is a fault, not a block.",
            ),
        ),
    ),
    Cause(
        id="connection-refused",
        family="network",
        title="Connection refused",
        meaning="Nothing listens on that port: the server is down, or the host or port is wrong.",
        finding="{host} refused the connection: nothing listens on that port.",
        looks=(
            'Errno 111 (Linux), 61 (macOS), WinError 10061, ECONNREFUSED, "actively refused"; at '
            "127.0.0.1 instead of the host that is called if a proxy is configured."
        ),
        confirm=(
            "`curl -v` to the same address says “Connection refused” immediately; on the server, "
            "`ss -ltn` doesn't list the port."
        ),
        prevent=(
            "Start local servers before the programs that need them, and configure the port in "
            "one place."
        ),
        fixes=(
            Fix(text="Start the server, or correct the host and port of the base URL.", who="you"),
            Fix(
                text="Unset the base URL to use OpenAI instead.",
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
        title="Connection timed out",
        meaning=(
            "No packet reaches the host, or no reply comes back: a firewall, a missing route, or "
            "a broken IPv6 path."
        ),
        finding="{host} {connect_said}.",
        looks='ConnectTimeout, ETIMEDOUT, "no route to host".',
        confirm=(
            "Make the same call over IPv4 and over IPv6, `curl -4 -m 10` and `curl -6 -m 10`: if "
            "only one works, the other path is broken. If neither does, try another network (a "
            "phone hotspot) to see whether this one blocks it."
        ),
        prevent="Have TCP port 443 to api.openai.com opened for both IPv4 and IPv6, or prefer IPv4.",
        fixes=(
            Fix(text="Ask to open TCP port 443 to {host}.", who="it"),
            Fix(
                text="Try IPv4 only: a 401 means that this path is open.",
                who="you",
                command="curl -4 -sS -m 10 -o /dev/null -w '%{{http_code}}\\n' https://api.openai.com/v1/models",
            ),
            Fix(text="Try another network, such as a phone hotspot.", who="you"),
            Fix(
                text="Check whether a proxy variable sends the call elsewhere.",
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
                why="If no other site opens either, this machine is offline.",
            ),
        ),
    ),
    Cause(
        id="response-timeout",
        family="network",
        title="Timed out waiting for a response",
        meaning=(
            "The connection is open, but no response arrives: a stuck server, a proxy in "
            "between, or work that takes longer than the timeout."
        ),
        finding="{host} accepted the connection but did not respond in time.",
        looks='ReadTimeout, "Request timed out", 408.',
        confirm=(
            "A tiny request (GET /v1/models) returns immediately where the large one doesn't: "
            "the work takes longer than the timeout. If neither returns, something in between "
            "holds the connection."
        ),
        prevent=(
            "Stream long responses, and set the client's timeout above the longest one you expect."
        ),
        fixes=(
            Fix(
                text="Check again with a longer timeout.",
                who="you",
                command="oai-tui check --timeout 60",
            ),
            Fix(
                text="Set a longer timeout in the client, or stream the response.",
                who="you",
                command="client = OpenAI(timeout=120)",
            ),
            Fix(
                text="If it persists, ask whether a proxy or firewall holds the connection.",
                who="it",
            ),
        ),
        symptoms=(Symptom(when=When(failure="read-timeout")), Symptom(when=When(status=408))),
        retry_helps=True,
    ),
    Cause(
        id="connection-reset",
        family="network",
        title="Connection reset",
        meaning=(
            "The connection was opened and then closed before a complete response arrived: by a "
            "network device, a proxy or the server."
        ),
        finding="The connection to {host} was closed before a response arrived.",
        looks='ECONNRESET, "Remote end closed", RemoteProtocolError, "peer closed".',
        confirm=(
            "Repeat the call a few times, with and without proxy or VPN. If it always fails, a "
            "device in between closes the connection; if only sometimes, the connection was idle "
            "or the server is busy."
        ),
        prevent="Retry with jitter, and keep idle connections shorter than the proxy's idle timeout.",
        fixes=(
            Fix(
                text=(
                    "Check again; if it persists, ask whether a firewall closes connections to "
                    "{host}."
                ),
                who="it",
            ),
            Fix(
                text="Try again without proxy and VPN: a 401 means that this path is open.",
                who="you",
                command="curl --noproxy '*' -sS -m 10 -o /dev/null -w '%{{http_code}}\\n' https://api.openai.com/v1/models",
            ),
            Fix(
                text=(
                    "Install the current SDK, which retries by default, and use one client for "
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
        title="TLS certificate not trusted",
        case_title="TLS certificate {tls_flaw}",
        meaning=(
            "The certificate was issued by an authority that this machine doesn't trust. Nothing "
            "was sent."
        ),
        finding=(
            "{host} presents a certificate that this machine doesn't trust, issued by {tls_who}. "
            "Nothing was sent."
        ),
        looks=(
            "CERTIFICATE_VERIFY_FAILED: self-signed certificate, or unable to get local issuer "
            "certificate. TLS inspection by a company, a missing CA bundle and a self-signed "
            "server all look like this; check the issuer."
        ),
        confirm=(
            "Look at the issuer: `openssl s_client -connect api.openai.com:443 </dev/null "
            "2>/dev/null | grep issuer`. A company or product name means TLS inspection; a "
            "public CA means that this program's certificate store is old or empty."
        ),
        prevent=(
            "Install the company's CA certificate in the operating system's store, so that every "
            "program trusts it."
        ),
        fixes=(
            Fix(
                text="Ask for the company's CA certificate and where to install it.",
                who="it",
            ),
            Fix(
                text="Set SSL_CERT_FILE to the CA file once you have it.",
                who="you",
                command="export SSL_CERT_FILE=/path/to/company-ca.pem",
            ),
            Fix(
                text=(
                    "Reinstall the public CA certificates: {other_store_knows} trusts this "
                    "certificate, but the system's store lacks its CA."
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
        title="TLS certificate expired, not valid yet, or for another host",
        case_title="TLS certificate {tls_flaw}",
        meaning="The certificate's dates or host name don't match. Nothing was sent.",
        finding=(
            "The certificate of {host} {tls_trouble}; it was issued by {tls_who}. Nothing was sent."
        ),
        looks='"certificate has expired", "not yet valid", "Hostname mismatch".',
        confirm=(
            "`openssl s_client -connect api.openai.com:443 </dev/null 2>/dev/null | openssl x509 "
            "-noout -dates -subject` shows its dates and name; compare them with `date -u` and "
            "the host."
        ),
        prevent="Turn on time synchronization; on your own server, renew certificates automatically.",
        fixes=(
            Fix(text="Check this machine's clock.", who="you", command="date -u"),
            Fix(
                text="Check the host in the base URL, or ask its owner to renew the certificate.",
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
                why=(
                    "A wrong clock makes a valid certificate look invalid; compare it with `date "
                    "-u`."
                ),
            ),
        ),
    ),
    Cause(
        id="tls-protocol",
        family="network",
        title="TLS handshake failed",
        meaning=(
            "The TLS handshake failed: an https URL for a plain HTTP port, or something that "
            "interrupts handshakes."
        ),
        looks="WRONG_VERSION_NUMBER, UNEXPECTED_EOF, “EOF occurred in violation of protocol”.",
        confirm=(
            "If plain HTTP works on the same port (`curl -v http://HOST:PORT/`), the scheme is "
            "wrong. If it fails too, something in between interrupts the handshake."
        ),
        prevent="Use the scheme that the server speaks: http:// for most local servers.",
        fixes=(
            Fix(
                text=(
                    "Correct the scheme and port of the base URL; local servers often use http://."
                ),
                who="you",
            ),
            Fix(text="Ask whether a firewall interrupts TLS to {host}.", who="it"),
        ),
        symptoms=(Symptom(when=When(failure="tls-protocol")),),
    ),
    Cause(
        id="clock-skew",
        family="network",
        title="This machine's clock is wrong",
        meaning=(
            "A clock that differs this much makes certificates look expired or not valid yet, and "
            "signed tokens not active yet. The certificate itself is valid."
        ),
        finding="This machine's clock is {clock_off}, so a valid certificate looks invalid.",
        looks=(
            '"certificate is not yet valid", "certificate has expired" for a well-known host, '
            '"JWT not active", "token used too early"; a `Date` header that differs from `date '
            "-u` by minutes or days."
        ),
        confirm="Compare the `Date` header of any response with `date -u`.",
        prevent=(
            "Turn on time synchronization (NTP); containers and virtual machines use their "
            "host's clock, and may be off after it was suspended."
        ),
        fixes=(
            Fix(
                text="Turn on time synchronization, then check again.",
                who="you",
                command="sudo timedatectl set-ntp true && date -u",
            ),
            Fix(
                text="On a virtual machine, set the host's clock and restart the virtual machine.",
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
                why=(
                    "The certificate may really not be valid yet; compare its dates with `date -u`."
                ),
            ),
        ),
    ),
    Cause(
        id="connection-failed",
        family="network",
        title="Connection error, root cause not in this text",
        pasted_only=True,
        retry_known=False,
        meaning=(
            "The call got no response, and the pasted text only has the SDK's outer message. "
            "Nine different problems produce this message; the real cause is further down the "
            "exception chain."
        ),
        looks=(
            '"Connection error." (Python, Node), "fetch failed", "error sending request for '
            'url", "Error communicating with OpenAI", with nothing below it.'
        ),
        confirm=(
            "Paste the whole traceback, from its first line to its last; or run `oai-tui` to "
            "check the connection from here, step by step."
        ),
        prevent="Log exceptions with their causes: logging.exception in Python, error.cause in Node.",
        fixes=(
            Fix(
                text="Run a check on the machine that failed: it names the step that fails.",
                who="you",
                command="oai-tui check --only reach",
            ),
            Fix(
                text=(
                    "Find the whole traceback and explain that: the line that matters comes "
                    "first in Python, last (cause) in Node."
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
                        (r"\bconnecterror\b", "Couldn't reach OpenAI (ConnectError)."),
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
                why="The chain would show a DNS error (gaierror, ENOTFOUND).",
            ),
            Alternative(
                cause="tls-untrusted", why="The chain would show CERTIFICATE_VERIFY_FAILED."
            ),
            Alternative(
                cause="proxy-unreachable", why="The chain would name a proxy; check HTTPS_PROXY."
            ),
            Alternative(
                cause="key-malformed",
                why=(
                    "A newline in the key shows up as “Illegal header value” below the same "
                    "outer message."
                ),
            ),
            Alternative(
                cause="connection-timeout", why="The chain would show ConnectTimeout or ETIMEDOUT."
            ),
        ),
    ),
)
