"""Keep by whose word a listing is due for an edit."""

import sqlalchemy as sa
from alembic import op

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('listing', sa.Column('edit_actor', sa.String(length=128), nullable=True))


def downgrade() -> None:
    op.drop_column('listing', 'edit_actor')
