"""Count how often a platform did not answer a chunk."""

import sqlalchemy as sa
from alembic import op

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('task_chunk', sa.Column('outages', sa.Integer(), server_default='0', nullable=False))


def downgrade() -> None:
    op.drop_column('task_chunk', 'outages')
