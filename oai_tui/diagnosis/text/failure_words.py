"""The words for a failed connection, and the kind of failure that they mean.

The kinds are those of a live probe. Sources: messages of glibc, musl, macOS, Windows (winsock),
OpenSSL 1.1 and 3, urllib3, requests, aiohttp, httpx, httpcore, Node and undici, Go's net, rustls
and reqwest, the JDK and curl, as printed in public issues.
"""

from typing import NamedTuple

from oai_tui.diagnosis.text.pattern_rows import Row
from oai_tui.domain.keys.redaction import RedactedText
from oai_tui.domain.lazy_pattern import LazyPattern, lazy_pattern
from oai_tui.domain.observation import FailureKind

_PROXY = r"prox(?:y|ies)|socks"
_ERRNO = r"(?:errno|os error|winerror)[ :]{1,2}"
_APPLE = r"nsurlerrordomain.{0,20}"

# fmt: off
FAILURE_WORDS: tuple[tuple[FailureKind, tuple[Row, ...]], ...] = (
    ("unsendable", (
        # Python: h11, http.client, requests
        (r"illegal header value", r"httpx.LocalProtocolError: Illegal header value b'Bearer …\n'"),
        (r"invalid (?:http )?header value", r"ValueError: Invalid header value b'Bearer …\n'"),
        (r"code(?:c)? can'?t encode character", r"UnicodeEncodeError: 'ascii' codec can't encode character '\u2014' in position 110"),
        (r"invalid leading whitespace", "InvalidHeader: Invalid leading whitespace, reserved character(s), or return character(s) in header"),
        (r"header value.{0,40}(?:illegal|invalid|must|leading|return character)", "Header value must be str or bytes"),
        # Node, undici, browsers, Bun
        (r"invalid (?:header field value|character in header)", 'TypeError: Invalid character in header content ["Authorization"]'),
        (r"err_invalid_char\b", "code: 'ERR_INVALID_CHAR'"),
        (r"cannot convert argument to a bytestring", "TypeError: Cannot convert argument to a ByteString because the character at index 7"),
        (r"non iso-?8859-?1 code point", "TypeError: String contains non ISO-8859-1 code point."),
        (r"is not a legal http header value", "TypeError: Bearer … is not a legal HTTP header value"),
        (r"(?:string contains|cannot contain) non.?(?:iso|ascii)", "a header cannot contain non-ASCII characters"),
        # Rust
        (r"failed to parse header value", "builder error: failed to parse header value"),
        # OkHttp
        (r"unexpected char 0x[0-9a-f]+ at [0-9]+ in (?:authorization|header)", "Unexpected char 0x0a at 58 in Authorization value"),
    )),
    ("proxy-settings", (
        # Python: httpx, requests, socksio
        (r"unknown scheme for proxy", "ValueError: Unknown scheme for proxy URL URL('socks://127.0.0.1:7890')"),
        (r"socksio", "ImportError: Using SOCKS proxy, but the 'socksio' package is not installed."),
        (r"missing dependencies for socks", "InvalidSchema: Missing dependencies for SOCKS support."),
        (r"unable to determine socks version", "ValueError: Unable to determine SOCKS version from socks://127.0.0.1:7890"),
        (r"invalid port: ?'", "httpx.InvalidURL: Invalid port: ':1]'"),
        (r"invalid literal for int\(\) with base 10: ['\"][:\[]", "ValueError: invalid literal for int() with base 10: ':'"),
        (r"invalidproxyurl", "requests.exceptions.InvalidProxyURL: Please check proxy URL."),
        (r"proxy_?(?:url)? .{0,20}has no scheme", "proxy_url 127.0.0.1:7890 has no scheme"),
        # Rust: Codex
        (r"proxy: unknown scheme", "Failed to create HTTP transport: proxy: unknown scheme: http"),
        # any client
        (rf"(?:{_PROXY}) ?(?:url|settings?|config\w*|scheme)?.{{0,30}}\b(?:malformed|invalid|no scheme|must be|not supported|unsupported)", "Proxy URL is malformed"),
        (rf"(?:invalid|malformed|unsupported|unknown) (?:\w+ )?(?:{_PROXY})\b(?! (?:server )?(?:token|key))", "unsupported proxy protocol: socks"),
    )),
    ("proxy-auth", (
        # Java
        (r"authenticate with (?:the )?proxy", "java.io.IOException: Failed to authenticate with proxy"),
        # any client
        (r"proxy authentication required", "OSError('Tunnel connection failed: 407 Proxy Authentication Required')"),
        (r"\b407\b.{0,40}proxy", "got 407 from the proxy"),
        (r"proxy.{0,60}\b407\b", "httpcore.ProxyError: 407"),
        (r"proxyerror: 401\b", "httpcore.ProxyError: 401 Unauthorized"),
        (r"connect tunnel failed, response 401", "curl: (56) CONNECT tunnel failed, response 401"),
        (r"tunnel connection failed: 401", "OSError('Tunnel connection failed: 401 Unauthorized')"),
        (r"proxy_?auth(?!\w{0,20}\W{0,3}[:=])", "ERR_PROXY_AUTH_UNSUPPORTED"),
    )),
    ("proxy-refused", (
        # Python: http.client
        (r"tunnel connection failed", "OSError('Tunnel connection failed: 400 Bad Request')"),
        (r"proxyerror: [345][0-9]{2}\b", "httpcore.ProxyError: 403 Forbidden"),
        # Node
        (r"tunneling socket could not be established, statuscode", "tunneling socket could not be established, statusCode=503"),
        # curl
        (r"connect tunnel failed", "curl: (56) CONNECT tunnel failed, response 403"),
        (r"proxy received status: \S+ (?:403|50[0-9])", "http connect Proxy received status: HTTP/1.1 503 Service Unavailable"),
        # any client
        (r"(?:unexpected|invalid|bad) (?:\w+ )?(?:status|response).{0,30}connect\b", "unexpected status 502 to CONNECT"),
        (r"proxy (?:connect|response).{0,40}\b(?:403|502|503|forbidden)", "Proxy response (403) !== 200 when HTTP Tunneling"),
    )),
    ("proxy-unreachable", (
        # proxychains
        (r"proxychains\].{0,200}\.\.\.\s+(?:timeout|denied|socket error)|<--(?:socket error|denied|timeout)", "[proxychains] Strict chain ... 127.0.0.1:7890 ... timeout"),
        # Python: urllib3, httpx
        (r"cannot connect to proxy", "ProxyError('Cannot connect to proxy.', NewConnectionError("),
        (r"unable to connect to (?:the )?proxy", "ProxyError('Unable to connect to proxy', NewConnectionError("),
        (r"proxyerror\b(?!.{0,10}\b407)", "httpx.ProxyError: all attempts failed"),
        # Go
        (r"proxyconnect tcp", "proxyconnect tcp: dial tcp 127.0.0.1:10809: connectex"),
        # curl
        (r"could not resolve proxy", "curl: (5) Could not resolve proxy: proxy.corp.example"),
        # Node
        (r"tunneling socket could not be established", "tunneling socket could not be established, cause=connect"),
        # browsers
        (r"err_proxy_connection_failed", "net::ERR_PROXY_CONNECTION_FAILED"),
        (r"proxy server is refusing", "The proxy server is refusing connections"),
        # any client
        (r"failed to connect to (?:the )?proxy", "Failed to connect to the proxy"),
        (r"connect(?:ing)? to (?:the )?proxy.{0,60}(?:failed|refused|timed? ?out)", "connecting to proxy 127.0.0.1:7890 failed"),
        (r"proxy connection (?:refused|failed|timed out)", "proxy connection timed out"),
    )),
    ("ca-bundle", (
        # Python: requests, ssl, httpx
        (r"could not find a suitable tls ca", "OSError: Could not find a suitable TLS CA certificate bundle, invalid path: /etc/ssl/corp.pem"),
        (r"invalid path: .{0,200}(?:cacert|ca-?bundle|\.pem|\.crt)", "invalid path: /etc/ssl/corp.pem"),
        (r"load_verify_locations.{0,160}filenotfound", "context.load_verify_locations(cafile=verify) FileNotFoundError: [Errno 2]"),
        (r"create_default_context.{0,300}filenotfounderror", "ssl.create_default_context(cafile=path) FileNotFoundError: [Errno 2]"),
        # any client, by the file
        (r"(?:no such file|enoent|cannot find the file|could not (?:open|load|read)|failed to (?:open|load|read)|unable to load|ignoring extra certs|error setting certificate).{0,160}(?:\.pem|\.crt|cacert|ca[-_ ]?bundle|ca certificates|certificate (?:file|verify locations|store))", "Warning: Ignoring extra certs from `/etc/ssl/corp.pem`, load failed"),
        # any client, by the variable
        (r"(?:ssl_cert_file|requests_ca_bundle|curl_ca_bundle|node_extra_ca_certs|ssl_cert_dir).{0,80}(?:does not exist|no such file|not found|cannot|could not|unreadable|missing)", "SSL_CERT_FILE=/etc/ssl/corp does not exist"),
    )),
    ("tls-invalid", (
        # expired, or not valid yet: any client
        (r"certificate (?:has |is |was )?(?:already )?expired", "certificate verify failed: certificate has expired (_ssl.c:1006)"),
        (r"cert_?has_?expired", "code: 'CERT_HAS_EXPIRED'"),
        (r"(?:not|isn't) yet valid", "SSL certificate problem: certificate is not yet valid"),
        (r"cert_?not_?yet_?valid", "code: 'CERT_NOT_YET_VALID'"),
        # another name: OpenSSL, Python
        (r"(?:host ?name|ip address) mismatch", "certificate verify failed: Hostname mismatch"),
        (r"doesn'?t match\b.{0,60}['\"]", "hostname 'api.openai.com' doesn't match 'gateway.corp.example'"),
        # another name: Node
        (r"altname_invalid", "code: 'ERR_TLS_CERT_ALTNAME_INVALID'"),
        (r"altnames", "Hostname/IP does not match certificate's altnames: Host: api.openai.com."),
        # another name: Go, rustls
        (r"certificate is (?:not )?valid (?:only )?for", "x509: certificate is valid for gateway.corp.example, not api.openai.com"),
        (r"notvalidforname", "invalid peer certificate: NotValidForName"),
        # rustls
        (r"certificateexpired", "invalid certificate: CertificateExpired"),
        (r"notvalidyet", "invalid peer certificate: NotValidYet"),
        (r"certexpired", "invalid peer certificate: CertExpired"),
        # another name: curl, Java, .NET
        (r"no (?:alternative certificate )?subject (?:alternative )?(?:name|dns name).{0,40}match", "SSL: no alternative certificate subject name matches target host name"),
        (r"remotecertificatenamemismatch", "the remote certificate is invalid: RemoteCertificateNameMismatch"),
        (r"certificate subject name", "SSL: certificate subject name 'gateway.corp.example' does not"),
        (r"invalid peer certificate: ?\(?expired", "invalid peer certificate: Expired"),
        (r"sec_e_wrong_principal|target principal name is incorrect", "schannel: SNI or certificate check failed: SEC_E_WRONG_PRINCIPAL (0x80090322)"),
        # browsers
        (r"err_cert_(?:common_name|date)_invalid", "net::ERR_CERT_COMMON_NAME_INVALID"),
        # curl, Java, .NET
        (r"sec_e_cert_expired", "schannel: next InitializeSecurityContext failed: SEC_E_CERT_EXPIRED (0x80090328)"),
        (r"certificateexception: no (?:name|subject)", "java.security.cert.CertificateException: No name matching api.openai.com found"),
    )),
    ("tls-untrusted", (
        # OpenSSL: Python, Node, curl
        (r"self[- _]?signed", "certificate verify failed: self-signed certificate in certificate chain"),
        (r"unable[ _]to[ _]get[ _](?:local[ _])?issuer", "unable to get local issuer certificate"),
        (r"unable[ _]to[ _]verify[ _](?:the[ _])?(?:first[ _]certificate|leaf)", "code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'"),
        (r"depth_zero", "code: 'DEPTH_ZERO_SELF_SIGNED_CERT'"),
        # rustls
        (r"unknown ?issuer", "invalid peer certificate: UnknownIssuer"),
        # Go
        (r"unknown (?:certificate )?authority", "x509: certificate signed by unknown authority"),
        # browsers
        (r"err_cert_authority_invalid", "net::ERR_CERT_AUTHORITY_INVALID"),
        # TLS alerts
        (r"unknown_ca\b", "remote error: unknown_ca"),
        (r"unknown ca\b", "tlsv1 alert unknown ca"),
        (r"certificate[ _]verify[ _]failed", "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed"),
        # Java
        (r"pkix path", "javax.net.ssl.SSLHandshakeException: PKIX path building failed"),
        # Windows, curl
        (r"sec_e_untrusted_root", "schannel: SEC_E_UNTRUSTED_ROOT (0x80090325)"),
        (r"curl: \(60\)", "curl: (60) SSL certificate problem"),
        # Go
        (r"tls: failed to verify", 'Post "https://api.openai.com/v1/responses": tls: failed to verify'),
        # any client
        (r"certificate verification error", "Error: unknown certificate verification error"),
        (r"valid certification path", "unable to find valid certification path to requested target"),
        (r"failed to verify certificate", "failed to verify certificate"),
        (r"untrusted ?root", "PartialChain, UntrustedRoot"),
        (r"not trusted", "the certificate is not trusted"),
        (r"trust anchor", "Trust anchor for certification path not found."),
        (r"untrusted certificate", "untrusted certificate"),
        (r"certificate.{0,20}untrusted", "the certificate is untrusted"),
        # .NET
        (r"remote certificate (?:is|was) (?:invalid|rejected)", "The remote certificate is invalid according to the validation procedure"),
        (r"trust relationship", "Could not establish trust relationship for the SSL/TLS secure channel"),
        # rustls
        (r"invalid peer certificate", "client error (Connect): invalid peer certificate: BadEncoding"),
        # Apple
        (rf"{_APPLE}-120[24]", "NSURLErrorDomain Code=-1202"),
        # Python, TLS alerts
        (r"sslcertverificationerror", "ssl.SSLCertVerificationError: Basic Constraints of CA cert"),
        (r"certificate_unknown", "alert certificate_unknown"),
        # PHP, R, Perl, Ruby
        (r"curl (?:error|errno) 60\b", "cURL error 60: SSL certificate problem"),
        (r"peer certificate cannot be authenticated", "Peer certificate cannot be authenticated with given CA certificates"),
        # Windows in other languages
        (r"remotezertifikat ist ung|zertifikat.{0,30}nicht vertrauensw", "Das Remotezertifikat ist ungültig"),
        (r"certificat distant (?:est|n'est)|certificado remoto (?:no es|es no)", "Le certificat distant n'est pas valide"),
        (r"远程证书无效|证书(?:不受信任|验证失败)", "根据验证过程，远程证书无效。"),
        (r"bad ?certificate", "remote error: tls: bad certificate"),
    )),
    ("tls-protocol", (
        # OpenSSL: Python, Node, curl
        (r"wrong[ _]version[ _]number", "[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1129)"),
        (r"eof occurred in violation", "SSLEOFError(8, 'EOF occurred in violation of protocol (_ssl.c:1131)')"),
        (r"unexpected_eof_while", "[SSL: UNEXPECTED_EOF_WHILE_READING] (_ssl.c:1006)"),
        (r"sslv3_alert", "[SSL: SSLV3_ALERT_UNEXPECTED_MESSAGE]"),
        (r"tlsv1_alert", "[SSL: TLSV1_ALERT_INTERNAL_ERROR]"),
        (r"tlsv1 alert", "tlsv1 alert protocol version"),
        (r"alert (?:number|internal error|protocol version)", "SSL alert number 80"),
        (r"record layer failure", "[SSL] record layer failure (_ssl.c:1000)"),
        (r"ssl_error_syscall", "OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to api.openai.com:443"),
        (r"unrecognized[ _]name", "tlsv1 unrecognized name"),
        (r"packet length too long", "ssl3_get_record: packet length too long"),
        (r"ssleoferror", "ssl.SSLEOFError: (8, 'EOF')"),
        (r"\[ssl[:\]]", "[SSL: BAD_LENGTH] bad length (_ssl.c:2396)"),
        # Node
        (r"err_ssl_", "code: 'ERR_SSL_PACKET_LENGTH_TOO_LONG'"),
        (r"\beproto\b", "write EPROTO 140735"),
        (r"secure tls connection was established", "Client network socket disconnected before secure TLS connection was established"),
        # any client
        (r"handshake[ _]?(?:failure|failed)", "sslv3: handshake failure"),
        (r"handshakeexception", "HandshakeException: Connection terminated during handshake"),
        (r"tls handshake (?:eof|error)", "tls handshake eof"),
        # Go
        (r"does not look like a tls", "tls: first record does not look like a TLS handshake"),
        # Java
        (r"plaintext connection\?", "javax.net.ssl.SSLException: Unrecognized SSL message, plaintext connection?"),
        (r"unsupported or unrecognized ssl message", "javax.net.ssl.SSLException: Unsupported or unrecognized SSL message"),
        # Apple
        (rf"{_APPLE}-1200", "NSURLErrorDomain Code=-1200"),
        # .NET
        (r"could not create ssl/tls secure channel", "The request was aborted: Could not create SSL/TLS secure channel."),
        # rustls
        (r"invalidcontenttype", "received corrupt message of type InvalidContentType"),
        (r"corrupt message", "received corrupt message"),
        # curl, R
        (r"failed to receive handshake", "schannel: failed to receive handshake, SSL/TLS connection failed"),
        # nginx
        (r"http request.{0,20}https port", "The plain HTTP request was sent to HTTPS port"),
    )),
    ("dns", (
        # glibc, musl, macOS, Windows
        (r"name or service not known", "httpcore.ConnectError: [Errno -2] Name or service not known"),
        (r"nodename nor servname", "[Errno 8] nodename nor servname provided, or not known"),
        (r"name resolution", "[Errno -3] Temporary failure in name resolution"),
        (r"no address associated", "[Errno -5] No address associated with hostname"),
        (r"name does not resolve", "[Errno -2] Name does not resolve"),
        (r"no such host", "dial tcp: lookup api.openai.com: no such host"),
        (r"host not found", "System.Net.WebException: host not found"),
        (r"host is unknown", "The requested name is valid, but the host is unknown"),
        (r"no such host is known", "No such host is known. (api.openai.com:443)"),
        (r"(?:errno|winerror|error)[ :]{1,2}1100[1-4]\b", "[Errno 11001] getaddrinfo failed"),
        # Python
        (r"getaddrinfo", "socket.gaierror: [Errno 11001] getaddrinfo failed"),
        (r"\bgaierror\b", "socket.gaierror: [Errno -2]"),
        (r"nameresolutionerror", "NameResolutionError(\"<urllib3.connection.HTTPSConnection object\")"),
        (r"cannot connect to host .{0,120}(?:domain name not found|dns)", "Cannot connect to host api.openai.com:443 ssl:default [Domain name not found]"),
        # Node
        (r"\benotfound\b", "Error: getaddrinfo ENOTFOUND api.openai.com"),
        (r"\beai_again\b", "Error: getaddrinfo EAI_AGAIN api.openai.com"),
        # curl, urllib3
        (r"could ?n[o']t resolve", "curl: (6) Could not resolve host: api.openai.com"),
        (r"failed to resolve", "Failed to resolve 'api.openai.com' ([Errno -2])"),
        (r"resolve host", "Unable to resolve host \"api.openai.com\""),
        # reqwest
        (r"dns (?:error|lookup|resolution)", "error trying to connect: dns error"),
        (r"failed to lookup address", "failed to lookup address information"),
        # Java, .NET
        (r"unknownhostexception", "java.net.UnknownHostException: api.openai.com"),
        (r"socketexception \((?:1100[1-4])\)", "System.Net.Sockets.SocketException (11001)"),
        # Apple
        (r"server with the specified hostname could not be found", "A server with the specified hostname could not be found."),
        (rf"{_APPLE}-100[36]\b", "NSURLErrorDomain Code=-1003"),
        # browsers
        (r"err_name_not_resolved", "net::ERR_NAME_NOT_RESOLVED"),
        # Go
        (r"lookup [\w.-]{1,200}(?: on [^\s]{1,80})?: (?!eof)(?:server misbehaving|no such host|read udp|i/o timeout|operation was canceled)", "dial tcp: lookup api.openai.com on 127.0.0.11:53: server misbehaving"),
        # musl
        (r"(?:lookup|resolv\w{1,4}|getaddrinfo)[^\n]{0,120}\btry again\b", "failed to lookup api.openai.com: Try again"),
        # Dart, Elixir and Erlang, PHP, Perl, c-ares
        (r"failed host lookup", "SocketException: Failed host lookup: 'api.openai.com'"),
        (r"errno = (?:7|8|1100[1-4])\b", "OS Error: No address, errno = 7"),
        (r":nxdomain\b", "%Mint.TransportError{reason: :nxdomain}"),
        (r"curl (?:error|errno) 6\b", "cURL error 6: api.openai.com"),
        (r"php_network_getaddresses", "php_network_getaddresses: failed"),
        (r"bad hostname", "500 Can't connect to api.openai.com:443 (Bad hostname)"),
        (r"could not contact dns", "Could not contact DNS servers"),
        # any client
        (r"unable to resolve (?:the )?(?:host|address|name|domain)", "Unable to resolve address of api.openai.com"),
        (r"\b(?:name|host|domain)(?:name)? (?:could not|cannot|can'?t|can not) be (?:resolved|found)", "The hostname could not be resolved: 'api.openai.com'"),
        (r"\bremote name could not be resolved", "The remote name could not be resolved: 'api.openai.com'"),
        # Windows and Linux in other languages
        (r"host ist unbekannt", "Der angegebene Host ist unbekannt. (api.openai.com:443)"),
        (r"(?:remotename|host|hostname|name) konnte nicht aufgel|namensaufl\S{0,3}sung", "Der Remotename konnte nicht aufgelöst werden"),
        (r"name oder (?:der )?dienst", "[Errno -2] Name oder Dienst nicht bekannt"),
        (r"h\S{1,2}te (?:demand\S{1,2} est )?inconnu", "Hôte inconnu. (api.openai.com:443)"),
        (r"nom distant n'a pas pu|r\S{1,2}solution (?:de|du) nom|nom ou service inconnu", "Le nom distant n'a pas pu être résolu"),
        (r"host desconocido|nombre remoto|resoluci\S{1,2}n (?:de|del) nombre|nombre o servicio desconocido", "Host desconocido. (api.openai.com:443)"),
        (r"host sconosciuto|nome remoto|risoluzione del nome", "Host sconosciuto. (api.openai.com:443)"),
        (r"este host n\S{1,2}o \S{1,2} conhecido|resolu\S{1,3}o de nomes?", "Este host não é conhecido"),
        (r"этот хост неизвестен|имя или служба не известны|удаленное имя|разрешени\w{1,3} им[её]н", "Этот хост неизвестен. (api.openai.com:443)"),
        (r"不知道这样的主机|无法解析(?:的)?(?:主机|域名|远程名称|服务器)|(?:域名|dns ?)解析(?:失败|错误)|未知的名称或服务|未知的主机", "不知道这样的主机。 (api.openai.com:443)"),
        (r"そのようなホストは不明|(?:リモート名|ホスト名?)を(?:解決|見つける)|名前解決", "そのようなホストは不明です。"),
        (r"알려진 호스트가 없|이름을 확인할 수 없|호스트를 찾을 수 없", "알려진 호스트가 없습니다."),
    )),
    ("refused", (
        # Linux, macOS, Windows
        (rf"{_ERRNO}(?:111|61|10061)\b", "httpcore.ConnectError: [Errno 111]"),
        (r"connection[ _]?refused", "[Errno 61] Connection refused"),
        (r"actively refused", "No connection could be made because the target machine actively refused it"),
        (r"积极拒绝|积極拒絕|主動拒絕|拒绝连接|连接被拒绝|拒绝了?(?:我们)?的?连接", "由于目标计算机积极拒绝，无法连接。"),
        (r"verbindung(?:saufbau)? (?:verweigert|abgelehnt)|zielcomputer die verbindung verweigert", "[Errno 111] Verbindungsaufbau abgelehnt"),
        (r"express\S{0,2}ment refus|connexion refus", "l'ordinateur cible l'a expressément refusée"),
        (r"deneg\S{1,3} expresamente|conexi\S{1,3}n (?:rehusada|rechazada|denegada)", "el equipo de destino denegó expresamente dicha conexión"),
        (r"rifiuto persistente|connessione rifiutata", "Connessione rifiutata"),
        (r"recusou ativamente|conex\S{1,3}o (?:recusada|foi recusada)", "a máquina de destino as recusou ativamente"),
        (r"отверг запрос на подключение|в соединении отказано|соединение отклонено", "[Errno 111] В соединении отказано"),
        (r"拒否され(?:ました|たため)|接続を拒否|接続が拒否", "対象のコンピューターによって拒否されたため、接続できませんでした。"),
        (r"연결을 거부|연결이 거부", "대상 컴퓨터에서 연결을 거부했으므로 연결하지 못했습니다"),
        # Elixir and Erlang, PHP, Dart, Ruby
        (r":econnrefused\b", "%Req.TransportError{reason: :econnrefused}"),
        (r"errno = (?:111|61|10061)\b", "SocketException: OS Error: Connection refused, errno = 111"),
        (r"errno::econnrefused", "Errno::ECONNREFUSED"),
        (r"\(10061\)", "connectex (10061)"),
        # Python: aiohttp, for a local or private address only
        (r"connect call failed \('(?:127\.|localhost|::1|0\.0\.0\.0|10\.|192\.168\.|172\.)", "[Connect call failed ('127.0.0.1', 1234)]"),
        # Node
        (r"\beconnrefused\b", "connect ECONNREFUSED 127.0.0.1:443"),
        # .NET, browsers, Apple
        (r"socketexception \((?:111|10061|61)\)", "System.Net.Sockets.SocketException (10061)"),
        (r"refused to connect", "api.openai.com refused to connect."),
        (r"err_connection_refused", "net::ERR_CONNECTION_REFUSED"),
        (rf"{_APPLE}-1004\b", "NSURLErrorDomain Code=-1004"),
        # curl
        (r"curl: \(7\)(?!.{0,160}(?:timed? ?out|unreachable|no route|after [0-9]{5,7} ?ms))", "curl: (7) Failed to connect to api.openai.com port 443 after 5 ms"),
    )),
    ("unreachable", (
        # Linux, macOS, Windows
        (rf"{_ERRNO}(?:101|113|51|65|10051|10065|10049)\b", "[WinError 10051]"),
        (r"network is (?:unreachable|down)", "[Errno 101] Network is unreachable"),
        (r"\(101: network unreachable", "connect() failed (101: Network unreachable)"),
        (r"no route to host", "[Errno 113] No route to host"),
        (r"unreachable (?:host|network)", "A socket operation was attempted to an unreachable network"),
        (r"cannot assign requested address", "[Errno 99] Cannot assign requested address"),
        (r"forbidden by its access permissions", "An attempt was made to access a socket in a way forbidden by its access permissions"),
        # Node
        (r"\benetunreach\b", "connect ENETUNREACH 2606:4700::1:443"),
        (r"\behostunreach\b", "connect EHOSTUNREACH 104.18.7.192:443"),
        # .NET
        (r"socketexception \((?:101|113|10051|10065)\)", "System.Net.Sockets.SocketException (10051)"),
        # Apple, browsers
        (r"internet connection appears to be offline", "The Internet connection appears to be offline."),
        (r"err_internet_disconnected", "net::ERR_INTERNET_DISCONNECTED"),
        # Dart, Elixir and Erlang
        (r"errno = (?:101|113|51|65|10051|10065)\b", "SocketException: OS Error: Network is unreachable, errno = 101"),
        (r":e(?:host|net)unreach\b", "%Mint.TransportError{reason: :ehostunreach}"),
        # other languages
        (r"netzwerk ist nicht erreichbar|das netzwerk ist nicht|kein weg zum ziel|keine route zum (?:zielrechner|host)", "[Errno 101] Das Netzwerk ist nicht erreichbar"),
        (r"r\S{1,3}seau (?:n'est pas accessible|inaccessible)|aucun chemin d'acc|aucune route vers", "[Errno 101] Le réseau n'est pas accessible"),
        (r"la red es inaccesible|red inaccesible|no existe (?:ninguna )?ruta", "[Errno 101] La red es inaccesible"),
        (r"сеть недоступна|нет маршрута", "[Errno 101] Сеть недоступна"),
        (r"网络(?:不可达|不可访问|无法访问)|没有到主机的路由|无法访问的(?:主机|网络)", "[Errno 101] 网络不可达"),
        (r"ネットワークに(?:到達|接続)でき|到達できない", "ネットワークに到達できません"),
    )),
    ("connect-timeout", (
        # Linux, macOS, Windows
        (rf"{_ERRNO}(?:110|60|10060)\b", "[WinError 10060]"),
        (r"connection (?:to .{1,120} )?timed out(?!\. timeout passed)", "[Errno 110] Connection timed out"),
        (r"did not properly respond", "the connected party did not properly respond after a period of time"),
        (r"semaphore timeout", "[WinError 121] The semaphore timeout period has expired"),
        # Python
        (r"connect[ _]?timeout", "httpx.ConnectTimeout: timed out"),
        # Node, undici
        (r"\betimedout\b", "connect ETIMEDOUT 104.18.7.192:443"),
        (r"und_err_connect_timeout", "code: 'UND_ERR_CONNECT_TIMEOUT'"),
        (r"timed out after [0-9]+ ?(?:ms|milliseconds) (?:while )?connecting", "timed out after 5000 ms while connecting"),
        (r"connection timeout", "connection timeout: 10000 ms"),
        # .NET
        (r"socketexception \((?:110|10060|60)\)", "System.Net.Sockets.SocketException (10060)"),
        # Java, OkHttp
        (r"connect(?:ion)? ?timed? ?out(?!\. timeout passed)", "java.net.SocketTimeoutException: connect timed out"),
        (r"failed to connect to .{1,160}tim(?:ed|e) ?out", "failed to connect to api.openai.com/104.18.7.192 (port 443): timeout"),
        # Go
        (r"dial tcp.{0,120}i/o timeout", "dial tcp 104.18.7.192:443: i/o timeout"),
        (r"dial.{0,120}operation timed out", "dial tcp 104.18.7.192:443: connect: operation timed out"),
        # reqwest
        (r"tcp connect error.{0,60}timed out", "tcp connect error: Connection timed out"),
        (r"deadline has elapsed", "error trying to connect: deadline has elapsed"),
        # browsers
        (r"err_connection_timed_out", "net::ERR_CONNECTION_TIMED_OUT"),
        # curl
        (r"curl: \(28\).{0,80}connect", "curl: (28) Failed to connect to api.openai.com port 443"),
        (r"couldn'?t connect to server.{0,40}time", "Couldn't connect to server: timeout"),
        (r"after [0-9]{5,7} ?ms: (?:couldn'?t|could not) connect", "port 443 after 21003 ms: Couldn't connect to server"),
        # any client
        (r"timeout (?:on|while) connect", "timeout while connecting"),
        (r"timed? ?out.{0,20}\(connect", "timed out. (connect timeout=5)"),
        (r"connect(?:ing|ion)? (?:to \S{1,120} )?(?:attempt )?(?:has )?(?:failed|error)[^.\n]{0,20}(?:time-?d? ?out)", "connection attempt failed: timed out"),
        # Dart, Elixir and Erlang, Ruby, R, PHP
        (r"errno = (?:110|60|10060)\b", "SocketException: OS Error: Connection timed out, errno = 110"),
        (r"net::opentimeout|faraday::connectionfailed: execution expired", "Net::OpenTimeout: execution expired"),
        (r"transporterror\{[^}]{0,40}:connect_timeout|:connect_timeout\b", "%HTTPoison.Error{reason: :connect_timeout}"),
        (r"ssl connection timeout", "* SSL connection timeout"),
        (r"curl (?:error|errno) 28\b.{0,80}connect", "cURL error 28: Connection timed out"),
        # Windows and Linux in other languages
        (r"nicht (?:ordnungsgem|richtig) ?\S{0,4} ?reagiert|verbindungsversuch ist fehlgeschlagen|zeit\S{1,3}berschreitung (?:bei|der|beim) verbind", "Ein Verbindungsversuch ist fehlgeschlagen, da die Gegenstelle nicht ordnungsgemäß reagiert hat"),
        (r"n'a pas r\S{1,3}pondu convenablement|tentative de connexion a \S{1,3}chou|connexion termin\S{1,3}e par expiration", "le parti connecté n'a pas répondu convenablement"),
        (r"parte conectada no respondi|intento de conexi\S{1,3}n ya|tiempo de espera de conexi\S{1,3}n", "la parte conectada no respondió adecuadamente"),
        (r"tentativo di connessione|connessione scaduta", "Impossibile stabilire la connessione: tentativo di connessione fallito"),
        (r"tentativa de conex\S{1,3}o|componente conectado n\S{1,3}o respondeu", "Uma tentativa de conexão falhou"),
        (r"попытка установить соединение|от другого компьютера за требуемое время|время ожидания соединения", "Попытка установить соединение была безуспешной"),
        (r"没有正确答复|沒有正確回應|连接(?:的主机)?(?:超时|没有反应)|连接尝试失败|建立连接超时", "由于连接方在一段时间后没有正确答复"),
        (r"正しく応答しなかった|接続済みの呼び出し先|接続がタイムアウト", "接続済みの呼び出し先が一定の時間を過ぎても正しく応答しなかったため"),
        (r"연결된 구성원으로부터 응답이 없어|연결 시간이? 초과", "연결된 구성원으로부터 응답이 없어 연결하지 못했거나"),
    )),
    ("read-timeout", (
        # Python: requests, httpx, openai-python, LiteLLM
        (r"read[ _]?timeout", "httpx.ReadTimeout: The read operation"),
        (r"read timed out", "HTTPSConnectionPool(host='api.openai.com', port=443): Read timed out."),
        (r"timeout passed", "litellm.Timeout: Timeout passed=600.0, time taken=579.6 seconds"),
        (r"request timed? ?out", "openai.APITimeoutError: Request timed out."),
        (r"api[ _]?(?:connection)?timeout ?error", "openai.APITimeoutError"),
        (r"timeout ?error\b(?!.{0,10}connect)", "asyncio.exceptions.TimeoutError"),
        (r"error\.timeout\b", "openai.error.Timeout: HTTP code 504"),
        (r"openai\.timeout", "openai.Timeout"),
        (r"operation timed out", "The read operation timed out"),
        # Node, undici, axios
        (r"\btimedout\b", "the request TIMEDOUT"),
        (r"headers?_timeout", "code: 'UND_ERR_HEADERS_TIMEOUT'"),
        (r"body_timeout", "code: 'UND_ERR_BODY_TIMEOUT'"),
        (r"headers timeout", "HeadersTimeoutError: Headers Timeout Error"),
        (r"body timeout", "BodyTimeoutError: Body Timeout Error"),
        (r"timeout of [0-9]+ ?ms exceeded", "AxiosError: timeout of 60000ms exceeded"),
        (r"aborted due to timeout", "TimeoutError: The operation was aborted due to timeout"),
        # Go
        (r"deadline exceeded", "context deadline exceeded"),
        (r"while awaiting headers", "(Client.Timeout exceeded while awaiting headers)"),
        (r"timeout awaiting", "net/http: timeout awaiting response headers"),
        # Java
        (r"interruptedioexception", "java.io.InterruptedIOException: timeout"),
        (r"sockettimeoutexception", "java.net.SocketTimeoutException: timeout"),
        # .NET
        (r"taskcanceledexception", "System.Threading.Tasks.TaskCanceledException: A task was canceled."),
        (r"exceeded the configured timeout", "The operation was cancelled because it exceeded the configured timeout of 0:01:40."),
        (r"httpclient\.timeout", "The request was canceled due to the configured HttpClient.Timeout of 100 seconds"),
        # Apple
        (rf"{_APPLE}-1001\b", "NSURLErrorDomain Code=-1001"),
        # curl
        (r"curl: \(28\)", "curl: (28) Operation timed out"),
        # Codex
        (r"idle timeout", "stream disconnected before completion: idle timeout waiting for SSE"),
        # any client
        (r"(?:the )?(?:request|operation|response).{0,40}(?:timed out|timeout)", "the response to this call timed out"),
        (r"socket timed out", "the socket timed out"),
        (r"timed out (?:waiting|reading)", "timed out waiting for an answer"),
        (r"timed out\.?\s*$", "the call timed out"),
        # Dart, Ruby, Elixir and Erlang, PHP, Perl, R
        (r"timeoutexception\b", "TimeoutException after 0:01:00.000000: Future not completed"),
        (r"net::readtimeout|faraday::timeouterror", "Net::ReadTimeout with #<TCPSocket:(closed)>"),
        (r"(?:transporterror|httpoison\.error|httperror|error)\W{1,3}(?:\w{1,20}: [^,{}]{0,40}, )?(?:reason: )?:timeout\b|reason: :timeout\b", "%Req.TransportError{reason: :timeout}"),
        (r"curl (?:error|errno) 28\b", "cURL error 28: Operation timed out after 30001 milliseconds"),
        (r"timeout was reached", "Timeout was reached: [api.openai.com] Operation timed out"),
        (r"read timeout at", "500 read timeout at LWP/Protocol/http.pm line 497"),
        (r"headers? .{0,20}not received (?:in time|within)", "the headers were not received in time"),
        (r"zeit\S{1,3}berschreitung|zeitlimit", "Zeitüberschreitung bei der Anforderung"),
        (r"请求超时|響應超時|响应超时|读取超时|操作超时|操作已超时", "请求超时，请稍后再试"),
        (r"d\S{1,3}lai d'attente|a expir\S{1,3} pendant", "Le délai d'attente de la requête a expiré"),
        (r"tiempo de espera", "se agotó el tiempo de espera de la operación"),
        (r"タイムアウト", "要求がタイムアウトしました"),
        (r"превышен[ао]? (?:время|тайм-?аут|интервал)|время ожидания", "Превышено время ожидания"),
    )),
    ("reset", (
        # Linux, macOS, Windows
        (rf"{_ERRNO}(?:104|54|10054|10053|32)\b", "[WinError 10054]"),
        (r"(?<!info: )connection (?:was |has been )?(?:forcibly )?(?:reset|aborted|broken|lost|closed)", "[Errno 104] Connection reset by peer"),
        (r"forcibly closed", "An existing connection was forcibly closed by the remote host"),
        (r"broken pipe", "[Errno 32] Broken pipe"),
        # Python: urllib3, requests, httpx, aiohttp
        (r"connectionreset", "ConnectionResetError(104)"),
        (r"connectionaborted", "ConnectionAbortedError(10053)"),
        (r"remote ?disconnected", "http.client.RemoteDisconnected"),
        (r"remote end closed", "Remote end closed connection without response"),
        (r"server ?disconnected", "aiohttp.client_exceptions.ServerDisconnectedError"),
        (r"peer closed", "peer closed connection without sending complete message body"),
        (r"incomplete(?:d)? (?:chunked )?(?:read|message)", "incomplete chunked read"),
        (r"incompleteread", "IncompleteRead(17 bytes read)"),
        (r"remoteprotocolerror", "httpx.RemoteProtocolError: <ConnectionTerminated>"),
        (r"readerror\b", "httpx.ReadError"),
        (r"writeerror\b", "httpx.WriteError"),
        (r"(?<!local)protocolerror\b", "urllib3.exceptions.ProtocolError"),
        (r"broken connection", "broken connection"),
        (r"response ended prematurely", "ChunkedEncodingError: Response ended prematurely"),
        (r"chunkedencodingerror", "requests.exceptions.ChunkedEncodingError"),
        (r"client ?payload ?error", "aiohttp.client_exceptions.ClientPayloadError"),
        (r"transferencodingerror", "TransferEncodingError: 400, message='Not enough data'"),
        # Node, undici
        (r"\beconnreset\b", "Error: read ECONNRESET"),
        (r"socket hang up", "Error: socket hang up"),
        (r"\bepipe\b", "write EPIPE"),
        (r"other side closed", "SocketError: other side closed"),
        (r"und_err_socket", "code: 'UND_ERR_SOCKET'"),
        (r"premature(?:ly)? close", "Error: Premature close"),
        (r"prematurely", "the stream ended prematurely"),
        (r"connection terminated", "connection terminated"),
        (r"terminated\b.{0,40}und_err", "TypeError: terminated, code: 'UND_ERR_ABORTED'"),
        # Go
        (r"\b(?:post|get) \\?\"https?://[^\"]{1,200}\": (?:unexpected )?eof\b", 'Post "https://api.openai.com/v1/completions": EOF'),
        (r"unexpected (?:eof|end of (?:file|stream))", "unexpected EOF"),
        (r"unexpectedeof", "UnexpectedEof"),
        # reqwest, hyper
        (r"error (?:decoding|reading) (?:the )?(?:response )?body", "error decoding response body"),
        # HTTP/2
        (r"stream (?:was )?reset", "stream was reset: INTERNAL_ERROR"),
        (r"goaway", "the server sent GOAWAY"),
        (r"rst_stream", "received RST_STREAM"),
        (r"http/?2 (?:protocol )?error", "HTTP/2 error: stream not closed cleanly"),
        (r"err_http2", "net::ERR_HTTP2_PROTOCOL_ERROR"),
        # curl
        (r"end of file while", "end of file while reading"),
        (r"empty reply from server", "curl: (52) Empty reply from server"),
        # .NET, Apple, browsers
        (r"socketexception \((?:104|10054|10053)\)", "System.Net.Sockets.SocketException (10054)"),
        (r"network connection was lost", "The network connection was lost."),
        (rf"{_APPLE}-1005\b", "NSURLErrorDomain Code=-1005"),
        (r"err_connection_(?:reset|closed)", "net::ERR_CONNECTION_RESET"),
        # Codex
        (r"closed (?:before|without|unexpectedly)", "stream closed before response.completed"),
        # Dart, Elixir and Erlang, PHP, R
        (r"errno = (?:104|54|32|10053|10054)\b", "SocketException: OS Error: Connection reset by peer, errno = 104"),
        (r"(?:transport|http|httpoison\.)error\W{1,3}(?:\w{1,20}: [^,{}]{0,40}, )?(?:reason: )?:closed\b|reason: :(?:closed|econnreset)\b|:econnreset\b", "%Req.TransportError{reason: :closed}"),
        (r"connection closed while receiving data", "ClientException: Connection closed while receiving data"),
        (r"curl (?:error|errno) (?:52|55|56|92)\b|curl: \((?:52|55|56|92)\)", "cURL error 56: Recv failure"),
        (r"recv failure|send failure|failure when receiving data", "Recv failure: Connection was reset"),
        (r"server (?:aborted|closed) (?:the )?connection", "server closed the connection"),
        (r"socket (?:was )?closed", "java.net.SocketException: Socket closed"),
        (r"eoferror \(?end of file|eoferror: end of file", "EOFError: end of file reached"),
        # Windows in other languages
        (r"vom remotehost geschlossen|verbindung wurde (?:zur\S{1,3}ckgesetzt|unterbrochen|getrennt)", "Eine vorhandene Verbindung wurde vom Remotehost geschlossen"),
        (r"ferm\S{1,3}e par l'h\S{1,3}te distant|connexion (?:a \S{1,3}t\S{1,3} )?r\S{1,3}initialis", "Une connexion existante a dû être fermée par l'hôte distant"),
        (r"forzado la interrupci\S{1,3}n|conexi\S{1,3}n (?:reinicializada|restablecida)", "Se ha forzado la interrupción de una conexión existente por el host remoto"),
        (r"远程主机强迫关闭|遠端主機已強制關閉|连接(?:被|已)(?:重置|中断|关闭)", "远程主机强迫关闭了一个现有的连接。"),
        (r"リモート ?ホストに強制的に切断", "既存の接続はリモート ホストに強制的に切断されました。"),
        (r"принудительно разорвал|соединение сброшено", "Удаленный хост принудительно разорвал существующее подключение"),
        (r"원격 호스트에 의해 강제로", "현재 연결은 원격 호스트에 의해 강제로 끊겼습니다"),
    )),
    # outer messages of a failed handshake, which name the reason only in an inner one
    ("tls-protocol", (
        # .NET
        (r"ssl connection could not be established", "The SSL connection could not be established, see inner exception."),
        # curl, PHP, R
        (r"curl (?:error|errno) 35\b|curl: \(35\)", "cURL error 35: OpenSSL SSL_connect"),
    )),
    ("url", (
        # Python: requests, httpx
        (r"host='https?'", "HTTPSConnectionPool(host='https', port=443): Max retries exceeded"),
        (r"missing an '?https?://", "Request URL is missing an 'http://' or 'https://' protocol."),
        (r"unsupportedprotocol", "httpcore.UnsupportedProtocol"),
        (r"request url (?:is missing|has an unsupported)", "Request URL has an unsupported protocol 'htp://'."),
        (r"no (?:connection adapters|scheme supplied)", "No connection adapters were found for 'htp://api.openai.com'"),
        (r"missingschema", "requests.exceptions.MissingSchema"),
        (r"invalidschema", "requests.exceptions.InvalidSchema"),
        (r"invalidurl\b", "httpx.InvalidURL"),
        # Go
        (r"unsupported protocol scheme", 'Post "api.openai.com/v1": unsupported protocol scheme ""'),
        (r"missing protocol scheme", 'parse ":8080": missing protocol scheme'),
        # Node, browsers
        (r"err_invalid_url", "code: 'ERR_INVALID_URL'"),
        (r"failed to parse url", "TypeError: Failed to parse URL from api.openai.com"),
        (r"could not parse url", "could not parse url"),
        (r"invalid url(?! ?\()", "TypeError: Invalid URL"),
        (r"only absolute urls", "TypeError: Only absolute URLs are supported"),
        # reqwest
        (r"relative url without a base", "relative URL without a base"),
        (r"builder error", "builder error for url (api.openai.com)"),
        # .NET, Java, curl
        (r"invalid uri", "System.UriFormatException: Invalid URI"),
        (r"url using bad/illegal format", "curl: URL using bad/illegal format or missing URL"),
        (r"malformedurlexception", "java.net.MalformedURLException: no protocol: api.openai.com"),
        (r"curl: \(3\)", "curl: (3) bad port"),
    )),
)
# fmt: on
"""Kinds of failures, each with patterns and samples.

The order of the kinds is the order in which they are tried. A cause is before its consequence,
because a chain of exceptions prints both.
"""


_SETTING = LazyPattern(
    r"[\w.-]{0,60}time_?out[\w.-]{0,60}['\"]?\s{0,3}[:=]\s{0,3}(?:false|true|null|none|undefined|[0-9]{1,9})\b(?! ?ms\b)",
    "timeout",
    "time_out",
)
"""A setting of a client in a dump of its configuration. It says nothing about the failure."""


class ConnectionFailure(NamedTuple):
    """A failed connection: its kind, and the words that show it in lower case."""

    kind: FailureKind
    words: str


def failure_in(text: RedactedText) -> ConnectionFailure | None:
    """Return the first kind of the table whose words are in the text, or None.

    text: on one line.
    """
    lower_text = _SETTING.sub("", text.lower())
    for kind, rows in FAILURE_WORDS:
        matches = [
            match for pattern, _ in rows if (match := lazy_pattern(pattern).search(lower_text))
        ]
        if matches:
            first = min(matches, key=lambda match: match.start())
            return ConnectionFailure(kind, first.group())
    return None
