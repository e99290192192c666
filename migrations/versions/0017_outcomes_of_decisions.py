"""Keep what came of decisions, and the shape they are kept in."""

import sqlalchemy as sa
from alembic import op

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('decision', sa.Column('outcome', sa.LargeBinary(), nullable=True))
    op.add_column('decision', sa.Column('shape', sa.Integer(), server_default='1', nullable=False))


def downgrade() -> None:
    op.drop_column('decision', 'shape')
    op.drop_column('decision', 'outcome')
