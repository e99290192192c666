"""One look at a TikTok shop at a time."""

import sqlalchemy as sa
from alembic import op

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('remote_shelf', sa.Column('looking_chunk', sa.Uuid(), nullable=True))
    op.add_column('remote_shelf', sa.Column('looking_fence', sa.Integer(), nullable=True))
    op.add_column('remote_shelf', sa.Column('too_much_at', sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column('remote_shelf', 'too_much_at')
    op.drop_column('remote_shelf', 'looking_fence')
    op.drop_column('remote_shelf', 'looking_chunk')
