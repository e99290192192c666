"""Which story plays which kind of task."""

from collections.abc import Mapping

from server.domain.tasks import TaskKind
from workers.categories import run_categories
from workers.checking import run_checking
from workers.editing import run_editing, settle_editing
from workers.imports import run_import
from workers.listing import run_listing, settle_listing
from workers.recommending import run_recommending
from workers.runtime import Story
from workers.sweeping import run_sweep
from workers.switching import run_switching

STORIES: Mapping[TaskKind, Story] = {
    TaskKind.IMPORT: Story(run_import),
    TaskKind.CATEGORIES: Story(run_categories),
    TaskKind.LISTING: Story(run_listing, settle_listing),
    TaskKind.CHECK: Story(run_checking),
    TaskKind.EDIT: Story(run_editing, settle_editing),
    TaskKind.RECOMMENDATION: Story(run_recommending),
    TaskKind.SWEEP: Story(run_sweep),
    TaskKind.STATUS: Story(run_switching),
}
