"""The page of the permissions: what the key may do, endpoint by endpoint, as it is found out."""

from collections.abc import Iterator, Sequence
from contextlib import aclosing

from textual import work
from textual.app import ComposeResult
from textual.content import Content

from oai_tui.domain.endpoints import ScopeResult, key_mode
from oai_tui.domain.observation import Observation
from oai_tui.knowledge.endpoints import ENDPOINTS, MODELS
from oai_tui.knowledge.links import API_KEYS
from oai_tui.reports import key_scopes
from oai_tui.tui.formatting import display_safe
from oai_tui.tui.screens.about_page import AboutPage, PageId
from oai_tui.tui.screens.scroll_screen import ScrollArea
from oai_tui.tui.widgets.action_bar import Action
from oai_tui.tui.widgets.paragraphs import Paragraph, ParagraphView, paragraph

_STYLES = {"allowed": "$success", "missing": "$error", "unknown": "$warning"}
_NAME_WIDTH = max(len(endpoint.name) for endpoint in ENDPOINTS)
_NARROW = 60
_NOT_ACCEPTED = (
    "The key was not accepted, so there are no permissions to test. Go back and fix that first."
)


class PermissionsPage(AboutPage):
    """Tests each endpoint once, with a request that is invalid on purpose."""

    TITLE = "Permissions"
    page: PageId = "permissions"

    def content(self) -> ComposeResult:
        with ScrollArea(classes="about"):
            yield ParagraphView(id="permissions-text")

    def on_mount(self) -> None:
        self._draw()
        if self.key_is_accepted and len(self.session.scopes) < len(ENDPOINTS):
            self._test()

    @work(exclusive=True, group="permissions")
    async def _test(self) -> None:
        """Send the requests of the endpoints that were not tested yet."""
        session = self.session
        credential = session.credential
        if credential is None:
            return
        session.scopes = ()
        diagnosis = self.diagnosis()
        found = session.services.scopes(
            session.target, credential, diagnosis.facts, self._known_observations()
        )
        async with aclosing(found) as results:
            async for result in results:
                session.scopes = (*session.scopes, result)
                self._draw()
        await self.show_actions()

    def _known_observations(self) -> dict[str, Observation]:
        """Return what the check observed at an endpoint, so that it isn't asked twice."""
        asked = [
            record.observation
            for record in self.progress.records
            if record.observation.probe == "models" and not record.experiment
        ]
        return {MODELS.name: asked[-1]} if asked else {}

    def _draw(self) -> None:
        self.query_one("#permissions-text", ParagraphView).show(list(self._lines()))

    def _lines(self) -> Iterator[Paragraph]:
        if not self.key_is_accepted:
            yield paragraph(("! ", "$warning"), _NOT_ACCEPTED)
            return
        results = self.session.scopes
        is_complete = len(results) == len(ENDPOINTS)
        mode = key_scopes.MODES[key_mode(results)] if is_complete else ""
        state = mode or ("" if is_complete else f": testing {len(results)} of {len(ENDPOINTS)} …")
        yield paragraph("", (f"Permissions of this key{state}", "bold"))
        yield paragraph(
            "", ("Each request is invalid on purpose, so that nothing is billed.", "$text-muted")
        )
        yield paragraph("")
        for endpoint in ENDPOINTS[: len(results)]:
            yield from self._result_lines(results[ENDPOINTS.index(endpoint)])
        for endpoint in ENDPOINTS[len(results) :]:
            yield paragraph(("· ", "$text-muted"), (endpoint.name, "$text-muted"))
        if any(result.state == "missing" for result in results):
            yield paragraph("")
            yield paragraph(
                "", "To allow more: API keys → Edit key → Permissions. ", (API_KEYS, "bold")
            )
            yield paragraph("", ("A change can take up to 15 minutes to apply.", "$text-muted"))

    def _result_lines(self, result: ScopeResult) -> Iterator[Paragraph]:
        mark, _ = key_scopes.MARKS[result.state]
        name = result.endpoint.name
        text = display_safe(key_scopes.note(result))
        if self.app.size.width < _NARROW:
            yield paragraph((f"{mark} ", _STYLES[result.state]), f"{name}: {text}")
        else:
            label = Content.assemble(
                (f"{mark} ", _STYLES[result.state]), f"{name.ljust(_NAME_WIDTH)}  "
            )
            yield paragraph(label, (text, "$text-muted"))
        if result.state == "missing":
            yield paragraph("    ", (f"tick {result.endpoint.permission}", "bold"))

    def own_actions(self) -> Sequence[Action]:
        if len(self.session.scopes) < len(ENDPOINTS):
            return ()
        return (Action(id="again", label="Test again"),)

    async def action_again(self) -> None:
        """Test every endpoint again."""
        if self.key_is_accepted:
            self.session.scopes = ()
            self._draw()
            await self.show_actions()
            self._test()

    def copied_text(self) -> str:
        missing = [each for each in self.session.scopes if each.state == "missing"]
        return "\n".join(f"{each.endpoint.name}: {each.endpoint.permission}" for each in missing)

    def link(self) -> str:
        return API_KEYS
