"""The family "this-machine": keyring, SDK and client program, and the cause `unknown`."""

from oai_tui.domain.cause import Alternative, Cause, Finding, Fix, Symptom
from oai_tui.domain.condition import When
from oai_tui.knowledge import links
from oai_tui.knowledge.patterns import any_of, pattern

_OTHER_SOURCES = Fix(
    text=(
        "Continue without a keyring: keep using the environment variable, or type the key each "
        "time."
    ),
    who="you",
)

_STEP = Fix(
    text="Try this on this machine: {keyring_step}.", who="you", command="{keyring_command}"
)
_FILE = Fix(
    text="Keep profiles in a passphrase-encrypted file.",
    who="you",
    command="OAI_TUI_STORE=file oai-tui",
)

CAUSES = (
    Cause(
        id="keyring-unavailable",
        family="this-machine",
        title="This machine has no usable keyring",
        meaning=(
            "No keyring backend works: none is installed, no D-Bus session is running, or the "
            "selected one would store keys as plain text."
        ),
        finding="The keyring can't be used: {keyring_detail}.",
        looks="NoKeyringError; no D-Bus session; the null backend.",
        confirm="`keyring --list-backends` lists only fail, null, chainer or plain-text backends.",
        prevent="Start a Secret Service with the session, on servers too: dbus-run-session.",
        fixes=(
            _STEP,
            Fix(
                text="Install and start a Secret Service, such as gnome-keyring.",
                who="you",
                command="sudo apt-get install gnome-keyring && dbus-run-session -- bash",
            ),
            _FILE,
            _OTHER_SOURCES,
        ),
        symptoms=(
            Symptom(when=When(fact={"keyring": ("unavailable", "insecure")})),
            Symptom(
                when=When(
                    message=any_of(
                        (r"\bnokeyringerror\b", "keyring.errors.NoKeyringError"),
                        (r"no recommended backend", "No recommended backend was available."),
                        (
                            r"\b(?:secure|credential) (?:local )?(?:credential )?storage is (?:unavailable|not available)\b",
                            "Secure local credential storage is unavailable.",
                        ),
                        (r"\bname is not activatable\b", "DBus error: The name is not activatable"),
                        (r"\bno such secret collection\b", "no such secret collection at path: /"),
                        (r"\bsecretservicenotavailable", "SecretServiceNotAvailableException"),
                        (r"autolaunch a? ?d-?bus", "Unable to autolaunch a dbus-daemon"),
                        (r"org[./]freedesktop[./]secrets\b", "name org.freedesktop.secrets"),
                        (r"\bno keyring\b", "no keyring available"),
                        (r"keyring\.backends\.(?:fail|null)", "keyring.backends.fail.Keyring"),
                        (
                            r"\bkeyring\b.{0,40}\b(?:not |un)available\b",
                            "the keyring is not available",
                            "Keyring unavailable: the tokens could not be saved",
                        ),
                        (
                            r"\bsecret service daemon is not running\b",
                            "Secret Service daemon is not running",
                        ),
                        (
                            r"\bunsupported transport \W?disabled\W",
                            "Unknown or unsupported transport “disabled” for address “disabled:”",
                        ),
                        (
                            r"\bno directory provided for file keyring\b",
                            "No directory provided for file keyring",
                        ),
                    )
                )
            ),
        ),
    ),
    Cause(
        id="keyring-locked",
        family="this-machine",
        title="The keyring is locked",
        meaning="The keyring is locked, or unlocking it was refused. Nothing was lost.",
        finding=(
            "The keyring ({keyring_name}) is locked. Unlock it and try again; nothing was lost."
        ),
        looks="KeyringLocked; “Failed to unlock”; macOS -128 or -25308.",
        confirm=(
            "The same operation works once the keyring is unlocked; look for an unlock dialog on "
            "another screen."
        ),
        prevent="Unlock the keyring at login, or use one that doesn't lock itself.",
        fixes=(
            _STEP,
            Fix(
                text="Unlock it (asks for the keyring password), then try again.",
                who="you",
                command="gnome-keyring-daemon --replace --unlock",
            ),
            _OTHER_SOURCES,
        ),
        symptoms=(
            Symptom(when=When(fact={"keyring": "locked"})),
            Symptom(
                when=When(
                    message=any_of(
                        (r"\bkeyringlocked\b", "keyring.errors.KeyringLocked"),
                        (r"failed to unlock\b", "Failed to unlock the collection!"),
                        (r"\blocked collection\b", "Cannot create an item in a locked collection"),
                        (
                            r"\b(?:keyring|keychain|collection|wallet) is locked\b",
                            "The keychain is locked",
                        ),
                        (r"-25308\b", "SecKeychainItemCopyContent failed (-25308)"),
                        (r"user interaction is not allowed", "User interaction is not allowed."),
                        (r"prompt dismissed", "secretstorage: Prompt dismissed."),
                        (r"\bislocked\b", "org.freedesktop.Secret.Error.IsLocked"),
                    )
                )
            ),
        ),
    ),
    Cause(
        id="keyring-failed",
        family="this-machine",
        title="The keyring operation failed",
        meaning=(
            "The keyring refused the operation, didn't answer in time, or returned something "
            "other than what was stored. No incomplete profile was left."
        ),
        finding="The keyring ({keyring_name}) failed: {keyring_detail}.",
        looks="A refused write; no answer in time; a read-back that differs.",
        confirm=(
            "Store and read a test entry without this program: `keyring set test me`, then "
            "`keyring get test me`."
        ),
        prevent=(
            "Keep the keyring service up to date, and use the same Python that stored the entry "
            "(macOS asks for each binary)."
        ),
        fixes=(
            _STEP,
            Fix(
                text="Look for a keyring dialog on another screen, then try again.",
                who="you",
            ),
            Fix(
                text="Test the keyring backend directly.",
                who="you",
                command="keyring --list-backends",
            ),
            _OTHER_SOURCES,
        ),
        symptoms=(
            Symptom(when=When(fact={"keyring": ("refused", "slow", "differs", "memory")})),
            Symptom(
                when=When(
                    message=any_of(
                        (r"\bpassword(?:set|delete)error\b", "keyring.errors.PasswordSetError"),
                        (
                            r"\b(?:store|fetch|get|set|delete) password (?:on|from|in) key(?:chain|ring)",
                            "Can't store password on keychain: (-25244)",
                        ),
                        (r"stub received bad data", "The stub received bad data"),
                        (r"-25244\b", "Can't store password on keychain: (-25244)"),
                        (r"\bkeyring\.errors\.\w+", "keyring.errors.InitError"),
                        (
                            r"\baccess platform (?:secure )?storage\b",
                            "Couldn't access platform secure storage",
                        ),
                        (r"\bcred(?:write|read)\b", "win32cred.CredWrite(credential, 0)"),
                    )
                )
            ),
            Symptom(
                when=When(
                    message=pattern(
                        r"\b(?:unable|failed|failure|cannot|can't|could not|couldn't|error)\b(?: to)? ?(?:stor|sav|read|get|set|access|load|writ|retriev|delet|open|unlock|connect|find|initiali)\w*\b[^.\n]{0,60}\b(?:key ?(?:ring|chain)|credential (?:manager|store|vault)|secret service)\b",
                        "Failed to store the token in the keychain",
                    )
                ),
                confidence="likely",
            ),
        ),
        alternatives=(
            Alternative(
                cause="keyring-locked",
                why="A locked keyring refuses too; unlock it and try again.",
            ),
        ),
    ),
    Cause(
        id="sdk-mismatch",
        family="this-machine",
        title="The installed SDK doesn't match the program",
        pasted_only=True,
        meaning=(
            "The program was written for another SDK version, the SDK and its HTTP library are "
            "incompatible, or one of your files has the SDK's name. No call was made."
        ),
        findings=(
            Finding(
                when=When(
                    message=pattern(
                        r"unexpected keyword argument 'proxies'",
                        "got an unexpected keyword argument 'proxies'",
                    )
                ),
                text=(
                    "openai before 1.55.3 passes the argument “proxies” to httpx, which removed it "
                    "in 0.28. If the traceback names openai, upgrade openai to 1.55.3 or later, or "
                    "install httpx below 0.28. No call was made."
                ),
            ),
            Finding(
                when=When(
                    message=pattern(
                        r"partially initialized module '?openai\b",
                        "partially initialized module 'openai' has no attribute 'OpenAI'",
                    )
                ),
                text=(
                    "Python imported a file of yours named openai.py, or a folder named openai, in "
                    "place of the package. No call was made."
                ),
            ),
        ),
        looks=(
            "“no longer supported in openai>=1.0.0”; “unexpected keyword argument 'proxies'”; "
            "“module 'openai' has no attribute 'OpenAI'”; “partially initialized module 'openai'”."
        ),
        confirm="`oai-tui sdk` lists the installed versions and a file that hides the package.",
        prevent=(
            "Pin the SDK and its HTTP library together in a lock file, and don't name a file "
            "openai.py."
        ),
        fixes=(
            Fix(
                text=(
                    "Run this in your project's folder: it names the versions and files that don't "
                    "work together, and the command that fixes them."
                ),
                who="you",
                command="oai-tui sdk",
            ),
            Fix(
                text="Show which version and which file are in use.",
                who="you",
                command="python -c 'import openai; print(openai.__version__, openai.__file__)'",
            ),
            Fix(
                text="Install the current SDK with its dependencies.",
                who="you",
                command="python -m pip install --upgrade openai",
            ),
            Fix(
                text="Migrate code from 0.x to the current API, or pin the old version for now.",
                who="you",
                command="python -m pip install 'openai==0.28'",
                url=links.MIGRATION,
            ),
            Fix(
                text="Rename any openai.py of your own, and delete its __pycache__.",
                who="you",
            ),
        ),
        symptoms=(
            Symptom(
                when=When(
                    message=any_of(
                        (
                            r"no longer supported in openai\s*>=",
                            "this is no longer supported in openai>=1.0.0",
                        ),
                        (r"\bopenai migrate\b", "You can run `openai migrate` to upgrade"),
                        (
                            r"\bpin your installation to the old version\b",
                            "you can pin your installation to the old version",
                        ),
                        (r"\bapiremovedinv1\b", "openai.lib._old_api.APIRemovedInV1"),
                    )
                )
            ),
            Symptom(
                when=When(
                    message=pattern(
                        r"unexpected keyword argument '(?:proxies|proxy|http_client|organization|project)\b",
                        "got an unexpected keyword argument 'proxies'",
                    )
                )
            ),
            Symptom(
                when=When(
                    message=any_of(
                        (
                            r"partially initialized module '?openai\b",
                            "from partially initialized module 'openai'",
                        ),
                        (r"module '?openai'? has no attribute", "module 'openai' has no attribute"),
                        (
                            r"cannot import name '\w+' from '?(?:partially initialized module '?)?(?:openai|langchain\w*|litellm|llama_index|pydantic\w*|httpx|httpcore|typing_extensions|tiktoken|instructor)\b",
                            "ImportError: cannot import name 'OpenAI' from 'openai'",
                        ),
                        (
                            r"no module named '?(?:openai|langchain|litellm|tiktoken|llama_index|instructor)",
                            "ModuleNotFoundError: No module named 'openai.error'",
                        ),
                        (r"\bcould not import openai\b", "Could not import openai python package."),
                        (
                            r"\bopenai\W{1,2} ?has no \W?\w+\W? attribute\b",
                            "`openai` has no `ChatCompletion` attribute",
                        ),
                        (
                            r"does not provide an export named '(?:\w*openai\w*|configuration)'",
                            "does not provide an export named 'Configuration'",
                        ),
                    )
                )
            ),
            Symptom(
                when=When(
                    message=any_of(
                        (
                            r"\bopenai\.\w+ is not a (?:constructor|function)",
                            "TypeError: openai.createChatCompletion is not a function",
                        ),
                        (
                            r"\b(?:Configuration|OpenAIApi|OpenAI(?:Client)?)\)? is not a (?:constructor|function)",
                            "TypeError: Configuration is not a constructor",
                        ),
                        (
                            r"\b(?:could not load (?:type|file or assembly)|method not found:)[^\n]{0,160}\bopenai\b",
                            "TypeLoadException: Could not load type 'OpenAI.RealtimeClient'",
                        ),
                        (
                            r"\b(?:NoSuchMethodError|NoClassDefFoundError|ClassNotFoundException)\b",
                            "java.lang.NoSuchMethodError",
                        ),
                        (
                            r"\bcall to undefined (?:method|function) \\?openai",
                            "Call to undefined method OpenAI\\Client::chat()",
                        ),
                        (r"\buninitialized constant \w*openai", "uninitialized constant OpenAI"),
                        (
                            r"'(?:OpenAI|AsyncOpenAI)' object has no attribute",
                            "'OpenAI' object has no attribute 'ChatCompletion'",
                        ),
                        (
                            r"cannot find (?:module|package) '?openai\b",
                            "Error: Cannot find module 'openai'",
                        ),
                    )
                ),
                confidence="likely",
            ),
        ),
        alternatives=(
            Alternative(
                cause="client-fault",
                why=(
                    "The same messages can come from the program's own wrapper around the SDK; "
                    "check the last file in the traceback."
                ),
            ),
        ),
        links=(links.MIGRATION,),
    ),
    Cause(
        id="client-fault",
        family="this-machine",
        title="The program's HTTP client failed",
        pasted_only=True,
        meaning=(
            "The program ran out of connections or files, closed its client, or used one client "
            "in two event loops. OpenAI, the network and the key are not the reason."
        ),
        looks=(
            'PoolTimeout; "Errno 24 Too many open files", EMFILE; "Event loop is closed"; '
            '"attached to a different loop"; "client has been closed".'
        ),
        confirm="The same call works from a new process with one client.",
        prevent=(
            "Create one client per process and event loop, close it at the end, and limit "
            "concurrent calls."
        ),
        fixes=(
            Fix(
                text=(
                    "Create one client and share it, instead of one per call; close it with "
                    "`async with` or `with`."
                ),
                who="you",
            ),
            Fix(
                text=(
                    "Limit concurrent calls to less than the client's pool size, with a semaphore."
                ),
                who="you",
            ),
            Fix(
                text=(
                    "Check how many files a process may open here, and raise the limit if the "
                    "program needs more."
                ),
                who="you",
                command="ulimit -n",
            ),
        ),
        symptoms=(
            Symptom(
                when=When(
                    message=any_of(
                        (r"\btoo many concurrent streams\b", "too many concurrent streams"),
                        (r"\btoo many open files\b", "OSError: [Errno 24] Too many open files"),
                        (r"\bEMFILE\b", "Error: EMFILE: too many open files"),
                        (r"\[?errno 24\b", "OSError: [Errno 24]"),
                    )
                )
            ),
            Symptom(
                when=When(
                    message=any_of(
                        (r"\bevent loop is closed\b", "RuntimeError: Event loop is closed"),
                        (r"attached to a different loop", "Future attached to a different loop"),
                        (r"\bdifferent event loop\b", "is bound to a different event loop"),
                        (r"client has been closed", "as the client has been closed."),
                        (r"\b(?:handler|transport) is closed\b", "the handler is closed"),
                    )
                )
            ),
            Symptom(
                when=When(
                    message=any_of(
                        (r"\bpool_?timeout\b", "httpx.PoolTimeout"),
                        (
                            r"connection pool (?:is full|exhausted|limit)",
                            "Connection pool is full, discarding connection",
                        ),
                        (r"\b_connection_acquired\b", "in _connection_acquired"),
                        (r"\bwait_for_connection\b", "pool_request.wait_for_connection(timeout)"),
                    )
                ),
                confidence="likely",
            ),
        ),
        alternatives=(
            Alternative(
                cause="response-timeout",
                why="The pool also runs out when responses take too long; time a single call.",
            ),
        ),
    ),
    Cause(
        id="unknown",
        family="this-machine",
        retry_known=False,
        title="Unrecognized error",
        meaning=(
            "The response doesn't match any known cause. Here is the evidence; OpenAI support "
            "can look it up by request ID."
        ),
        findings=(
            Finding(
                when=When(status=200, fact={"body_kind": "too-large"}),
                title="The model list is too large to read",
                text=(
                    "{host} returned a list of models of more than 2 MB, of which no more was "
                    "read. What it contains, and whether it depends on the key, is not known. "
                    "Only a billed test request can show more."
                ),
            ),
            Finding(
                when=When(status=(404, 405, 501), fact={"own_terms": True, "list_missing": True}),
                title="The server has no model list",
                text=(
                    "{server_at} returned {answer_status} for its model list. Some servers work "
                    "without one; if this one doesn't, the base URL has the wrong path. Send a "
                    "billed test request to find out."
                ),
            ),
            Finding(
                when=When(fact={"own_terms": True}),
                text=(
                    "{server_at} returned {answer_status}, which doesn't match any known cause. "
                    "Here is the evidence."
                ),
            ),
        ),
        looks="Anything else.",
        confirm="Open the evidence, and compare it with the error codes guide.",
        prevent="Log the status, body and x-request-id of every failure.",
        fixes=(
            Fix(
                text="Send a billed test request, with a model of that server.",
                who="you",
                command="oai-tui check --inference --model MODEL --base-url {base_url}",
                when=When(fact={"own_terms": True, "list_missing": True}),
            ),
            Fix(
                text="Send a billed test request, with a model of that server.",
                who="you",
                command="oai-tui check --inference --model MODEL --base-url {base_url}",
                when=When(status=200, fact={"body_kind": "too-large"}),
            ),
            Fix(
                text=(
                    "Compare the path of {base_url} with the one in the server's documentation; "
                    "most end in /v1."
                ),
                who="you",
                when=When(fact={"own_terms": True, "list_missing": True}),
            ),
            Fix(
                text=(
                    "Send the response to the operator of the server at {host_port}; the "
                    "server's log has the reason."
                ),
                who="it",
                when=When(fact={"own_terms": True}),
            ),
            Fix(
                text="Compare the response with the error codes guide.",
                who="you",
                url=links.ERROR_CODES,
            ),
            Fix(text="Send the request IDs to support.", who="openai", url=links.SUPPORT),
        ),
    ),
)
