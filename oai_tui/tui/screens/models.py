"""The page of the models: what the key can use, why the wanted one is missing, and a choice."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from oai_tui.domain.target import Change
from oai_tui.knowledge.links import MODELS
from oai_tui.knowledge.models import SHUTDOWN
from oai_tui.reports import key_models
from oai_tui.reports.key_models import ModelRow, Wanted
from oai_tui.tui.formatting import display_safe
from oai_tui.tui.screens.about_page import AboutChoice, AboutPage, PageId
from oai_tui.tui.screens.scroll_screen import ScrollArea
from oai_tui.tui.session import CheckSession
from oai_tui.tui.walk_progress import WalkProgress
from oai_tui.tui.widgets.action_bar import Action
from oai_tui.tui.widgets.paragraphs import Paragraph, ParagraphView, paragraph

_NOT_ACCEPTED = "The key was not accepted, so its models are not known. Go back and fix that first."


class ModelList(OptionList):
    """The models; enter uses one for this run."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "select",
            "use it",
            id="models.use",
            key_display="enter",
            tooltip="Use this model for this run, and check again",
        )
    ]


class ModelsPage(AboutPage):
    """Lists the models, the ones like a missing wanted model first."""

    TITLE = "Models"
    page: PageId = "models"

    def __init__(self, session: CheckSession, progress: WalkProgress) -> None:
        super().__init__(session, progress)
        self.rows: tuple[ModelRow, ...] = ()
        self.wanted: Wanted | None = None

    def content(self) -> ComposeResult:
        self._read()
        if not self.rows:
            with ScrollArea(classes="about"):
                yield ParagraphView(list(self._lines()), id="models-text")
            return
        with Vertical(classes="about-box"):
            yield ParagraphView(list(self._lines()), id="models-text")
            yield ModelList(
                *(Option(self._option(row), id=f"at-{at}") for at, row in enumerate(self.rows)),
                id="model-list",
                classes="about-list",
                compact=True,
                markup=False,
            )

    def _read(self) -> None:
        """Read the list that this check received. Another check's list does not count."""
        services = self.session.services
        listed = services.listed_models() or ()
        if len(listed) != self.progress.facts.get("models_listed"):
            return
        today = services.clock.now().date().isoformat()
        unique = {model.id: model.shutdown for model in listed}
        rows = key_models.model_rows(tuple(unique.items()), SHUTDOWN, today)
        if name := self.session.target.model:
            self.wanted = key_models.wanted_model(name, self.diagnosis(), rows)
        nearest = self.wanted.nearest if self.wanted is not None else ()
        rank = {name: at for at, name in enumerate(nearest)}
        self.rows = tuple(sorted(rows, key=lambda row: (rank.get(row.id, len(rank)), row.id)))

    @property
    def has_list(self) -> bool:
        self._read()
        return bool(self.rows)

    def on_mount(self) -> None:
        for options in self.query(ModelList):
            options.highlighted = 0
            self.focus_list(options)

    def _lines(self) -> Iterator[Paragraph]:
        if not self.rows and not self.key_is_accepted:
            yield paragraph(("! ", "$warning"), _NOT_ACCEPTED)
            return
        if not self.rows:
            yield paragraph(("! ", "$warning"), "This check has no list of models.")
            yield paragraph("  ", "Go back and press r to check again.")
            return
        if (wanted := self.wanted) is not None:
            line = key_models.WANTED_TEXT[wanted.state].format(id=wanted.id)
            style = "$success" if wanted.state == "usable" else "$error"
            yield paragraph("", (display_safe(line), style))
        usable = sum(row.state != "retired" for row in self.rows)
        text = f"{usable} model{'' if usable == 1 else 's'} this key can use"
        similar = ", similar names first" if self.wanted and self.wanted.nearest else ""
        yield paragraph("", (f"{text}{similar}. ", "bold"), "Choose one for this run:")

    def _option(self, row: ModelRow) -> Content:
        is_wanted = self.wanted is not None and row.id == self.wanted.id
        is_near = self.wanted is not None and row.id in self.wanted.nearest
        note = {
            "usable": "",
            "retiring": f"shuts down {row.shutdown}",
            "retired": f"shut down {row.shutdown}",
        }[row.state]
        notes = [note, "similar name" if is_near else "", "in use" if is_wanted else ""]
        style = "$text-muted" if row.state == "retired" else ""
        return Content.assemble(
            (display_safe(row.id).ljust(34), style),
            (f"  {' · '.join(filter(None, notes))}", "$text-muted"),
        )

    @property
    def highlighted(self) -> ModelRow | None:
        """The model that is highlighted; None without a list."""
        if not self.rows:
            return None
        at = self.query_one(ModelList).highlighted
        return self.rows[at] if at is not None else None

    @on(OptionList.OptionSelected)
    def _use_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_use()

    def own_actions(self) -> Sequence[Action]:
        return (Action(id="use", label="Use this model"),) if self.rows else ()

    def action_use(self) -> None:
        """Use the highlighted model for this run."""
        row = self.highlighted
        if row is None:
            return
        if row.state == "retired":
            self.notify(f"{row.id} was shut down on {row.shutdown}. Choose another.", markup=False)
            return
        change = Change(kind="use-model", fact="model_chosen")
        self.dismiss(AboutChoice(change=change, value=row.id))

    def copied_text(self) -> str:
        row = self.highlighted
        return row.id if row is not None else ""

    def link(self) -> str:
        return MODELS
