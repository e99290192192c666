"""Drop a counter of events that nothing counted with."""

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column('shop', 'event_seq')


def downgrade() -> None:
    op.add_column('shop', sa.Column('event_seq', sa.Integer(), server_default='0', nullable=False))
    op.alter_column('shop', 'event_seq', server_default=None)
