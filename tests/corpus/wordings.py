"""Short texts in the wordings of many programs, each with the cause it must be judged as: the shortest form in which a wording was met, written for these tests."""

WORDINGS: tuple[tuple[str, str], ...] = (
    (
        "account-deactivated",
        "Your OpenAI account has been deactivated, please check your email for more information. If you feel this is an error, contact us through our help center at help.openai.com.",
    ),
    (
        "account-deactivated",
        "This key is associated with a deactivated account. If you feel this is an error, contact us",
    ),
    ("base-url-wrong", "Invalid URL (POST /v1/chat/completions/chat/completions)"),
    (
        "base-url-wrong",
        "Error code: 404 - {'error': {'message': 'Invalid URL (POST /chat/completions)', 'type': 'invalid_request_error', 'param': None, 'code': None}}",
    ),
    (
        "base-url-wrong",
        "Unknown request URL: POST /v1/completions/. Please check the URL for typos, or see the docs at https://platform.openai.com/docs/api-reference/.",
    ),
    (
        "base-url-wrong",
        "httpcore.UnsupportedProtocol: Request URL is missing an 'http://' or 'https://' protocol.",
    ),
    ("base-url-wrong", "AttributeError: 'str' object has no attribute 'choices'"),
    (
        "base-url-wrong",
        "Invalid response object from API: '404 page not found\\n' (HTTP response code was 404)",
    ),
    ("base-url-wrong", 'OpenAiHttpException: {"detail":"Not Found"}'),
    (
        "batch-limit",
        "Enqueued token limit reached for gpt-4o in organization org-x. Limit: 90,000 enqueued tokens. Please try again once some in_progress batches have been completed.",
    ),
    (
        "billing-inactive",
        "Your account is not active, please check your billing details on our website.",
    ),
    (
        "ca-bundle-broken",
        "OSError: Could not find a suitable TLS CA certificate bundle, invalid path: /etc/ssl/corp.pem",
    ),
    (
        "chatgpt-plan-limit",
        "■ You've hit your usage limit. Upgrade to Pro (https://openai.com/chatgpt/pricing) or try again in 3 days 5 hours.",
    ),
    (
        "chatgpt-plan-limit",
        '{"error":{"type":"usage_limit_reached","message":"The usage limit has been reached","plan_type":"plus","resets_in_seconds":12345}}',
    ),
    ("chatgpt-plan-limit", "You have reached your usage limit. Try again after July 3."),
    ("chatgpt-plan-limit", "This workspace is deactivated."),
    (
        "chatgpt-plan-limit",
        "HTTP/2 429\ndate: Fri, 13 Mar 2026 08:09:32 GMT\nx-codex-plan-type: free\nx-codex-primary-used-percent: 100",
    ),
    ("client-fault", "RuntimeError: Event loop is closed"),
    ("client-fault", "OSError: [Errno 24] Too many open files"),
    ("client-fault", "httpx.PoolTimeout"),
    ("client-fault", "java.io.IOException: too many concurrent streams"),
    (
        "client-fault",
        "RuntimeError: unable to perform operation on <TCPTransport>; the handler is closed",
    ),
    (
        "clock-skew",
        "x509: certificate has expired or is not yet valid: current time 2021-01-01T00:00:00Z is before 2023-01-01T00:00:00Z",
    ),
    ("connection-failed", "openai.APIConnectionError: Connection error."),
    ("connection-failed", "TypeError: fetch failed"),
    ("connection-failed", "AxiosError: Network Error"),
    ("connection-failed", "ClientConnectorError: Cannot connect to host api.openai.com:443 ssl"),
    ("connection-failed", "[Connect call failed ('203.0.113.5', 443)]"),
    ("connection-failed", "litellm.exceptions.APIError: AzureException - Connection error."),
    (
        "connection-refused",
        "Error communicating with OpenAI: Cannot connect to host localhost:1234 ssl:default [Connect call failed ('127.0.0.1', 1234)]",
    ),
    (
        "connection-refused",
        "curl: (7) Failed to connect to api.openai.com port 443 after 5 ms: Couldn't connect to server",
    ),
    (
        "connection-refused",
        "OllamaException - [WinError 10061] No connection could be made because the target machine actively refused it",
    ),
    (
        "connection-reset",
        "httpx.RemoteProtocolError: peer closed connection without sending complete message body (incomplete chunked read)",
    ),
    ("connection-reset", "Error: read ECONNRESET"),
    (
        "connection-reset",
        "requests.exceptions.ConnectionError: ('Connection aborted.', RemoteDisconnected('Remote end closed connection without response'))",
    ),
    ("connection-reset", "Error: socket hang up"),
    ("connection-reset", "java.net.SocketException: Connection reset"),
    (
        "connection-reset",
        "stream disconnected before completion: stream closed before response.completed",
    ),
    (
        "connection-timeout",
        "curl: (28) Failed to connect to api.openai.com port 443 after 130000 ms: Connection timed out",
    ),
    (
        "connection-timeout",
        "cURL error 28: Connection timed out after 10001 milliseconds (see https://curl.haxx.se/libcurl/c/libcurl-errors.html) for https://api.openai.com/v1/chat/completions",
    ),
    ("connection-timeout", "dial tcp 104.18.7.192:443: i/o timeout"),
    (
        "connection-timeout",
        "litellm.InternalServerError: AnthropicException - [Errno 101] Network is unreachable",
    ),
    (
        "connection-timeout",
        "HttpRequestException: (api.openai.com:443) ---> System.Net.Sockets.SocketException (10060)",
    ),
    ("connection-timeout", "[502]: fetch failed (cause: ETIMEDOUT)"),
    (
        "country-unsupported",
        "openai.PermissionDeniedError: Error code: 403 - {'error': {'code': 'unsupported_country_region_territory', 'message': 'Country, region, or territory not supported', 'param': None, 'type': 'request_forbidden'}}",
    ),
    ("country-unsupported", "OpenAI's services are not available in your country."),
    (
        "country-unsupported",
        "error: request failed with status 403 Forbidden: Country, region, or territory not supported",
    ),
    (
        "country-unsupported",
        "Your request was blocked: country, region, or territory not supported (HK)",
    ),
    ("country-unsupported", '{"错误":{"消息":"…","类型":"request_forbidden"}}'),
    (
        "data-retention-restricted",
        "Previous response cannot be used for this organization due to Zero Data Retention.",
    ),
    ("dns-failure", "Error: getaddrinfo ENOTFOUND api.openai.com"),
    (
        "dns-failure",
        "requests.exceptions.ConnectionError: HTTPSConnectionPool(host='api.openai.com', port=443): Max retries exceeded with url: /v1/chat/completions (Caused by NewConnectionError('<urllib3.connection.HTTPSConnection object at 0x7f>: Failed to establish a new connection: [Errno -3] Temporary failure in name resolution'))",
    ),
    ("dns-failure", "dial tcp: lookup api.openai.com on 127.0.0.11:53: server misbehaving"),
    (
        "dns-failure",
        "error sending request for url (https://api.openai.com/v1/responses): error trying to connect: dns error: failed to lookup address information: Temporary failure in name resolution",
    ),
    ("edge-blocked", '403 <!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title>'),
    (
        "edge-blocked",
        "Sorry, you have been blocked. You are unable to access api.openai.com. Cloudflare Ray ID: 8abc",
    ),
    (
        "edge-blocked",
        "<title>Attention Required! | Cloudflare</title> <h1>Sorry, you have been blocked</h1> You are unable to access openai.com",
    ),
    ("edge-blocked", "PermissionDeniedError: Your request was blocked."),
    ("edge-blocked", "error code: 1020"),
    (
        "edge-blocked",
        '{"error":{"headers":{"content-type":"text/plain"},"stack":"Error: 429 error code: 1015"}}',
    ),
    (
        "edge-blocked",
        "[403] Forbidden <!doctype html><title>Access denied | llm.example.com used Cloudflare to restrict access</title>",
    ),
    ("ip-not-allowed", "Your IP address 1.2.3.4 is not authorized to access this project."),
    (
        "ip-not-allowed",
        "Error code: 401 - {'error': {'message': 'Your source IP is not authorized', 'type': 'invalid_request_error', 'code': 'ip_not_authorized'}}",
    ),
    (
        "key-invalid",
        "openai.AuthenticationError: Error code: 401 - {'error': {'message': 'Incorrect API key provided: sk-proj-********************************************************abcd. You can find your API key at https://platform.openai.com/account/api-keys.', 'type': 'invalid_request_error', 'param': None, 'code': 'invalid_api_key'}}",
    ),
    (
        "key-invalid",
        "litellm.exceptions.AuthenticationError: litellm.AuthenticationError: AuthenticationError: OpenAIException - Incorrect API key provided: sk-abc***xyz1. You can find your API key at https://platform.openai.com/account/api-keys.",
    ),
    (
        "key-malformed",
        "UnicodeEncodeError: 'ascii' codec can't encode character '\\u201c' in position 7: ordinal not in range(128)",
    ),
    ("key-malformed", "httpx.LocalProtocolError: Illegal header value b'Bearer sk-proj-abc\\n'"),
    (
        "key-malformed",
        'TypeError [ERR_INVALID_CHAR]: Invalid character in header content ["Authorization"]',
    ),
    ("key-malformed", 'net/http: invalid header field value for "Authorization"'),
    (
        "key-malformed",
        "TypeError: Failed to execute 'fetch' on 'Window': Failed to read the 'headers' property from 'RequestInit': String contains non ISO-8859-1 code point.",
    ),
    ("key-malformed", 'Incorrect API key provided: "sk-proj*********abc". You can find'),
    ("key-malformed", "Incorrect API key provided: Bearer sk-***abcd."),
    ("key-malformed", "ValueError: Invalid header value b'Bearer sk-proj-XXXX\\n'"),
    (
        "key-missing",
        "openai.OpenAIError: The api_key client option must be set either by passing api_key to the client or by setting the OPENAI_API_KEY environment variable",
    ),
    (
        "key-missing",
        "Did not find openai_api_key, please add an environment variable `OPENAI_API_KEY` which contains it, or pass `openai_api_key` as a named parameter. (type=value_error)",
    ),
    (
        "key-missing",
        "OpenAIError: The OPENAI_API_KEY environment variable is missing or empty; either provide it, or instantiate the OpenAI client with an apiKey option, like new OpenAI({ apiKey: 'My API Key' }).",
    ),
    (
        "key-missing",
        "AI_LoadAPIKeyError: OpenAI API key is missing. Pass it using the 'apiKey' parameter or the OPENAI_API_KEY environment variable.",
    ),
    (
        "key-missing",
        "pydantic_core._pydantic_core.ValidationError: 1 validation error for ChatOpenAI\n  Value error, Did not find openai_api_key, please add an environment variable `OPENAI_API_KEY` which contains it",
    ),
    (
        "key-missing",
        '{\n  "error": {\n    "message": "You didn\'t provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY), or as the password field (with blank username) if you\'re accessing the API from your browser and are prompted for a username and password. You can obtain an API key from https://platform.openai.com/account/api-keys.",\n    "type": "invalid_request_error",\n    "param": null,\n    "code": null\n  }\n}',
    ),
    (
        "key-missing",
        "litellm.AuthenticationError: AuthenticationError: OpenAIException - The api_key client option must be set either by passing api_key to the client or by setting the OPENAI_API_KEY environment variable",
    ),
    ("key-missing", "Error: OPENAI_API_KEY is not set"),
    ("key-missing", "No API key found for openai. Use /login or set OPENAI_API_KEY"),
    ("key-missing", "Missing required env var OPENAI_API_KEY"),
    ("key-missing", "KeyError: 'OPENAI_API_KEY'"),
    (
        "key-missing",
        "openai.error.AuthenticationError: No API key provided. You can set your API key in code using 'openai.api_key = <API-KEY>', or you can set the environment variable OPENAI_API_KEY=<API-KEY>). If your API key is stored in a file, you can point the openai module at it with 'openai.api_key_path = <PATH>'.",
    ),
    (
        "key-missing",
        "You need to provide your API key in an Authorization header using Bearer auth",
    ),
    (
        "key-other-provider",
        "Incorrect API key provided: sk-ant-a*****************************************************************************************************qAAA. You can find your API key",
    ),
    (
        "key-other-provider",
        "401 Incorrect API key provided: gsk_abcd********************************************wxyz.",
    ),
    (
        "key-placeholder",
        "Incorrect API key provided: your-api-key. You can find your API key at https://platform.openai.com/account/api-keys.",
    ),
    (
        "key-placeholder",
        "Error: 401 Incorrect API key provided: YOUR_API***_KEY. You can find your API key at https://platform.openai.com/account/api-keys.",
    ),
    (
        "key-placeholder",
        "AuthenticationError: 401 Incorrect API key provided: sk-xxxx*****xxxx. You can find",
    ),
    ("key-placeholder", "Incorrect API key provided: OPENAI_A**_KEY."),
    ("key-placeholder", "Incorrect API key provided: <your_op*****key>. You can find your API key"),
    ("key-placeholder", "Incorrect API key provided: $OPENAI_***_KEY. "),
    ("key-placeholder", "Incorrect API key provided: ${OPENA***KEY}."),
    ("key-placeholder", "Incorrect API key provided: null. You can find your API key"),
    ("key-placeholder", "Incorrect API key provided: dummy_ap*_key."),
    ("key-placeholder", "Incorrect API key provided: ADD_YOUR*****HERE."),
    ("key-placeholder", "Incorrect API key provided: key_aaaa********bbbb."),
    (
        "key-placeholder",
        "401 Incorrect API key provided: aaaa$aaa**bbbb. You can find your API key at",
    ),
    ("keyring-failed", "Unable to store your credentials in system key ring"),
    ("keyring-locked", "keyring.errors.KeyringLocked: Failed to unlock the collection!"),
    (
        "keyring-unavailable",
        "keyring.errors.NoKeyringError: No recommended backend was available. Install a recommended 3rd party backend package",
    ),
    ("keyring-unavailable", "DBus error: The name is not activatable"),
    ("keyring-unavailable", "No directory provided for file keyring"),
    (
        "limit-zero",
        "Rate limit reached for gpt-4-vision-preview in organization org-xx on tokens per min (TPM): Limit 0, Used 0, Requested 1000.",
    ),
    (
        "model-not-allowed",
        "Error code: 403 - {'error': {'message': 'Project `proj_abc` does not have access to model `gpt-4o`', 'type': 'invalid_request_error', 'param': None, 'code': 'model_not_found'}}",
    ),
    (
        "model-not-allowed",
        'unexpected status 400 Bad Request: {"detail":"The \'gpt-5.1-codex-max\' model is not supported when using Codex with a ChatGPT account."}',
    ),
    (
        "model-not-found",
        "The model `gpt-4` does not exist or you do not have access to it. Learn more: https://help.openai.com/en/articles/7102672-how-can-i-access-gpt-4.",
    ),
    (
        "model-not-found",
        "litellm.NotFoundError: OpenAIException - The model `gpt-5-foo` does not exist or you do not have access to it.",
    ),
    ("model-not-found", "404 The model 'gpt-4' does notexist or you do not have access to it."),
    (
        "model-retired",
        "The model `text-davinci-003` has been deprecated, learn more here: https://platform.openai.com/docs/deprecations",
    ),
    (
        "model-wrong-endpoint",
        "This is not a chat model and thus not supported in the v1/chat/completions endpoint. Did you mean to use v1/completions?",
    ),
    (
        "model-wrong-endpoint",
        "This model is only supported in v1/responses and not in v1/chat/completions.",
    ),
    (
        "model-wrong-endpoint",
        '{"error":{"message":"The model `gpt-5-pro` is only available via the Responses API"}}',
    ),
    (
        "network-filter-blocked",
        "<html><head><title>Web Page Blocked</title></head><body>Access to the web page you were trying to visit has been blocked in accordance with company policy. URL: api.openai.com Category: Artificial-intelligence</body></html>",
    ),
    (
        "network-filter-blocked",
        '<div class="pg"><img src="https://login.zscloud.net:443/__zsig/a" /></div>',
    ),
    (
        "organization-invalid",
        "Error code: 401 - {'error': {'message': 'No such organization: my-org. (HINT: this organization may be private)', 'type': 'invalid_request_error', 'param': None, 'code': 'invalid_organization'}}",
    ),
    (
        "organization-membership",
        "You must be a member of an organization to use the API. Please contact us through our help center at help.openai.com",
    ),
    ("organization-mismatch", "OpenAI-Organization header should match organization for API key"),
    (
        "other-server-answered",
        "Error code: 401 - {'statusCode': 401, 'message': 'Unauthorized. Access token is missing, invalid, audience is incorrect (https://cognitiveservices.azure.com), or have expired.'}",
    ),
    (
        "other-server-answered",
        "Error code: 404 - {'error': {'code': 'DeploymentNotFound', 'message': 'The API deployment for this resource does not exist. If you created the deployment within the last 5 minutes, please wait a moment and try again.'}}",
    ),
    (
        "other-server-answered",
        "Requests to the ChatCompletions_Create Operation under Azure OpenAI API version 2023-07-01-preview have exceeded token rate limit of your current OpenAI S0 pricing tier. Please retry after 6 seconds.",
    ),
    (
        "other-server-answered",
        '{"error":{"message":"Insufficient credits. Add more using https://openrouter.ai/settings/credits","code":402}}',
    ),
    ("other-server-answered", '{"error":{"message":"User not found.","code":401}}'),
    (
        "other-server-answered",
        "litellm.proxy._types.ProxyException: Authentication Error, Invalid proxy server token passed. Received API Key = sk-...1234, Key Hash (Token) =abc. Unable to find token in cache or `LiteLLM_VerificationTokenTable`",
    ),
    (
        "other-server-answered",
        'Error: 404 {"error":{"message":"model \\"llama3\\" not found, try pulling it first","type":"api_error","param":null,"code":null}}',
    ),
    (
        "other-server-answered",
        '{"object":"error","message":"The model `gpt-3.5-turbo` does not exist.","type":"NotFoundError","param":null,"code":404}',
    ),
    (
        "other-server-answered",
        "Error code: 402 - {'error': {'message': 'Insufficient Balance', 'type': 'unknown_error', 'param': None, 'code': 'invalid_request_error'}}",
    ),
    (
        "other-server-answered",
        '{"error":{"code":"unauthorized","message":"Access denied due to invalid subscription key or wrong API endpoint."}}',
    ),
    (
        "other-server-answered",
        "openai.error.AuthenticationError: Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource.",
    ),
    (
        "other-server-answered",
        'HTTP 429 {"error":{"code":"429","message": "Requests to the Embeddings_Create Operation under Azure OpenAI API version 2023-05-15 have exceeded call rate limit of your current OpenAI S0 pricing tier. Please retry after 1 second."}}',
    ),
    (
        "other-server-answered",
        "Error code: 400 - {'error': {'message': \"The response was filtered due to the prompt triggering Azure OpenAI's content management policy.\", 'type': None, 'param': 'prompt', 'code': 'content_filter', 'status': 400}}",
    ),
    (
        "other-server-answered",
        "Error code: 403 - {'error': {'code': '403', 'message': 'Public access is disabled. Please configure private endpoint.'}}",
    ),
    (
        "other-server-answered",
        "Error code: 404 - {'error': {'code': '404', 'message': 'Resource not found'}}",
    ),
    (
        "other-server-answered",
        "Error code: 401 - {'error': {'code': 'PermissionDenied', 'message': 'The principal `xxxx` lacks the required data action `Microsoft.CognitiveServices/accounts/OpenAI/deployments/chat/completions/action`'}}",
    ),
    (
        "other-server-answered",
        "ERROR: Provider returned error 429 openrouter google/gemini-2.0-flash-exp:free is temporarily rate-limited upstream. Please retry shortly",
    ),
    ("other-server-answered", '{"error":{"message":"No auth credentials found","code":401}}'),
    (
        "other-server-answered",
        '{"error":{"message":"This request requires more credits, or fewer max_tokens. You requested up to 32000 tokens, but can only afford 1402.","code":402,"metadata":{"provider_name":null}}}',
    ),
    (
        "other-server-answered",
        "litellm.BudgetExceededError: Budget has been exceeded! Current cost: 10.05, Max budget: 10.0",
    ),
    (
        "other-server-answered",
        '{"error":{"message":"Authentication Error, LiteLLM Virtual Key expected. Received=sk-1234, expected to start with \'sk-\'.","type":"auth_error","param":"None","code":"401"}}',
    ),
    (
        "other-server-answered",
        '{"error":{"message":"无效的令牌 (request id: 2024021215)","type":"one_api_error"}}',
    ),
    (
        "other-server-answered",
        '{"error":{"message":"该令牌额度已用尽 !token.UnlimitedQuota && token.RemainQuota = -12","type":"new_api_error"}}',
    ),
    (
        "other-server-answered",
        '{"error":{"message":"当前分组 default 下对于模型 gpt-4o 无可用渠道 (request id: 2025)","type":"new_api_error","param":"","code":"model_not_found"}}',
    ),
    (
        "other-server-answered",
        '{"error":{"message":"用户额度不足, 剩余额度: $0.000000","type":"new_api_error","param":"","code":"insufficient_user_quota"}}',
    ),
    (
        "other-server-answered",
        "Error code: 401 - {'error': {'message': 'Authentication Fails, Your api key: ****abcd is invalid', 'type': 'authentication_error', 'param': None, 'code': 'invalid_request_error'}}",
    ),
    (
        "other-server-answered",
        "Error code: 400 - {'error': {'message': 'Model Not Exist', 'type': 'invalid_request_error', 'param': None, 'code': 'invalid_request_error'}}",
    ),
    (
        "other-server-answered",
        '{"error":{"message":"The model `llama3-70b-8192` has been decommissioned and is no longer supported. Please refer to https://console.groq.com/docs/deprecations for a recommendation on which model to use instead.","type":"invalid_request_error","code":"model_decommissioned"}}',
    ),
    (
        "other-server-answered",
        '{"error":{"message":"Rate limit reached for model `llama-3.3-70b-versatile` in organization `org_01j` service tier `on_demand` on tokens per day (TPD): Limit 100000, Used 99336, Requested 1310. Please try again in 9m18s. Need more tokens? Upgrade to Dev Tier today at https://console.groq.com/settings/billing","type":"tokens","code":"rate_limit_exceeded"}}',
    ),
    (
        "other-server-answered",
        "[{'error': {'code': 400, 'message': 'API key not valid. Please pass a valid API key.', 'status': 'INVALID_ARGUMENT', 'details': [{'@type': 'type.googleapis.com/google.rpc.ErrorInfo', 'reason': 'API_KEY_INVALID'}]}}]",
    ),
    (
        "other-server-answered",
        "Error code: 429 - [{'error': {'code': 429, 'message': 'You exceeded your current quota, please check your plan and billing details. For more information on this error, head to: https://ai.google.dev/gemini-api/docs/rate-limits.', 'status': 'RESOURCE_EXHAUSTED'}}]",
    ),
    (
        "other-server-answered",
        '{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}',
    ),
    (
        "other-server-answered",
        '{"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits."}}',
    ),
    (
        "other-server-answered",
        'HTTP 404: {"detail":"Not Found"} from http://localhost:8000/v1/chat/completions',
    ),
    (
        "other-server-answered",
        "openai.NotFoundError: Error code: 404 - {'object': 'error', 'message': 'The model `Qwen2.5` does not exist.', 'type': 'NotFoundError', 'param': None, 'code': 404}",
    ),
    (
        "other-server-answered",
        "openai.BadRequestError: Error code: 400 - {'object': 'error', 'message': \"This model's maximum context length is 4096 tokens. However, you requested 5000 tokens\", 'type': 'BadRequestError', 'param': None, 'code': 400}",
    ),
    (
        "other-server-answered",
        'Error: 400 {"error":{"message":"No models loaded. Please load a model in the developer page or use the \'lms load\' command.","type":"invalid_request_error","param":"model","code":"model_not_found"}}',
    ),
    (
        "other-server-answered",
        '{"error":"Unexpected endpoint or method. (POST /v1/responses). Returning 200 anyway"}',
    ),
    (
        "other-server-answered",
        "Error code: 401 - {'error': 'Invalid API key', 'message': 'Please provide a valid xAI API key. You can obtain one from https://console.x.ai.'}",
    ),
    (
        "other-server-answered",
        "Error code: 400 - {'code': 'Client specified an invalid argument', 'error': 'Incorrect API key provided: sk***xy. You can obtain an API key from https://console.x.ai.'}",
    ),
    (
        "other-server-answered",
        'mistralai.models.sdkerror.SDKError: API error occurred: Status 401 {"message":"Unauthorized","request_id":"abc"}',
    ),
    ("other-server-answered", '{"message":"No API key found in request"}'),
    (
        "other-server-answered",
        '{"errors":[{"message":"Authentication error","code":10000}],"success":false}',
    ),
    (
        "other-server-answered",
        "Error code: 401 - {'error': {'message': 'Invalid token', 'type': 'invalid_request_error', 'code': 'invalid_token'}} base_url https://api.siliconflow.cn/v1",
    ),
    (
        "other-server-answered",
        '{"code":20012,"message":"Model does not exist. Please check it carefully.","data":null}',
    ),
    (
        "other-server-answered",
        '{"error":{"message":"Incorrect API key provided. ","type":"invalid_request_error","param":null,"code":"invalid_api_key"},"request_id":"abc"} https://dashscope.aliyuncs.com/compatible-mode/v1',
    ),
    (
        "other-server-answered",
        '{"error":{"message":"Invalid Authentication","type":"invalid_authentication_error"}}',
    ),
    (
        "other-server-answered",
        "Error code: 403 - {'error': {'message': 'Access denied', 'type': 'access_denied'}} api.together.xyz",
    ),
    (
        "other-server-answered",
        "GitHub Models: Error code: 401 - {'error': {'code': 'unauthorized', 'message': 'Bad credentials', 'details': 'Bad credentials'}}",
    ),
    (
        "other-server-answered",
        "Error code: 413 - {'error': {'code': 'tokens_limit_reached', 'message': 'Request body too large for gpt-4o model. Max size: 8000 tokens.', 'details': 'Request body too large for gpt-4o model. Max size: 8000 tokens.'}}",
    ),
    (
        "other-server-answered",
        "Error code: 429 - {'error': {'code': 'RateLimitReached', 'message': 'Rate limit of 50 per 86400s exceeded for UserByModelByDay. Please wait 46123 seconds before retrying.', 'details': '...'}}",
    ),
    (
        "other-server-answered",
        'ServiceUnavailableError: 503 {"error":{"message":"No available channel for model gpt-4o under group default (distributor)","type":"new_api_error"}}',
    ),
    (
        "other-server-answered",
        'copilot 403 {"error":{"message":"Access to this endpoint is forbidden. Please review our Terms of Service","code":""}} https://api.githubcopilot.com/chat/completions',
    ),
    (
        "other-server-answered",
        'cline: 401 {"error":{"message":"Invalid API key","type":"authentication_error","code":"invalid_api_key"}} (baseURL https://api.z.ai/api/paas/v4)',
    ),
    (
        "other-server-answered",
        '{"type":"error","error":{"type":"invalid_request_error","message":"This organization has been disabled."},"request_id":"req_0"}',
    ),
    (
        "other-server-answered",
        '401 {"error":{"code":"unauthenticated","message":"Error","details":[]}}',
    ),
    (
        "other-server-answered",
        '401 - {"error":{"message":"Invalid API Key","type":"invalid_request_error","code":"invalid_api_key"}}',
    ),
    ("other-server-answered", "401 Invalid Example API key"),
    ("other-server-answered", 'status=error http=503 err_msg="No available upstream candidate."'),
    (
        "other-server-answered",
        '429 {"code":"rate_limit_exceeded","message":"Error from provider (Example): upstream request failed"}',
    ),
    (
        "other-server-answered",
        '<a href="https://www.cloudflare.com/5xx-error-landing?utm_source=errorcode_524&utm_campaign=llm.example.com">cloudflare.com</a>',
    ),
    (
        "other-server-answered",
        "<html><title>llm.example.com | 502: Bad gateway</title>cloudflare</html>",
    ),
    ("project-mismatch", "401 OpenAI-Project header should match project for API key"),
    (
        "proxy-auth-required",
        "ProxyError('Cannot connect to proxy.', OSError('Tunnel connection failed: 407 Proxy Authentication Required'))",
    ),
    ("proxy-auth-required", "java.io.IOException: Failed to authenticate with proxy"),
    ("proxy-interference", "http connect Proxy received status: HTTP/1.1 503 Service Unavailable"),
    ("proxy-interference", "OSError('Tunnel connection failed: 400 Bad Request')"),
    (
        "proxy-interference",
        "Server error '500 Internal Privoxy Error' for url 'http://localhost:11434/api/chat'",
    ),
    (
        "proxy-misconfigured",
        "ValueError: Unknown scheme for proxy URL URL('socks://127.0.0.1:7890')",
    ),
    (
        "proxy-unreachable",
        "HTTPSConnectionPool(host='api.openai.com', port=443): Max retries exceeded with url: /v1/engines (Caused by ProxyError('Cannot connect to proxy.', NewConnectionError('Failed to establish a new connection: [WinError 10061]')))",
    ),
    (
        "proxy-unreachable",
        "SOCKSHTTPSConnectionPool(host='api.openai.com', port=443): Failed to establish a new connection: [WinError 10061]",
    ),
    (
        "quota-exhausted",
        "RateLimitError: 429 You exceeded your current quota, please check your plan and billing details. For more information on this error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.",
    ),
    (
        "quota-exhausted",
        "litellm.RateLimitError: RateLimitError: OpenAIException - You exceeded your current quota, please check your plan and billing details. For more information on this error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.",
    ),
    (
        "rate-limit-requests",
        "Rate limit reached for gpt-4o in organization org-xxx on requests per min (RPM): Limit 3, Used 3, Requested 1. Please try again in 20s. Visit https://platform.openai.com/account/rate-limits to learn more.",
    ),
    (
        "rate-limit-tokens",
        "Rate limit reached for gpt-4 in organization org-xxx on tokens per min (TPM): Limit 10000, Used 9500, Requested 1200. Please try again in 4.2s.",
    ),
    (
        "rate-limit-tokens",
        "Rate limit reached for default-gpt-3.5-turbo in organization org-abc on tokens per min. Limit: 90000 / min. Current: 87012 / min. Contact us through our help center",
    ),
    (
        "rate-limit-tokens",
        "Rate limit reached for tokens. Limit: 150000.000000 / min. Current: 176000.000000 / min.",
    ),
    (
        "regional-host-wrong",
        "Attempted to access resource with incorrect regional hostname. Please make your request to eu.api.openai.com",
    ),
    (
        "regional-host-wrong",
        "incorrect regional host name. Please make your request to us.api.openai.com",
    ),
    (
        "request-rejected",
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
    ),
    (
        "request-rejected",
        "This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens. Please reduce the length of the messages.",
    ),
    ("request-rejected", "Invalid value for 'content': expected a string, got null."),
    (
        "request-rejected",
        "Unsupported value: 'temperature' does not support 0.7 with this model. Only the default (1) value is supported.",
    ),
    (
        "request-rejected",
        "413 {'error': {'message': 'Maximum content size limit (26214400) exceeded (26222592 bytes read)', 'type': 'server_error'}}",
    ),
    (
        "request-too-large",
        "Request too large for gpt-4o in organization org-xxx on tokens per min (TPM): Limit 30000, Requested 45210. The input or output tokens must be reduced in order to run successfully.",
    ),
    ("resource-elsewhere", "No assistant found with id 'asst_abc123'."),
    ("resource-elsewhere", "No such File object: file-abc"),
    (
        "resource-elsewhere",
        "400 - {'error': {'message': 'file-aaaaaaaaaaaaaaaaaaaaaa does not exist'}}",
    ),
    (
        "response-timeout",
        "cURL error 28: Operation timed out after 30001 milliseconds with 0 bytes received for https://api.openai.com/v1/chat/completions",
    ),
    ("response-timeout", "openai.APITimeoutError: Request timed out."),
    (
        "response-timeout",
        "requests.exceptions.ReadTimeout: HTTPSConnectionPool(host='api.openai.com', port=443): Read timed out. (read timeout=600)",
    ),
    (
        "response-timeout",
        "context deadline exceeded (Client.Timeout exceeded while awaiting headers)",
    ),
    ("response-timeout", "stream disconnected before completion: idle timeout waiting for SSE"),
    (
        "response-timeout",
        "litellm.Timeout: Connection timed out. Timeout passed=600.0, time taken=579.6 seconds",
    ),
    (
        "scope-missing",
        "You have insufficient permissions for this operation. Missing scopes: model.request. Check that you have the correct role in your organization (Reader, Writer, Owner) and project (Member, Owner), and if you're using a restricted API key, that it has the necessary scopes.",
    ),
    (
        "scope-missing",
        'HTTP 403: {"error":"You have insufficient permissions for this operation. Missing scopes: api.model.images.request"}',
    ),
    ("scope-missing", "401 缺少作用域：model.request（Reader、Writer、Owner）"),
    (
        "sdk-mismatch",
        "You tried to access openai.ChatCompletion, but this is no longer supported in openai>=1.0.0 - see the README at https://github.com/openai/openai-python for the API.",
    ),
    ("sdk-mismatch", "TypeError: Client.__init__() got an unexpected keyword argument 'proxies'"),
    ("sdk-mismatch", "AttributeError: module 'openai' has no attribute 'OpenAI'"),
    (
        "sdk-mismatch",
        "ImportError: cannot import name 'OpenAI' from 'openai' (/usr/lib/python3/dist-packages/openai/__init__.py)",
    ),
    ("sdk-mismatch", "ModuleNotFoundError: No module named 'openai.error'"),
    (
        "sdk-mismatch",
        "ImportError: cannot import name 'ModelProfile' from 'langchain_core.language_models'",
    ),
    ("sdk-mismatch", "TypeError: __vite_ssr_import_5__.Configuration is not a constructor"),
    (
        "sdk-mismatch",
        "System.TypeLoadException: Could not load type 'OpenAI.RealtimeClient' from assembly 'OpenAI, Version=2.2.0.0'",
    ),
    (
        "sdk-mismatch",
        "SyntaxError: The requested module '/deps/openai.js' does not provide an export named 'Configuration'",
    ),
    (
        "service-edge-error",
        "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>cloudflare</center>\r\n</body>\r\n</html>",
    ),
    (
        "service-edge-error",
        "upstream connect error or disconnect/reset before headers. reset reason: connection termination",
    ),
    (
        "service-edge-error",
        '<div id="cf-host-status"><span class="md:block">api.openai.com</span><h3>Host</h3><span>Error</span></div> 502 bad gateway',
    ),
    (
        "service-error",
        "The server had an error while processing your request. Sorry about that! You can retry your request, or contact us through our help center at help.openai.com if the error persists. (Please include the request ID 1234abcd in your message.)",
    ),
    (
        "service-error",
        "openai.InternalServerError: Error code: 500 - {'error': {'message': 'Internal server error', 'type': 'auth_subrequest_error', 'param': None, 'code': 'internal_error'}}",
    ),
    (
        "service-overloaded",
        "That model is currently overloaded with other requests. You can retry your request, or contact us through our help center at help.openai.com if the error persists.",
    ),
    ("service-overloaded", "The engine is currently overloaded, please try again later"),
    (
        "service-overloaded",
        "error, status code: 429, message: That model is currently overloaded with other requests.\nerror, status code: 429, message: That model is currently overloaded with other requests.",
    ),
    (
        "session-key-required",
        "Your request to GET /v1/dashboard/billing/credit_grants must be made with a session key (that is, it can only be made from the browser). You made it with the following key type: secret.",
    ),
    ("slow-down", "Error code: 429 - {'error': 'slow down'}"),
    (
        "tls-certificate-invalid",
        "Hostname/IP does not match certificate's altnames: Host: api.openai.com. is not in the cert's altnames: DNS:*.corp.local",
    ),
    (
        "tls-certificate-invalid",
        "x509: certificate has expired or is not yet valid: current time 2023-03-13T23:50:32Z is after 2021-09-30T14:01:15Z",
    ),
    ("tls-protocol", "[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1129)"),
    (
        "tls-protocol",
        "WebException: The request was aborted: Could not create SSL/TLS secure channel.",
    ),
    (
        "tls-untrusted",
        "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate in certificate chain (_ssl.c:1000)",
    ),
    ("tls-untrusted", "unable to get local issuer certificate"),
    (
        "tls-untrusted",
        "javax.net.ssl.SSLHandshakeException: PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target",
    ),
    ("tls-untrusted", "x509: certificate signed by unknown authority"),
    ("tls-untrusted", 'Post "https://api.openai.com/v1/chat/completions": tls: failed to verify'),
    (
        "token-expired",
        "Your access token could not be refreshed because your refresh token was already used. Please log out and sign in again.",
    ),
    ("token-expired", "Provided authentication token is expired. Please try signing in again."),
    (
        "token-expired",
        "unexpected status 401 Unauthorized: Your authentication token has been invalidated. Please try signing in again.",
    ),
    ("unknown", "Error code: 401"),
    ("unknown", "Request failed with status code 429"),
    ("unknown", "AxiosError: Request failed with status code 401"),
    ("unknown", "502 Bad Gateway"),
    ("unknown", "Sorry, something went wrong. Please try again later."),
    (
        "unknown",
        "An error occurred. If this issue persists please contact us through our help center at help.openai.com.",
    ),
    ("unknown", "exceeded retry limit, last status: 429 Too Many Requests"),
    ("unknown", "unexpected status 401 Unauthorized: "),
    (
        "unknown",
        "Did you set your OPENAI_API_KEY?\nResponse: &{429 Too Many Requests 429 HTTP/2.0}",
    ),
    (
        "verification-required",
        "Your organization must be verified to use the model `gpt-image-1`. Please go to: https://platform.openai.com/settings/organization/general and click on Verify Organization. If you just verified, it can take up to 15 minutes for access to propagate.",
    ),
    (
        "verification-required",
        "Error code: 400 - {'error': {'message': 'Your organization must be verified to stream this model. Please go to: ...', 'type': 'invalid_request_error', 'param': 'stream', 'code': 'unsupported_value'}}",
    ),
    (
        "service-edge-error",
        '{"error":{"code":502,"message":"Bad gateway.","param":null,"type":"cf_bad_gateway"}} 502',
    ),
    (
        "other-server-answered",
        '{"error":{"message":"Not allowed. See https://llm.vendor-of-models.ai/plans for access.","type":"invalid_request_error","code":null}}',
    ),
    (
        "other-server-answered",
        "429 当前分组上游负载已饱和，请稍后再试 (request id: 20250101000000000000000aaaa)",
    ),
    (
        "other-server-answered",
        "relay error (channel id 2, user id: 1): daily request limit reached",
    ),
    (
        "other-server-answered",
        '{"timestamp":"2026-01-27T06:57:16Z","status":404,"error":"Not Found","path":"/v4/v1/chat/completions"}',
    ),
    ("other-server-answered", "NovitaAI error: (HTTP/2 404) Could not parse HTTP response."),
    (
        "other-server-answered",
        "<html><head><title>401 Authorization Required</title></head><body><hr><center>openresty</center></body></html>",
    ),
    (
        "other-server-answered",
        "request reached organization TPD rate limit, current: 1508351, limit: 1500000",
    ),
    ("other-server-answered", "Error code: 504 - {'message': 'The upstream server is timing out'}"),
    (
        "other-server-answered",
        "503 retry limit reached. Check your inference gateway (localhost:20128).",
    ),
    ("tls-untrusted", "Error: unknown certificate verification error"),
    ("tls-untrusted", "unable to find valid certification path to requested target"),
    ("connection-reset", 'Post "https://api.openai.com/v1/completions": EOF'),
    ("response-timeout", "java.lang.RuntimeException: java.io.InterruptedIOException: timeout"),
    ("proxy-misconfigured", "Failed to create HTTP transport: proxy: unknown scheme: http"),
    (
        "connection-refused",
        'ERROR Model does not exist and could not be pulled error="Post \\"http://host.docker.internal:11434/api/pull\\": dial tcp 172.17.0.1:11434: connect: connection refused"',
    ),
    (
        "model-wrong-endpoint",
        "message: 'model gpt-5.3-codex is not accessible via the /chat/completions endpoint'",
    ),
    (
        "key-malformed",
        "401 Incorrect API key provided: apiKey: ********wxyz. You can find your API key at",
    ),
    ("key-malformed", "Incorrect API key provided: ${sk-0AA******1pS}."),
    (
        "key-placeholder",
        "Incorrect API key provided: 11111111*****************1111. You can find your API key at",
    ),
    (
        "request-rejected",
        "The OpenAI API expects a JSON payload, but what was sent was not valid JSON.",
    ),
    (
        "sdk-mismatch",
        "`openai` has no `ChatCompletion` attribute, this is likely due to an old version of the openai package.",
    ),
    (
        "sdk-mismatch",
        "You can run `openai migrate` to automatically upgrade your codebase to use the 1.0.0 interface.",
    ),
    ("regional-host-wrong", "401 Unauthorized: Workspace is not authorized in this region"),
    (
        "batch-limit",
        "Enqueued request limit reached for text-embedding-3-small. Limit: 1,000,000 enqueued requests.",
    ),
    ("key-missing", "you didn't get OPENAI_API_KEY set in the secrets of this repository"),
    (
        "edge-blocked",
        '<noscript id="cf-captcha-bookmark"><h1>Please turn JavaScript on and reload the page.</h1></noscript>',
    ),
    (
        "service-error",
        "503 Service Unavailable, auth error: 503, auth error code: example_service_circuit_open",
    ),
    (
        "quota-exhausted",
        "Status: 500\nError: InsufficientQuotaError: 429 You exceeded your current quota.\nTroubleshooting URL: https://js.langchain.com/docs/troubleshooting/errors/MODEL_RATE_LIMIT/",
    ),
    (
        "unknown",
        "I have set the env variable for `OPENAI_API_KEY` and get\n`Request failed with status code 401`",
    ),
    (
        "base-url-wrong",
        "HTTPSConnectionPool(host='https', port=443): Max retries exceeded with url: //llm.example.com",
    ),
    (
        "request-rejected",
        "Error code: 400 - {'status': 'failure', 'message': \"openai error: Unsupported parameter: 'max_tokens' is not supported with this model.\", 'error': {'message': \"openai error: Unsupported parameter: 'max_tokens' is not supported with this model.\", 'type': 'APIError', 'code': '400'}}",
    ),
    ("sdk-mismatch", "TypeError: __init__() got an unexpected keyword argument 'proxies"),
    (
        "connection-failed",
        "Failed to call OpenAI API: Connection error.\n[FAILURE] Invalid OpenAI API key.",
    ),
    (
        "connection-failed",
        "openai.APIConnectionError: Connection error.\nINFO:     connection closed",
    ),
    (
        "quota-exhausted",
        'Error 429 "You exceeded your quota, please check your plan and billing details"',
    ),
    (
        "keyring-unavailable",
        "Secure local credential storage is unavailable. Set ANTHROPIC_API_KEY in your shell.",
    ),
    (
        "other-server-answered",
        "429 - {'error': {'message': '当前服务繁忙请稍后再试', 'type': 'insufficient_quota', 'code': 'insufficient_quota'}}",
    ),
)
