"""Know what the platform was told"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('product_override',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('shop_id', sa.Uuid(), nullable=False),
    sa.Column('tiktok_shop_id', sa.Uuid(), nullable=False),
    sa.Column('product_id', sa.Uuid(), nullable=False),
    sa.Column('category_id', sa.String(length=32), nullable=True),
    sa.Column('category_version', sa.Enum('v1', 'v2', name='categoryversion', native_enum=False, length=32), nullable=True),
    sa.Column('content', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_by', sa.String(length=128), nullable=False),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], name=op.f('fk_product_override_product_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['shop_id'], ['shop.id'], name=op.f('fk_product_override_shop_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tiktok_shop_id'], ['tiktok_shop.id'], name=op.f('fk_product_override_tiktok_shop_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_product_override')),
    sa.UniqueConstraint('tiktok_shop_id', 'product_id', name=op.f('uq_product_override_tiktok_shop_id_product_id'))
    )
    op.create_index(op.f('ix_product_override_product_id'), 'product_override', ['product_id'], unique=False)
    op.create_index(op.f('ix_product_override_shop_id'), 'product_override', ['shop_id'], unique=False)
    op.create_table('template_assignment',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('shop_id', sa.Uuid(), nullable=False),
    sa.Column('tiktok_shop_id', sa.Uuid(), nullable=False),
    sa.Column('product_id', sa.Uuid(), nullable=False),
    sa.Column('template_id', sa.Uuid(), nullable=False),
    sa.Column('assigned_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('assigned_by', sa.String(length=128), nullable=False),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], name=op.f('fk_template_assignment_product_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['shop_id'], ['shop.id'], name=op.f('fk_template_assignment_shop_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['template_id'], ['category_template.id'], name=op.f('fk_template_assignment_template_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tiktok_shop_id'], ['tiktok_shop.id'], name=op.f('fk_template_assignment_tiktok_shop_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_template_assignment')),
    sa.UniqueConstraint('tiktok_shop_id', 'product_id', name=op.f('uq_template_assignment_tiktok_shop_id_product_id'))
    )
    op.create_index(op.f('ix_template_assignment_product_id'), 'template_assignment', ['product_id'], unique=False)
    op.create_index(op.f('ix_template_assignment_shop_id'), 'template_assignment', ['shop_id'], unique=False)
    op.create_index(op.f('ix_template_assignment_template_id'), 'template_assignment', ['template_id'], unique=False)
    op.create_table('listing_change',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('shop_id', sa.Uuid(), nullable=False),
    sa.Column('listing_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('kind', sa.Enum('CREATED', 'ADOPTED', 'LINKED', 'UNLINKED', 'EDITED', 'PRICE_CHANGED', 'STOCK_CHANGED', 'CATEGORY_CHANGED', 'CHANGED_ON_TIKTOK', 'OVERRIDDEN', 'STATUS_CHANGED', 'REFUSED', name='changekind', native_enum=False, length=32), nullable=False),
    sa.Column('cause', sa.Enum('MERCHANT', 'STORE', 'TEMPLATE', 'MAPPING', 'REVIEW', 'PLATFORM', 'SWEEP', 'UNKNOWN', name='changecause', native_enum=False, length=32), nullable=False),
    sa.Column('actor', sa.String(length=128), nullable=False),
    sa.Column('task_id', sa.Uuid(), nullable=True),
    sa.Column('request_id', sa.String(length=128), nullable=True),
    sa.Column('fields', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
    sa.ForeignKeyConstraint(['listing_id'], ['listing.id'], name=op.f('fk_listing_change_listing_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['shop_id'], ['shop.id'], name=op.f('fk_listing_change_shop_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_listing_change'))
    )
    op.create_index('ix_listing_change_listing_id_at', 'listing_change', ['listing_id', 'at', 'id'], unique=False)
    op.create_index(op.f('ix_listing_change_shop_id'), 'listing_change', ['shop_id'], unique=False)
    op.add_column('listing', sa.Column('origin', sa.Enum('CREATED', 'ADOPTED', 'LINKED', name='listingorigin', native_enum=False, length=32), nullable=True))
    op.add_column('listing', sa.Column('template_revision', sa.Integer(), nullable=True))
    op.add_column('listing', sa.Column('sent', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True))
    op.add_column('listing', sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('listing', sa.Column('ownership', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False))
    op.add_column('listing', sa.Column('edit_due_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('listing', sa.Column('edit_cause', sa.String(length=32), nullable=True))
    op.create_index('ix_listing_edit_due', 'listing', ['edit_due_at'], unique=False, postgresql_where=sa.text('edit_due_at IS NOT NULL'))
    op.add_column('product', sa.Column('metafields', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False))
    op.add_column('task', sa.Column('retry_of', sa.Uuid(), nullable=True))
    op.create_index(op.f('ix_task_retry_of'), 'task', ['retry_of'], unique=False)
    op.create_foreign_key(op.f('fk_task_retry_of'), 'task', 'task', ['retry_of'], ['id'], ondelete='SET NULL')
    op.add_column('tiktok_shop', sa.Column('defaults', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False))
    op.add_column('tiktok_shop', sa.Column('ownership', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False))


def downgrade() -> None:
    op.drop_column('tiktok_shop', 'ownership')
    op.drop_column('tiktok_shop', 'defaults')
    op.drop_constraint(op.f('fk_task_retry_of'), 'task', type_='foreignkey')
    op.drop_index(op.f('ix_task_retry_of'), table_name='task')
    op.drop_column('task', 'retry_of')
    op.drop_column('product', 'metafields')
    op.drop_index('ix_listing_edit_due', table_name='listing', postgresql_where=sa.text('edit_due_at IS NOT NULL'))
    op.drop_column('listing', 'edit_cause')
    op.drop_column('listing', 'edit_due_at')
    op.drop_column('listing', 'ownership')
    op.drop_column('listing', 'sent_at')
    op.drop_column('listing', 'sent')
    op.drop_column('listing', 'template_revision')
    op.drop_column('listing', 'origin')
    op.drop_index(op.f('ix_listing_change_shop_id'), table_name='listing_change')
    op.drop_index('ix_listing_change_listing_id_at', table_name='listing_change')
    op.drop_table('listing_change')
    op.drop_index(op.f('ix_template_assignment_template_id'), table_name='template_assignment')
    op.drop_index(op.f('ix_template_assignment_shop_id'), table_name='template_assignment')
    op.drop_index(op.f('ix_template_assignment_product_id'), table_name='template_assignment')
    op.drop_table('template_assignment')
    op.drop_index(op.f('ix_product_override_shop_id'), table_name='product_override')
    op.drop_index(op.f('ix_product_override_product_id'), table_name='product_override')
    op.drop_table('product_override')
