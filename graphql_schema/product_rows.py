"""Products that a call names one by one, each answered in its place."""

import strawberry

from graphql_schema.context import Info
from graphql_schema.products import Product, load_product
from graphql_schema.tasks import Task, task_of
from graphql_schema.user_errors import UserError
from server.services.listings.creating.naming import Row, Started

RESULTS = "One for each named product, in the same order; none where a filter or a template chose."
POLICY = "What to do when some of the named are faulty."
ROW_ERRORS = "Why none was started; rows that were refused beside others have their own."


@strawberry.type
class ProductRowResult:
    """What became of one named product: taken into the task, or why not."""

    row: strawberry.Private[Row]
    user_errors: list[UserError] = strawberry.field(description="What is wrong with this row, if anything.")

    @classmethod
    def of(cls, row: Row) -> "ProductRowResult":
        """A row's answer."""
        return cls(row=row, user_errors=[UserError.of(error) for error in row.errors])

    @strawberry.field
    async def product(self, info: Info) -> Product | None:
        """The product; null for a faulty row."""
        return None if self.row.product_id is None else await load_product(info, self.row.product_id)


def task_started(started: Started | None, errors: list[UserError]) -> tuple[Task | None, list[UserError]]:
    """The task to follow; where none was started since rows were refused, their errors are those of the whole."""
    if started is None:
        return None, errors
    if started.task is None:
        return None, [UserError.of(error) for error in started.errors]
    return task_of(started.task), errors


def rows_told(started: Started | None) -> list[ProductRowResult]:
    """The rows as clients see them."""
    return [] if started is None else [ProductRowResult.of(row) for row in started.rows]
