"""Squid (Debian package squid) as a forward proxy. `base_url` is the proxy's own URL."""

import contextlib
import os
import pwd
import shutil
from pathlib import Path

from .processes import LOOPBACK, Command, Running, running
from .tools import system_program

USER, PASSWORD, REALM = "tester", "right-password", "Company proxy"
ACCOUNT = "proxy"  # the Debian package adds it; used only when started by root

# Nothing listens on port 53 there, so that no name can be resolved.
NO_RESOLVER = "127.255.255.254"

PASSWORD_CHECK = """#!/bin/sh
# Reads "USER PASSWORD" lines as Squid writes them; answers each with OK or ERR.
while read -r line; do
  if [ "$line" = "{user} {password}" ]; then echo OK; else echo ERR; fi
done
"""


def open_to_all() -> contextlib.AbstractContextManager[Running]:
    """It lets every request through; 503 where the server behind refuses connections."""
    return _started("http_access allow all")


def denying(*hosts: str) -> contextlib.AbstractContextManager[Running]:
    """It refuses these hosts, or all without any: 403 to CONNECT, with X-Squid-Error."""
    if not hosts:
        return _started("http_access deny all")
    return _started(
        f"acl forbidden dstdomain {' '.join(hosts)}\nhttp_access deny forbidden\n"
        "http_access allow all"
    )


def without_resolver() -> contextlib.AbstractContextManager[Running]:
    """It cannot resolve any name: after a second 500 to CONNECT, 502 to GET (Squid 5.7)."""
    return _started(
        f"dns_nameservers {NO_RESOLVER}\ndns_timeout 1 seconds\n"
        "dns_retransmit_interval 500 milliseconds\nhosts_file none\nhttp_access allow all"
    )


def with_password() -> contextlib.AbstractContextManager[Running]:
    """It wants USER and PASSWORD: 407 with a realm."""
    return _started(
        "auth_param basic program /bin/sh PASSWORD_CHECK\n"
        f"auth_param basic children 1 startup=1\nauth_param basic realm {REALM}\n"
        "acl known proxy_auth REQUIRED\nhttp_access allow known\nhttp_access deny all"
    )


def _started(rules: str) -> contextlib.AbstractContextManager[Running]:
    program = system_program("squid")

    def setup(port: int, folder: Path) -> Command:
        check = folder / "check.sh"
        check.write_text(PASSWORD_CHECK.format(user=USER, password=PASSWORD))
        (folder / "squid.conf").write_text(
            f"http_port {LOOPBACK}:{port}\n{rules.replace('PASSWORD_CHECK', str(check))}\n"
            f"{_account(folder)}"
            "visible_hostname proxy.example\npid_filename none\ncache deny all\n"
            f"access_log none\ncache_log {folder}/cache.log\ncache_store_log none\n"
            f"coredump_dir {folder}\nshutdown_lifetime 0 seconds\nnetdb_filename none\n"
            "pinger_enable off\nmax_filedescriptors 1024\nconnect_timeout 5 seconds\n"
        )
        return Command(argv=[program, "-N", "-f", folder / "squid.conf"])

    return running(setup, path="")


def _account(folder: Path) -> str:
    """Squid started by root becomes another user, who needs the folder."""
    if os.geteuid() != 0:
        return ""
    account = pwd.getpwnam(ACCOUNT)
    shutil.chown(folder, account.pw_uid, account.pw_gid)
    return f"cache_effective_user {ACCOUNT}\n"
