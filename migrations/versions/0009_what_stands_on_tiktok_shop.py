"""Know what stands on TikTok Shop"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('link_proposal',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('shop_id', sa.Uuid(), nullable=False),
    sa.Column('tiktok_shop_id', sa.Uuid(), nullable=False),
    sa.Column('product_id', sa.Uuid(), nullable=False),
    sa.Column('remote_id', sa.String(length=32), nullable=False),
    sa.Column('state', sa.Enum('PENDING', 'LINKED', 'UNLINKED', 'REJECTED', name='linkstate', native_enum=False, length=32), nullable=False),
    sa.Column('evidence', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('conflicts', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('decided_by', sa.String(length=128), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], name=op.f('fk_link_proposal_product_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['shop_id'], ['shop.id'], name=op.f('fk_link_proposal_shop_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tiktok_shop_id'], ['tiktok_shop.id'], name=op.f('fk_link_proposal_tiktok_shop_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_link_proposal')),
    sa.UniqueConstraint('tiktok_shop_id', 'product_id', 'remote_id', name=op.f('uq_link_proposal_tiktok_shop_id_product_id_remote_id'))
    )
    op.create_index(op.f('ix_link_proposal_product_id'), 'link_proposal', ['product_id'], unique=False)
    op.create_index(op.f('ix_link_proposal_shop_id'), 'link_proposal', ['shop_id'], unique=False)
    op.create_index('ix_link_proposal_tiktok_shop_id_state', 'link_proposal', ['tiktok_shop_id', 'state', 'id'], unique=False)
    op.create_table('remote_product',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('shop_id', sa.Uuid(), nullable=False),
    sa.Column('tiktok_shop_id', sa.Uuid(), nullable=False),
    sa.Column('remote_id', sa.String(length=32), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('external_product_id', sa.Text(), nullable=True),
    sa.Column('skus', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('category_id', sa.String(length=32), nullable=True),
    sa.Column('category_version', sa.Enum('v1', 'v2', name='categoryversion', native_enum=False, length=32), nullable=True),
    sa.Column('source_created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('source_updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('details_of', sa.DateTime(timezone=True), nullable=True),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sweep_mark', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['shop_id'], ['shop.id'], name=op.f('fk_remote_product_shop_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tiktok_shop_id'], ['tiktok_shop.id'], name=op.f('fk_remote_product_tiktok_shop_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_remote_product')),
    sa.UniqueConstraint('tiktok_shop_id', 'remote_id', name=op.f('uq_remote_product_tiktok_shop_id_remote_id'))
    )
    op.create_index(op.f('ix_remote_product_shop_id'), 'remote_product', ['shop_id'], unique=False)
    op.create_index('ix_remote_product_tiktok_shop_id_mark', 'remote_product', ['tiktok_shop_id', 'sweep_mark'], unique=False)
    op.create_table('remote_shelf',
    sa.Column('tiktok_shop_id', sa.Uuid(), nullable=False),
    sa.Column('shop_id', sa.Uuid(), nullable=False),
    sa.Column('swept_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('known_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('on_match', sa.Enum('LINK', 'HOLD', 'CREATE', name='onmatch', native_enum=False, length=32), nullable=False),
    sa.Column('other_hands', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.ForeignKeyConstraint(['shop_id'], ['shop.id'], name=op.f('fk_remote_shelf_shop_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tiktok_shop_id'], ['tiktok_shop.id'], name=op.f('fk_remote_shelf_tiktok_shop_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('tiktok_shop_id', name=op.f('pk_remote_shelf'))
    )
    op.create_index(op.f('ix_remote_shelf_due_at'), 'remote_shelf', ['due_at'], unique=False)
    op.create_index(op.f('ix_remote_shelf_shop_id'), 'remote_shelf', ['shop_id'], unique=False)
    op.create_table('remote_key',
    sa.Column('remote_product_id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.String(length=255), nullable=False),
    sa.Column('tiktok_shop_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['remote_product_id'], ['remote_product.id'], name=op.f('fk_remote_key_remote_product_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tiktok_shop_id'], ['tiktok_shop.id'], name=op.f('fk_remote_key_tiktok_shop_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('remote_product_id', 'key', name=op.f('pk_remote_key'))
    )
    op.create_index('ix_remote_key_tiktok_shop_id_key', 'remote_key', ['tiktok_shop_id', 'key'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_remote_key_tiktok_shop_id_key', table_name='remote_key')
    op.drop_table('remote_key')
    op.drop_index(op.f('ix_remote_shelf_shop_id'), table_name='remote_shelf')
    op.drop_index(op.f('ix_remote_shelf_due_at'), table_name='remote_shelf')
    op.drop_table('remote_shelf')
    op.drop_index('ix_remote_product_tiktok_shop_id_mark', table_name='remote_product')
    op.drop_index(op.f('ix_remote_product_shop_id'), table_name='remote_product')
    op.drop_table('remote_product')
    op.drop_index('ix_link_proposal_tiktok_shop_id_state', table_name='link_proposal')
    op.drop_index(op.f('ix_link_proposal_shop_id'), table_name='link_proposal')
    op.drop_index(op.f('ix_link_proposal_product_id'), table_name='link_proposal')
    op.drop_table('link_proposal')
