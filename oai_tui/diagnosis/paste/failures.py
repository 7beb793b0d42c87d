"""The words in which clients and operating systems say why no answer came, and the kind of failure each means: the same kinds as a live probe's.

The order is the order of reading: a cause stands before what it leads to, because a chain of exceptions prints both. Sources: messages of glibc, musl, macOS, Windows (winsock), OpenSSL 1.1 and 3,
urllib3, requests, aiohttp, httpx, httpcore, Node and undici, Go's net, rustls and reqwest, the JDK and curl, as printed in public issues.
"""

from oai_tui.domain.caseless import caseless
from oai_tui.domain.observation import FailureKind

_PROXY = r"prox(?:y|ies)|socks"


def _row(kind: FailureKind, *words: str) -> tuple[FailureKind, tuple[str, ...]]:
    return kind, words


FAILURES: tuple[tuple[FailureKind, tuple[str, ...]], ...] = (
    _row("unsendable", r"illegal header value", r"invalid header value", r"invalid (?:header field value|character in header)", r"err_invalid_char\b", r"cannot convert argument to a bytestring",
         r"codec can'?t encode character", r"failed to parse header value", r"invalid leading whitespace", r"header value.{0,40}(?:illegal|invalid|must|leading|return character)", r"unexpected char 0x[0-9a-f]+ at [0-9]+ in (?:authorization|header)",
         r"non iso-?8859-?1 code point", r"is not a legal http header value", r"(?:string contains|cannot contain) non.?(?:iso|ascii)"),
    _row("proxy-settings", r"unknown scheme for proxy", r"socksio", r"missing dependencies for socks", r"unable to determine socks version", rf"(?:{_PROXY}) ?(?:url|settings?|config\w*|scheme)?.{{0,30}}\b(?:malformed|invalid|no scheme|must be|not supported|unsupported)",
         rf"(?:invalid|malformed|unsupported|unknown) (?:\w+ )?(?:{_PROXY})", r"invalid port: ?'", r"invalid literal for int\(\) with base 10: ['\"][:\[]", r"proxy_?(?:url)? .{0,20}has no scheme", r"invalidproxyurl"),
    _row("proxy-auth", r"proxy authentication required", r"\b407\b.{0,40}proxy", r"proxy.{0,60}\b407\b", r"proxy_?auth"),
    _row("proxy-refused", r"tunnel connection failed", r"(?:unexpected|invalid|bad) (?:\w+ )?(?:status|response).{0,30}connect\b", r"connect tunnel failed", r"proxy (?:connect|response).{0,40}\b(?:403|502|503|forbidden)", r"tunneling socket could not be established, statuscode"),
    _row("proxy-unreachable", r"cannot connect to proxy", r"unable to connect to (?:the )?proxy", r"proxyconnect tcp", r"could not resolve proxy", r"failed to connect to (?:the )?proxy", r"tunneling socket could not be established", r"proxyerror\b(?!.{0,10}\b407)",
         r"connect(?:ing)? to (?:the )?proxy.{0,60}(?:failed|refused|timed? ?out)", r"proxy connection (?:refused|failed|timed out)", r"err_proxy_connection_failed", r"proxy server is refusing"),
    _row("ca-bundle", r"could not find a suitable tls ca", r"invalid path: .{0,200}(?:cacert|ca-?bundle|\.pem|\.crt)", r"(?:no such file|enoent|cannot find the file|could not (?:open|load|read)|failed to (?:open|load|read)|unable to load|ignoring extra certs|error setting certificate).{0,160}(?:\.pem|\.crt|cacert|ca[-_ ]?bundle|ca certificates|certificate (?:file|verify locations|store))",
         r"(?:ssl_cert_file|requests_ca_bundle|curl_ca_bundle|node_extra_ca_certs|ssl_cert_dir).{0,80}(?:does not exist|no such file|not found|cannot|could not|unreadable|missing)", r"load_verify_locations.{0,160}filenotfound", r"create_default_context.{0,300}filenotfounderror"),
    _row("tls-invalid", r"certificate (?:has |is |was )?(?:already )?expired", r"cert_?has_?expired", r"(?:not|isn't) yet valid", r"cert_?not_?yet_?valid", r"(?:host ?name|ip address) mismatch", r"doesn'?t match\b.{0,60}['\"]", r"altname_invalid", r"altnames", r"certificate is (?:not )?valid (?:only )?for",
         r"notvalidforname", r"certificateexpired|notvalidyet|certexpired", r"no (?:alternative certificate )?subject (?:alternative )?(?:name|dns name).{0,40}match", r"remotecertificatenamemismatch", r"certificate subject name", r"invalid peer certificate: ?\(?expired", r"certificateexception: no (?:name|subject)"),
    _row("tls-untrusted", r"self[- _]?signed", r"unable[ _]to[ _]get[ _](?:local[ _])?issuer", r"unable[ _]to[ _]verify[ _](?:the[ _])?(?:first[ _]certificate|leaf)", r"depth_zero", r"unknown ?issuer", r"unknown (?:certificate )?authority", r"unknown_ca\b|unknown ca\b", r"certificate[ _]verify[ _]failed", r"pkix path", r"sec_e_untrusted_root",
         r"curl: \(60\)", r"untrusted ?root", r"not trusted", r"trust anchor", r"untrusted certificate|certificate.{0,20}untrusted", r"remote certificate (?:is|was) (?:invalid|rejected)", r"trust relationship", r"invalid peer certificate", r"nsurlerrordomain.{0,20}-120[24]", r"sslcertverificationerror", r"certificate_unknown|bad ?certificate"),
    _row("tls-protocol", r"wrong[ _]version[ _]number", r"eof occurred in violation", r"unexpected_eof_while", r"handshake[ _]?(?:failure|failed)|handshakeexception|tls handshake (?:eof|error)", r"sslv3_alert|tlsv1_alert|tlsv1 alert|alert (?:number|internal error|protocol version)", r"err_ssl_", r"record layer failure", r"does not look like a tls",
         r"\beproto\b", r"ssl_error_syscall", r"plaintext connection\?|unsupported or unrecognized ssl message", r"unrecognized[ _]name", r"packet length too long", r"nsurlerrordomain.{0,20}-1200", r"ssl connection could not be established", r"invalidcontenttype|corrupt message", r"http request.{0,20}https port", r"ssleoferror", r"\[ssl[:\]]", r"secure tls connection was established"),
    _row("dns", r"name or service not known", r"nodename nor servname", r"getaddrinfo", r"name resolution", r"\benotfound\b", r"\beai_again\b", r"could ?n[o']t resolve", r"no such host", r"dns (?:error|lookup|resolution)", r"unknownhostexception", r"nameresolutionerror", r"failed to resolve", r"resolve host", r"\bgaierror\b", r"(?:errno|winerror|error)[ :]{1,2}1100[1-4]\b", r"no address associated",
         r"name does not resolve", r"server with the specified hostname could not be found", r"nsurlerrordomain.{0,20}-100[36]\b", r"cannot connect to host .{0,120}(?:domain name not found|dns)", r"host not found|host is unknown|no such host is known", r"err_name_not_resolved", r"failed to lookup address", r"lookup [\w.-]{1,200}(?: on [^\s]{1,80})?: (?!eof)(?:server misbehaving|no such host|read udp|i/o timeout|operation was canceled)"),
    _row("refused", r"\beconnrefused\b", r"connection[ _]?refused", r"actively refused", r"(?:errno|os error|winerror)[ :]{1,2}(?:111|61|10061)\b", r"refused to connect|err_connection_refused", r"connect call failed", r"nsurlerrordomain.{0,20}-1004\b", r"积极拒绝", r"\(10061\)", r"curl: \(7\)(?!.{0,160}(?:timed? ?out|unreachable|no route))"),
    _row("unreachable", r"network is (?:unreachable|down)", r"\benetunreach\b|\behostunreach\b", r"no route to host", r"(?:errno|os error|winerror)[ :]{1,2}(?:101|113|51|65|10051|10065|10049)\b", r"unreachable (?:host|network)", r"cannot assign requested address", r"internet connection appears to be offline|err_internet_disconnected", r"forbidden by its access permissions"),
    _row("connect-timeout", r"connect[ _]?timeout", r"\betimedout\b", r"und_err_connect_timeout", r"(?:errno|os error|winerror)[ :]{1,2}(?:110|60|10060)\b", r"connection (?:to .{1,120} )?timed out", r"connect(?:ion)? ?timed? ?out", r"failed to connect to .{1,160}tim(?:ed|e) ?out", r"did not properly respond", r"dial tcp.{0,120}i/o timeout",
         r"dial.{0,120}operation timed out", r"tcp connect error.{0,60}timed out|deadline has elapsed", r"err_connection_timed_out", r"timed out after [0-9]+ ?(?:ms|milliseconds) (?:while )?connecting|connection timeout", r"curl: \(28\).{0,80}connect", r"timeout (?:on|while) connect", r"timed? ?out.{0,20}\(connect", r"couldn'?t connect to server.{0,40}time", r"semaphore timeout"),
    _row("read-timeout", r"read[ _]?timeout", r"read timed out", r"request timed? ?out", r"timeout awaiting", r"headers?_timeout|body_timeout|headers timeout|body timeout", r"deadline exceeded", r"while awaiting headers", r"sockettimeoutexception", r"api[ _]?(?:connection)?timeout ?error", r"timeout ?error\b(?!.{0,10}connect)", r"timeout of [0-9]+ ?ms exceeded", r"operation timed out",
         r"(?:the )?(?:request|operation|response).{0,40}(?:timed out|timeout)", r"error\.timeout\b|openai\.timeout", r"curl: \(28\)", r"taskcanceledexception", r"idle timeout", r"socket timed out|timed out (?:waiting|reading)", r"aborted due to timeout", r"nsurlerrordomain.{0,20}-1001\b", r"httpclient\.timeout", r"timed out\.?\s*$"),
    _row("reset", r"\beconnreset\b", r"connection (?:was |has been )?(?:forcibly )?(?:reset|aborted|broken|lost|closed)", r"connectionreset|connectionaborted", r"forcibly closed", r"remote ?disconnected|remote end closed", r"server ?disconnected", r"peer closed", r"socket hang up", r"\bepipe\b|broken pipe", r"(?:errno|os error|winerror)[ :]{1,2}(?:104|54|10054|10053|32)\b", r"other side closed", r"und_err_socket",
         r"incomplete(?:d)? (?:chunked )?(?:read|message)", r"premature(?:ly)? close|prematurely", r"unexpected (?:eof|end of (?:file|stream))|unexpectedeof", r"incompleteread", r"error (?:decoding|reading) (?:the )?(?:response )?body", r"remoteprotocolerror", r"closed (?:before|without|unexpectedly)", r"stream (?:was )?reset|goaway|rst_stream|http/?2 (?:protocol )?error|err_http2", r"end of file while|empty reply from server", r"readerror\b|writeerror\b|(?<!local)protocolerror\b",
         r"broken connection|response ended prematurely|chunkedencodingerror|connection terminated|terminated\b.{0,40}und_err", r"client ?payload ?error|transferencodingerror", r"network connection was lost|nsurlerrordomain.{0,20}-1005\b", r"err_connection_(?:reset|closed)"),
    _row("url", r"missing an '?https?://", r"unsupportedprotocol", r"request url (?:is missing|has an unsupported)", r"no (?:connection adapters|scheme supplied)|missingschema|invalidschema", r"unsupported protocol scheme|missing protocol scheme", r"err_invalid_url", r"relative url without a base", r"failed to parse url|could not parse url|invalid url(?! ?\()", r"invalidurl\b", r"builder error|invalid uri", r"only absolute urls", r"url using bad/illegal format|malformedurlexception|curl: \(3\)"),
)


def failure_in(text: str) -> tuple[FailureKind, str] | None:
    """The first kind of the table whose words stand in the text, and those words in lower case; None when none do. `text` is on one line."""
    low = text.lower()
    for kind, words in FAILURES:
        if matches := [match for pattern in words if (match := caseless(pattern).search(low))]:
            return kind, min(matches, key=lambda match: match.start()).group()
    return None
