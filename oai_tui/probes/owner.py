"""Surveys an organization with an admin key: finds a key, and lists keys that need attention.

It only reads. A few requests are in flight at a time; lists are read page by page and not kept, so
the memory does not grow with the number of keys. What was read before a failure is never lost.
"""

import asyncio
import heapq
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import replace
from typing import Any, Literal
from urllib.parse import quote

from oai_tui.domain.observation import Observation
from oai_tui.domain.owner_view import (
    ATTENTION,
    Attention,
    AttentionRow,
    ClientCertificate,
    KeyDetails,
    OwnedProject,
    OwnerView,
    ProjectRateLimit,
    SurveyPlan,
)
from oai_tui.domain.ports import Call
from oai_tui.probes.http_client import ApiRequest, HttpClient, Reply
from oai_tui.probes.owner_lists import (
    Row,
    attention_of,
    can_be_in_path,
    certificate_of,
    has_ends,
    key_of,
    model_permissions_of,
    project_of,
    rate_limit_of,
    spend_limit_of,
)

CONNECTIONS = 4
"""Requests in flight at a time, which is how many connections the HTTP client opens."""
PAGE = 100
"""Objects of a page, the maximum of the API."""
MAX_PAGES = 200
"""Pages of one list that are read."""
MAX_TRIES = 4
"""Times that one request is sent, where the API answers 429."""
MAX_WAIT_S = 20.0
"""Seconds for which one Retry-After is honoured."""
MAX_MATCHES = 5
"""Keys with the same ends that are kept."""
MAX_ROWS = 40
"""Keys of each reason for attention that are kept."""
MAX_RATE_LIMITS = 300
MAX_CERTIFICATES = 200
"""Client certificates of each list that are kept, the active ones first."""
MAX_NOTES = 12
_QUEUE = 32
"""Projects that wait to be read while the next page of projects is loaded."""


