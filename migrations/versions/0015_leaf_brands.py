"""Keep brands that were looked for."""

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('leaf_brand',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('shop_id', sa.Uuid(), nullable=False),
    sa.Column('tiktok_shop_id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Enum('v1', 'v2', name='categoryversion', native_enum=False, length=32), nullable=False),
    sa.Column('leaf_id', sa.String(length=32), nullable=False),
    sa.Column('key', sa.String(length=255), nullable=False),
    sa.Column('remote_id', sa.String(length=32), nullable=True),
    sa.Column('name', sa.String(length=255), nullable=False),
    sa.Column('is_authorized', sa.Boolean(), nullable=False),
    sa.Column('is_usable', sa.Boolean(), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['shop_id'], ['shop.id'], name=op.f('fk_leaf_brand_shop_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tiktok_shop_id'], ['tiktok_shop.id'], name=op.f('fk_leaf_brand_tiktok_shop_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_leaf_brand')),
    sa.UniqueConstraint('tiktok_shop_id', 'version', 'leaf_id', 'key', name=op.f('uq_leaf_brand_tiktok_shop_id_version_leaf_id_key'))
    )
    op.create_index('ix_leaf_brand_remote_id', 'leaf_brand', ['tiktok_shop_id', 'version', 'leaf_id', 'remote_id'], unique=False)
    op.create_index(op.f('ix_leaf_brand_shop_id'), 'leaf_brand', ['shop_id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_leaf_brand_shop_id'), table_name='leaf_brand')
    op.drop_index('ix_leaf_brand_remote_id', table_name='leaf_brand')
    op.drop_table('leaf_brand')
