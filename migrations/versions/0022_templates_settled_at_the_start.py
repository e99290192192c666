"""What was settled when a listing task began, and since when rules see a product as it is."""

import sqlalchemy as sa
from alembic import op

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Items that still wait go on with what their listings say, as they would have done."""
    op.add_column('task_item', sa.Column('template_id', sa.Uuid(), nullable=True))
    op.add_column('product_traits', sa.Column('changed_at', sa.DateTime(timezone=True), nullable=True))
    op.execute("""
        UPDATE task_item SET template_id = listing.template_id
        FROM task JOIN listing ON listing.tiktok_shop_id = task.tiktok_shop_id
        WHERE task.kind = 'LISTING' AND task.finished_at IS NULL AND task_item.task_id = task.id
          AND task_item.state IN ('QUEUED', 'RUNNING') AND listing.product_id = task_item.subject_id
    """)


def downgrade() -> None:
    op.drop_column('product_traits', 'changed_at')
    op.drop_column('task_item', 'template_id')
