"""Map the store's own categories to leaves"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'category_mapping',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('shop_id', sa.Uuid(), nullable=False),
        sa.Column('tiktok_shop_id', sa.Uuid(), nullable=False),
        sa.Column('kind', sa.Enum('SHOPIFY_CATEGORY', 'PRODUCT_TYPE', 'COLLECTION', name='sourcekind', native_enum=False, length=32), nullable=False),
        sa.Column('key', sa.Text(), nullable=False),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('category_id', sa.String(length=32), nullable=False),
        sa.Column('category_version', sa.Enum('v1', 'v2', name='categoryversion', native_enum=False, length=32), nullable=False),
        sa.Column('origin', sa.Enum('MANUAL', 'RECOMMENDED', 'LEARNED', name='mappingorigin', native_enum=False, length=32), nullable=False),
        sa.Column('set_by', sa.String(length=128), nullable=False),
        sa.Column('agreeing', sa.Integer(), nullable=True),
        sa.Column('seen', sa.Integer(), nullable=True),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['shop_id'], ['shop.id'], name=op.f('fk_category_mapping_shop_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(
            ['tiktok_shop_id'], ['tiktok_shop.id'], name=op.f('fk_category_mapping_tiktok_shop_id'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_category_mapping')),
        sa.UniqueConstraint('tiktok_shop_id', 'kind', 'key', name=op.f('uq_category_mapping_tiktok_shop_id_kind_key')),
    )
    op.create_index(op.f('ix_category_mapping_shop_id'), 'category_mapping', ['shop_id'], unique=False)


def downgrade() -> None:
    op.drop_table('category_mapping')
