"""The family "this-machine": keyring and the like; and `unknown`, for what nothing else explains."""

from oai_tui.domain.cause import Alternative, Cause, Fix, Symptom
from oai_tui.domain.condition import When
from oai_tui.knowledge import links

_OTHER_SOURCES = Fix(
    text="Go on without a keyring: the key can stay in the environment or be typed for this run.",
    who="you",
)

_STEP = Fix(
    text="Try this, on this machine: {keyring_step}.", who="you", command="{keyring_command}"
)
_FILE = Fix(
    text="Keep profiles in a file that is encrypted under a passphrase.",
    who="you",
    command="OAI_TUI_STORE=file oai-tui",
)

CAUSES = (
    Cause(
        id="keyring-unavailable",
        family="this-machine",
        title="This machine has no usable keyring",
        meaning="No keyring back end can be used: none is installed, no D-Bus session runs, or the one chosen would keep keys as plain text.",
        finding="The keyring cannot be used: {keyring_detail}.",
        looks="NoKeyringError; no D-Bus session; the null back end.",
        confirm="`keyring --list-backends` shows none but fail, null, chainer or plain-text ones.",
        prevent="Start a Secret Service with the session, also on servers: dbus-run-session.",
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
                    message=r"\bnokeyringerror\b|no recommended backend|\b(?:secure|credential) (?:local )?(?:credential )?storage is (?:unavailable|not available)\b|\bname is not activatable\b|\bno such secret collection\b|\bsecretservicenotavailable|autolaunch a? ?d-?bus|org[./]freedesktop[./]secrets\b|\bno keyring\b|keyring\.backends\.(?:fail|null)|\bkeyring\b.{0,40}\bnot available\b|\bno directory provided for file keyring\b"
                )
            ),
        ),
    ),
    Cause(
        id="keyring-locked",
        family="this-machine",
        title="The keyring is locked",
        meaning="The keyring is there, but locked, or unlocking it was refused. Nothing was lost.",
        finding="The keyring ({keyring_name}) is locked. Unlock it and try again; nothing was lost.",
        looks="KeyringLocked; “Failed to unlock”; macOS -128 or -25308.",
        confirm="The same operation passes once the keyring is unlocked; look for a dialog that waits on another screen.",
        prevent="Unlock the keyring at log-in, or use one that does not lock itself.",
        fixes=(
            _STEP,
            Fix(
                text="Unlock it (reads the keyring's password), then try again.",
                who="you",
                command="gnome-keyring-daemon --replace --unlock",
            ),
            _OTHER_SOURCES,
        ),
        symptoms=(
            Symptom(when=When(fact={"keyring": "locked"})),
            Symptom(
                when=When(
                    message=r"\bkeyringlocked\b|failed to unlock\b|\blocked collection\b|\b(?:keyring|keychain|collection|wallet) is locked\b|-25308\b|user interaction is not allowed|prompt dismissed|\bislocked\b"
                )
            ),
        ),
    ),
    Cause(
        id="keyring-failed",
        family="this-machine",
        title="The keyring did not do what was asked",
        meaning="The keyring refused the operation, did not answer in time, or gave back something else than what was stored. No half profile was left.",
        finding="The keyring ({keyring_name}) failed: {keyring_detail}.",
        looks="A refused write; no answer within the limit; a read-back that differs.",
        confirm="Store and read a test entry without this program: `keyring set test me`, then `keyring get test me`.",
        prevent="Keep the keyring's own service up to date, and run the same Python that stored the entry (macOS asks for each binary).",
        fixes=(
            _STEP,
            Fix(
                text="Look whether a keyring dialog waits on another screen, then try again.",
                who="you",
            ),
            Fix(text="Try the back end by itself.", who="you", command="keyring --list-backends"),
            _OTHER_SOURCES,
        ),
        symptoms=(
            Symptom(when=When(fact={"keyring": ("refused", "slow", "differs")})),
            Symptom(
                when=When(
                    message=r"\bpassword(?:set|delete)error\b|\b(?:store|fetch|get|set|delete) password (?:on|from|in) key(?:chain|ring)|stub received bad data|-25244\b|\bkeyring\.errors\.\w+|\bcred(?:write|read)\b"
                )
            ),
            Symptom(
                when=When(
                    message=r"\b(?:unable|failed|failure|cannot|can't|could not|couldn't|error)\b(?: to)? ?(?:stor|sav|read|get|set|access|load|writ|retriev|delet|open|unlock|connect|find|initiali)\w*\b[^.\n]{0,60}\b(?:key ?(?:ring|chain)|credential (?:manager|store|vault)|secret service)\b"
                ),
                confidence="likely",
            ),
        ),
        alternatives=(
            Alternative(
                cause="keyring-locked",
                why="A locked keyring refuses as well; unlock it, and try once more.",
            ),
        ),
    ),
    Cause(
        id="sdk-mismatch",
        family="this-machine",
        title="The installed SDK does not fit the program",
        pasted_only=True,
        meaning="The program was written for another version of the SDK, the SDK and its own HTTP library do not fit, or a file of yours bears the SDK's name. No call was made.",
        looks="“no longer supported in openai>=1.0.0”; “unexpected keyword argument 'proxies'”; “module 'openai' has no attribute 'OpenAI'”; “partially initialized module 'openai'”.",
        confirm="Look at the installed version, and at the file that Python really imports.",
        prevent="Pin the SDK and its HTTP library together in a lock file, and name no file of yours openai.py.",
        fixes=(
            Fix(
                text="See which version and which file are in use.",
                who="you",
                command="python -c 'import openai; print(openai.__version__, openai.__file__)'",
            ),
            Fix(
                text="Install the current SDK with what it needs.",
                who="you",
                command="python -m pip install --upgrade openai",
            ),
            Fix(
                text="Move code for 0.x to the current calls, or pin the old version for now.",
                who="you",
                command="python -m pip install 'openai==0.28'",
                url=links.MIGRATION,
            ),
            Fix(
                text="Give a file of yours that is called openai.py another name, and delete its __pycache__.",
                who="you",
            ),
        ),
        symptoms=(
            Symptom(
                when=When(
                    message=r"no longer supported in openai\s*>=|\bopenai migrate\b|\bpin your installation to the old version\b|\bapiremovedinv1\b"
                )
            ),
            Symptom(
                when=When(
                    message=r"unexpected keyword argument '(?:proxies|proxy|http_client|organization|project)\b"
                )
            ),
            Symptom(
                when=When(
                    message=r"partially initialized module '?openai\b|module '?openai'? has no attribute|cannot import name '\w+' from '?(?:partially initialized module '?)?(?:openai|langchain\w*|litellm|llama_index|pydantic\w*|httpx|httpcore|typing_extensions|tiktoken|instructor)\b|no module named '?(?:openai|langchain|litellm|tiktoken|llama_index|instructor)|\bcould not import openai\b|\bopenai\W{1,2} ?has no \W?\w+\W? attribute\b|does not provide an export named '(?:\w*openai\w*|configuration)'"
                )
            ),
            Symptom(
                when=When(
                    message=r"\bopenai\.\w+ is not a (?:constructor|function)|\b(?:Configuration|OpenAIApi|OpenAI(?:Client)?)\)? is not a (?:constructor|function)|\b(?:could not load (?:type|file or assembly)|method not found:)[^\n]{0,160}\bopenai\b|\b(?:NoSuchMethodError|NoClassDefFoundError|ClassNotFoundException)\b|\bcall to undefined (?:method|function) \\?openai|\buninitialized constant \w*openai|'(?:OpenAI|AsyncOpenAI)' object has no attribute|cannot find (?:module|package) '?openai\b"
                ),
                confidence="likely",
            ),
        ),
        alternatives=(
            Alternative(
                cause="client-fault",
                why="The same words can come from the program's own wrapper around the SDK; the last file that the traceback names tells.",
            ),
        ),
        links=(links.MIGRATION,),
    ),
    Cause(
        id="client-fault",
        family="this-machine",
        title="The program's own HTTP client is at fault",
        pasted_only=True,
        meaning="The calling program ran out of connections or files, closed its client, or used one client in two event loops. OpenAI, network and key have no part in it.",
        looks='PoolTimeout; "Errno 24 Too many open files", EMFILE; "Event loop is closed"; "attached to a different loop"; "client has been closed".',
        confirm="The same call from a fresh process with one client passes.",
        prevent="Make one client per process and event loop, close it at the end, and cap how many calls run at once.",
        fixes=(
            Fix(
                text="Make one client and share it, instead of one per call; close it with `async with` or `with`.",
                who="you",
            ),
            Fix(
                text="Keep the number of calls at once below the client's pool, with a semaphore.",
                who="you",
            ),
            Fix(
                text="See how many files a process may open here, and raise it if the program needs more.",
                who="you",
                command="ulimit -n",
            ),
        ),
        symptoms=(
            Symptom(
                when=When(
                    message=r"\btoo many concurrent streams\b|\btoo many open files\b|\bEMFILE\b|\[?errno 24\b"
                )
            ),
            Symptom(
                when=When(
                    message=r"\bevent loop is closed\b|attached to a different loop|\bdifferent event loop\b|client has been closed|\b(?:handler|transport) is closed\b"
                )
            ),
            Symptom(
                when=When(
                    message=r"\bpool_?timeout\b|connection pool (?:is full|exhausted|limit)|\b_connection_acquired\b|\bwait_for_connection\b"
                ),
                confidence="likely",
            ),
        ),
        alternatives=(
            Alternative(
                cause="response-timeout",
                why="A pool also empties when answers take too long; time one call by itself.",
            ),
        ),
    ),
    Cause(
        id="unknown",
        family="this-machine",
        title="Nothing we know explains this",
        meaning="The answer fits none of the known causes. Rather than guess, here is the evidence; the request ids let OpenAI's support look it up.",
        looks="Anything else.",
        confirm="Open the evidence, and compare it with the error-codes guide.",
        prevent="Log status, body and x-request-id of every failure.",
        fixes=(
            Fix(
                text="Compare the answer with the error-codes guide.",
                who="you",
                url=links.ERROR_CODES,
            ),
            Fix(text="Send the request ids to support.", who="openai", url=links.SUPPORT),
        ),
    ),
)
