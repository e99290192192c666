"""Dismiss problems"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('problem_dismissal',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('shop_id', sa.Uuid(), nullable=False),
    sa.Column('listing_id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('dismissed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('dismissed_by', sa.String(length=128), nullable=False),
    sa.ForeignKeyConstraint(['listing_id'], ['listing.id'], name=op.f('fk_problem_dismissal_listing_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['shop_id'], ['shop.id'], name=op.f('fk_problem_dismissal_shop_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_problem_dismissal')),
    sa.UniqueConstraint('listing_id', 'key', name=op.f('uq_problem_dismissal_listing_id_key'))
    )
    op.create_index(op.f('ix_problem_dismissal_shop_id'), 'problem_dismissal', ['shop_id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_problem_dismissal_shop_id'), table_name='problem_dismissal')
    op.drop_table('problem_dismissal')
