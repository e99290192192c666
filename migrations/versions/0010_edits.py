"""Remember what an edit was about to tell, and what changed elsewhere"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('intent', sa.Column('wanted', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True))
    op.add_column('listing', sa.Column('edit_marks', sa.Integer(), server_default='0', nullable=False))
    op.add_column('listing', sa.Column('elsewhere_at', sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column('listing', 'elsewhere_at')
    op.drop_column('listing', 'edit_marks')
    op.drop_column('intent', 'wanted')
