"""Keep templates' histories and blocks"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('template_block',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('shop_id', sa.Uuid(), nullable=False),
    sa.Column('tiktok_shop_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Enum('SHIPPING', 'SIZE_CHART', 'COMPLIANCE', name='blockkind', native_enum=False, length=32), nullable=False),
    sa.Column('name', sa.String(length=255), nullable=False),
    sa.Column('content', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['shop_id'], ['shop.id'], name=op.f('fk_template_block_shop_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tiktok_shop_id'], ['tiktok_shop.id'], name=op.f('fk_template_block_tiktok_shop_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_template_block'))
    )
    op.create_index('ix_template_block_shop_id_kind', 'template_block', ['shop_id', 'tiktok_shop_id', 'kind'], unique=False)
    op.create_index(op.f('ix_template_block_tiktok_shop_id'), 'template_block', ['tiktok_shop_id'], unique=False)
    op.create_table('template_revision',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('shop_id', sa.Uuid(), nullable=False),
    sa.Column('tiktok_shop_id', sa.Uuid(), nullable=False),
    sa.Column('template_id', sa.Uuid(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('action', sa.Enum('CREATED', 'CHANGED', 'DELETED', name='templateaction', native_enum=False, length=32), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor', sa.String(length=128), nullable=False),
    sa.Column('head', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('content', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('diff', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.ForeignKeyConstraint(['shop_id'], ['shop.id'], name=op.f('fk_template_revision_shop_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tiktok_shop_id'], ['tiktok_shop.id'], name=op.f('fk_template_revision_tiktok_shop_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_template_revision')),
    sa.UniqueConstraint('template_id', 'revision', name=op.f('uq_template_revision_template_id_revision'))
    )
    op.create_index('ix_template_revision_shop_id_at', 'template_revision', ['shop_id', 'tiktok_shop_id', 'at'], unique=False)
    op.create_index(op.f('ix_template_revision_tiktok_shop_id'), 'template_revision', ['tiktok_shop_id'], unique=False)
    op.add_column('category_template', sa.Column('shipping_block_id', sa.Uuid(), nullable=True))
    op.add_column('category_template', sa.Column('size_chart_block_id', sa.Uuid(), nullable=True))
    op.add_column('category_template', sa.Column('compliance_block_id', sa.Uuid(), nullable=True))
    op.alter_column('category_template', 'category_id',
               existing_type=sa.VARCHAR(length=32),
               nullable=True)
    op.alter_column('category_template', 'category_version',
               existing_type=sa.VARCHAR(length=32),
               nullable=True)
    op.create_index(op.f('ix_category_template_compliance_block_id'), 'category_template', ['compliance_block_id'], unique=False)
    op.create_index(op.f('ix_category_template_shipping_block_id'), 'category_template', ['shipping_block_id'], unique=False)
    op.create_index(op.f('ix_category_template_size_chart_block_id'), 'category_template', ['size_chart_block_id'], unique=False)
    op.create_foreign_key(op.f('fk_category_template_compliance_block_id'), 'category_template', 'template_block', ['compliance_block_id'], ['id'])
    op.create_foreign_key(op.f('fk_category_template_size_chart_block_id'), 'category_template', 'template_block', ['size_chart_block_id'], ['id'])
    op.create_foreign_key(op.f('fk_category_template_shipping_block_id'), 'category_template', 'template_block', ['shipping_block_id'], ['id'])


def downgrade() -> None:
    op.drop_constraint(op.f('fk_category_template_shipping_block_id'), 'category_template', type_='foreignkey')
    op.drop_constraint(op.f('fk_category_template_size_chart_block_id'), 'category_template', type_='foreignkey')
    op.drop_constraint(op.f('fk_category_template_compliance_block_id'), 'category_template', type_='foreignkey')
    op.drop_index(op.f('ix_category_template_size_chart_block_id'), table_name='category_template')
    op.drop_index(op.f('ix_category_template_shipping_block_id'), table_name='category_template')
    op.drop_index(op.f('ix_category_template_compliance_block_id'), table_name='category_template')
    op.alter_column('category_template', 'category_version',
               existing_type=sa.VARCHAR(length=32),
               nullable=False)
    op.alter_column('category_template', 'category_id',
               existing_type=sa.VARCHAR(length=32),
               nullable=False)
    op.drop_column('category_template', 'compliance_block_id')
    op.drop_column('category_template', 'size_chart_block_id')
    op.drop_column('category_template', 'shipping_block_id')
    op.drop_index(op.f('ix_template_revision_tiktok_shop_id'), table_name='template_revision')
    op.drop_index('ix_template_revision_shop_id_at', table_name='template_revision')
    op.drop_table('template_revision')
    op.drop_index(op.f('ix_template_block_tiktok_shop_id'), table_name='template_block')
    op.drop_index('ix_template_block_shop_id_kind', table_name='template_block')
    op.drop_table('template_block')