class OwnerSurvey:
    """One survey. `view` may be called at any time, also after `run` was cancelled.

    call: the target and the admin key. pause: waits for some seconds. on_progress: called after
    each page of projects, after each project, and before a wait.
    """

    def __init__(
        self,
        http: HttpClient,
        call: Call,
        plan: SurveyPlan,
        *,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        on_progress: Callable[[OwnerView], None] = lambda view: None,
    ) -> None:
        self._http = http
        self._call = call
        self._plan = plan
        self._pause = pause
        self._on_progress = on_progress
        self._view = OwnerView()
        self._notes: list[str] = []
        self._unread = 0
        self._counts: Counter[Attention] = Counter()
        self._rows: dict[Attention, list[tuple[float, str, AttentionRow]]] = {}
        self._not_before = 0.0
        self._answered = False

    def view(self) -> OwnerView:
        """Return what was found so far."""
        rows = [
            row
            for why in ATTENTION
            for _, _, row in sorted(self._rows.get(why, ()), key=lambda each: (-each[0], each[1]))
        ]
        notes = list(self._notes)
        if self._unread:
            notes.append(f"The keys of {_projects(self._unread)} couldn't be read completely.")
        return replace(
            self._view, attention=tuple(rows), counts=dict(self._counts), notes=tuple(notes)
        )

    async def run(self) -> None:
        """Read what the plan asks for, within its time."""
        try:
            async with asyncio.timeout(self._plan.timeout_s):
                await self._survey()
        except TimeoutError:
            self._view = replace(self._view, complete=False, is_out_of_time=True)
            read, listed = self._view.projects, self._view.projects_listed
            more = (
                f"; {_projects(listed - read)} of the list were not read" if listed > read else ""
            )
            limit_s = self._plan.limit_s or self._plan.timeout_s
            self._note(
                f"The time limit of {limit_s:g} s was reached after "
                f"{_projects(read)}{more}. To read the rest: oai-tui owner with a longer "
                "--timeout."
            )

    async def _survey(self) -> None:
        found = False
        if can_be_in_path(self._plan.project) and not self._plan.lists:
            found = await self._search_own_project()
        if not found and self._view.rejected is None:
            await self._search_all_projects()
        if self._view.rejected is not None:
            return
        match = self._view.match
        if match is not None:
            await self._read_details(match.project)
        elif self._plan.key is not None:
            await self._read_spend_limit("/organization/spend_limit", "organization")

    async def _search_own_project(self) -> bool:
        """Look into the project that the API named as the key's own; return True if it is there."""
        path = f"/organization/projects/{quote(self._plan.project, safe='')}"
        reply = await self._get(path)
        if reply.observation.status in {401, 403}:
            self._reject(reply.observation)
            return False
        if reply.observation.status != 200 or not isinstance(reply.value, Mapping):
            return False
        project = project_of(reply.value)
        if not can_be_in_path(project.id):
            return False
        read = await self._read_keys(project)
        found = self._view.match is not None
        if found:
            self._view = replace(self._view, complete=read, projects=1)
        else:  # the search over all projects starts afresh
            self._view, self._unread = OwnerView(requests=self._view.requests), 0
        return found

    async def _search_all_projects(self) -> None:
        queue: asyncio.Queue[OwnedProject | None] = asyncio.Queue(_QUEUE)

        async def work() -> None:
            while (project := await queue.get()) is not None:
                if not await self._read_keys(project):
                    self._unread += 1
                self._view = replace(self._view, projects=self._view.projects + 1)
                self._on_progress(self._view)

        async def produce() -> bool:
            """Queue every project; return True if the list was read to its end."""
            complete = await self._queue_projects(queue)
            for _ in range(CONNECTIONS):
                await queue.put(None)
            return complete

        async with asyncio.TaskGroup() as group:
            produced = group.create_task(produce())
            for _ in range(CONNECTIONS):
                group.create_task(work())
        self._view = replace(self._view, complete=produced.result() and not self._unread)

    async def _queue_projects(self, queue: "asyncio.Queue[OwnedProject | None]") -> bool:
        pages = self._pages("/organization/projects?include_archived=true", "the list of projects")
        complete = False
        async with aclosing(pages):
            async for rows, is_last in pages:
                listed = self._view.projects_listed + len(rows)
                self._view = replace(self._view, projects_listed=listed)
                self._on_progress(self._view)
                for row in rows:
                    project = project_of(row)
                    if can_be_in_path(project.id):
                        await queue.put(project)
                    else:
                        self._unread += 1
                complete = is_last
        return complete

    async def _read_keys(self, project: OwnedProject) -> bool:
        """Read the keys of a project; return True if they were read to the end.

        Without the parameter `owner_project_access` the API may leave out keys of removed owners.
        """
        path = f"/organization/projects/{quote(project.id, safe='')}/api_keys"
        name = f"the list of keys of project {project.name or project.id}"
        pages = self._pages(f"{path}?owner_project_access=any", name)
        complete = False
        async with aclosing(pages):
            async for rows, is_last in pages:
                self._take(rows, project)
                del rows
                complete = is_last
        return complete

    def _take(self, rows: list[Row], project: OwnedProject) -> None:
        """Count the keys of a page; keep the one looked for, and those that need attention."""
        plan = self._plan
        self._view = replace(self._view, keys=self._view.keys + len(rows))
        for number, row in enumerate(rows):
            redacted = row.get("redacted_value")
            if plan.key is not None and isinstance(redacted, str) and has_ends(plan.key, redacted):
                matches = (*self._view.matches, key_of(row, project))[:MAX_MATCHES]
                self._view = replace(self._view, matches=matches)
            if plan.lists:
                self._list(row, project, number)

    def _list(self, row: Row, project: OwnedProject, number: int) -> None:
        """Keep a key that needs attention, if it is one of the most urgent. number: in its page."""
        plan = self._plan
        found = attention_of(row, project, plan.now.timestamp(), plan.rotation_days)
        if found is None:
            return
        why, time_s = found
        self._counts[why] += 1
        rows = self._rows.setdefault(why, [])
        # the smallest entry, which is the first to go, has the latest time
        if len(rows) >= MAX_ROWS and -time_s <= rows[0][0]:
            return
        key = key_of(row, project)
        # the number makes entries differ where a server lists one key twice
        unique = f"{key.id}:{self._view.keys}:{number}"
        entry = (-time_s, unique, AttentionRow(key=key, why=why))
        if len(rows) < MAX_ROWS:
            heapq.heappush(rows, entry)
        else:
            heapq.heappushpop(rows, entry)

    async def _read_details(self, project: OwnedProject) -> None:
        """Read what limits a project; what can't be read is left out with a note."""
        path = f"/organization/projects/{quote(project.id, safe='')}"
        async with asyncio.TaskGroup() as group:
            gate = asyncio.Semaphore(CONNECTIONS)
            for job in (
                self._read_spend_limit(f"{path}/spend_limit", "project"),
                self._read_spend_limit("/organization/spend_limit", "organization"),
                self._read_model_permissions(f"{path}/model_permissions"),
                self._read_rate_limits(f"{path}/rate_limits"),
                self._read_certificates("/organization/certificates", "organization"),
                self._read_certificates(f"{path}/certificates", "project"),
            ):
                group.create_task(_within(gate, job))

    async def _read_spend_limit(self, path: str, of: str) -> None:
        value = await self._setting(path, f"the spend limit of the {of}")
        limit = spend_limit_of(value, of)
        if limit is not None:
            self._detail(lambda known: replace(known, spend_limits=(*known.spend_limits, limit)))

    async def _read_model_permissions(self, path: str) -> None:
        permissions = model_permissions_of(await self._setting(path, "the model permissions"))
        self._detail(lambda known: replace(known, model_permissions=permissions))

    async def _read_rate_limits(self, path: str) -> None:
        limits: list[ProjectRateLimit] = []
        pages = self._pages(path, "the rate limits of the project")
        async with aclosing(pages):
            async for rows, _ in pages:
                limits += [rate_limit_of(row) for row in rows]
                if len(limits) >= MAX_RATE_LIMITS:
                    break
        named = tuple(limit for limit in limits[:MAX_RATE_LIMITS] if limit.model)
        self._detail(lambda known: replace(known, rate_limits=named))

    async def _read_certificates(self, path: str, of: Literal["organization", "project"]) -> None:
        found: list[ClientCertificate] = []
        pages = self._pages(path, f"the list of client certificates of the {of}")
        async with aclosing(pages):
            async for rows, _ in pages:
                found += [certificate_of(row, of) for row in rows]
                if len(found) >= MAX_CERTIFICATES:
                    break
        kept = sorted(found, key=lambda each: not each.active)[:MAX_CERTIFICATES]
        self._detail(lambda known: replace(known, certificates=(*known.certificates, *kept)))

    def _detail(self, change: Callable[[KeyDetails], KeyDetails]) -> None:
        self._view = replace(self._view, details=change(self._view.details))

    async def _setting(self, path: str, name: str) -> Any:
        """Return one object, or None; 404 means that it is not set."""
        reply = await self._get(path)
        if reply.observation.status not in {200, 404}:
            self._note(f"Couldn't read {name}: {_words(reply.observation)}.")
        return reply.value if reply.observation.status == 200 else None

    async def _pages(self, path: str, name: str) -> AsyncGenerator[tuple[list[Row], bool], None]:
        """Yield each page of a list as its rows, and whether it is the last one.

        Ends with a note where a page can't be read, repeats, or is one too many.
        """
        seen: set[str] = set()
        cursor = ""
        for number in range(1, MAX_PAGES + 1):
            after = f"&after={quote(cursor, safe='')}" if cursor else ""
            separator = "&" if "?" in path else "?"
            reply = await self._get(f"{path}{separator}limit={PAGE}{after}")
            rows = _rows_of(reply)
            if rows is None:
                if not self._answered:
                    self._reject(reply.observation)
                else:
                    self._note(
                        f"Couldn't read page {number} of {name}: {_words(reply.observation)}."
                    )
                return
            first = str(rows[0].get("id")) if rows else ""
            more = reply.value.get("has_more") is True
            if first in seen or (more and not rows):
                self._note(
                    f"Stopped reading {name} at page {number}, because the server sent the same "
                    "page again. The pages before it were read."
                )
                return
            seen.add(first)
            cursor = str(reply.value.get("last_id") or rows[-1].get("id")) if more else ""
            is_last = not more
            del reply  # it holds the page, and the caller may take long
            yield rows, is_last
            del rows  # one page at a time is held while the next one arrives
            if is_last:
                return
        self._note(f"Stopped reading {name} after {MAX_PAGES} pages of {PAGE}.")

    def _reject(self, observation: Observation) -> None:
        if self._view.rejected is None:
            self._view = replace(self._view, rejected=observation)

    async def _get(self, path: str) -> Reply:
        """Send one GET with the admin key.

        A 429 is repeated after its Retry-After, for which every other request waits as well. A
        failure of the server or the network is repeated once.
        """
        request = ApiRequest(
            probe="owner",
            path=path,
            key=True,
            keep_body=False,
            keep_masked_email=True,
            learns_if_admin=not self._answered,
        )
        tries = 0
        while True:
            await self._wait()
            reply = await self._http.ask(self._call, request)
            seen, tries = reply.observation, tries + 1
            self._view = replace(self._view, requests=self._view.requests + 1)
            if seen.status == 200 and not self._answered:
                self._accept()
            if seen.status == 429 and tries < MAX_TRIES:
                asked = seen.facts.get("retry_after_s")
                wait_s = float(asked) if isinstance(asked, int | float) else float(tries)
                until = asyncio.get_running_loop().time() + min(wait_s, MAX_WAIT_S)
                self._not_before = max(self._not_before, until)
            elif tries > 1 or not _may_pass(seen):
                return reply

    def _accept(self) -> None:
        """Remember that the key is an admin key, also if its shape does not show it."""
        self._answered = True
        credential = self._call.credential
        if credential is not None and credential.kind.role != "admin":
            kind = replace(credential.kind, role="admin")
            self._call = replace(self._call, credential=replace(credential, kind=kind))

    async def _wait(self) -> None:
        """Wait as long as the latest 429 asked."""
        left = self._not_before - asyncio.get_running_loop().time()
        if left <= 0:
            return
        self._view = replace(self._view, waiting_s=max(1, round(left)))
        self._on_progress(self._view)
        try:
            await self._pause(left)
        finally:
            self._view = replace(self._view, waiting_s=0)

    def _note(self, text: str) -> None:
        if len(self._notes) < MAX_NOTES and text not in self._notes:
            self._notes.append(text)


async def _within(gate: asyncio.Semaphore, job: Awaitable[None]) -> None:
    async with gate:
        await job


def _may_pass(seen: Observation) -> bool:
    """Return True for a failure that the next try may not meet."""
    return seen.failure is not None or (seen.status is not None and seen.status >= 500)


def _rows_of(reply: Reply) -> list[Row] | None:
    """Return the rows of a page, or None if the answer is no page."""
    value = reply.value
    if reply.observation.status != 200 or not isinstance(value, Mapping):
        return None
    data = value.get("data")
    if not isinstance(data, list):
        return None
    return [row for row in data if isinstance(row, Mapping)]


def _words(seen: Observation) -> str:
    """Return what came back, in a few words."""
    if seen.status is None:
        return f"no answer ({seen.failure})"
    if seen.status == 200:
        return "the answer isn't a list"
    message = seen.error.message if seen.error is not None else ""
    return f"{seen.status} {message[:160]}".strip().rstrip(".")


def _projects(number: int) -> str:
    return f"{number} project{'' if number == 1 else 's'}"
