"""Remember daily listing limits"""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('listing_quota',
    sa.Column('tiktok_shop_id', sa.Uuid(), nullable=False),
    sa.Column('shop_id', sa.Uuid(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('listed', sa.Integer(), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('daily_limit', sa.Integer(), nullable=True),
    sa.Column('learned_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['shop_id'], ['shop.id'], name=op.f('fk_listing_quota_shop_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tiktok_shop_id'], ['tiktok_shop.id'], name=op.f('fk_listing_quota_tiktok_shop_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('tiktok_shop_id', name=op.f('pk_listing_quota'))
    )
    op.create_index(op.f('ix_listing_quota_shop_id'), 'listing_quota', ['shop_id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_listing_quota_shop_id'), table_name='listing_quota')
    op.drop_table('listing_quota')
