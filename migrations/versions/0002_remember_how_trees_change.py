"""Remember how category trees change, when they are due, and what the platform said about them"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

VERSION = sa.Enum('v1', 'v2', name='categoryversion', native_enum=False, length=32)
KIND = sa.Enum(
    'ADDED', 'REMOVED', 'MOVED', 'RENAMED', 'BECAME_LEAF', 'BECAME_INNER', 'PERMISSIONS_CHANGED',
    name='treechangekind', native_enum=False, length=32,
)
JSONB = postgresql.JSONB(astext_type=sa.Text())


def upgrade() -> None:
    op.add_column('category_tree', sa.Column('refresh_at', sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE category_tree SET refresh_at = fetched_at + interval '1 day'")
    op.alter_column('category_tree', 'refresh_at', nullable=False)
    op.create_index(op.f('ix_category_tree_refresh_at'), 'category_tree', ['refresh_at'], unique=False)
    op.add_column('category', sa.Column('words', postgresql.TSVECTOR(), nullable=True))
    op.execute("""
        UPDATE category SET words = array_to_tsvector(
            string_to_array(ltrim(replace(search_text, ' ', ' ' || right(tree_id::text, 12) || '/')), ' '))
    """)
    op.alter_column('category', 'words', nullable=False)
    op.drop_column('category', 'search_text')
    op.create_index(
        'ix_category_words', 'category', ['words'], unique=False, postgresql_using='gin',
        postgresql_with={'fastupdate': 'off'},
    )
    op.create_index('ix_category_tree_id_order', 'category', ['tree_id', 'level', 'name', 'id'], unique=False)
    op.create_table(
        'category_change',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('shop_id', sa.Uuid(), nullable=False),
        sa.Column('tree_id', sa.Uuid(), nullable=False),
        sa.Column('version', VERSION, nullable=False),
        sa.Column('remote_id', sa.String(length=32), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('kind', KIND, nullable=False),
        sa.Column('path_before', JSONB, nullable=True),
        sa.Column('path_after', JSONB, nullable=True),
        sa.Column('permissions_before', JSONB, nullable=True),
        sa.Column('permissions_after', JSONB, nullable=True),
        sa.ForeignKeyConstraint(['shop_id'], ['shop.id'], name=op.f('fk_category_change_shop_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(
            ['tree_id'], ['category_tree.id'], name=op.f('fk_category_change_tree_id'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_category_change')),
    )
    op.create_index(op.f('ix_category_change_shop_id'), 'category_change', ['shop_id'], unique=False)
    op.create_index('ix_category_change_tree_id_at', 'category_change', ['tree_id', 'at', 'id'], unique=False)
    op.create_table(
        'version_answer',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('shop_id', sa.Uuid(), nullable=False),
        sa.Column('tiktok_shop_id', sa.Uuid(), nullable=False),
        sa.Column('code', sa.Integer(), nullable=False),
        sa.Column('said_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('asked_version', VERSION, nullable=False),
        sa.Column('asked_id', sa.String(length=32), nullable=True),
        sa.Column('demands', VERSION, nullable=True),
        sa.ForeignKeyConstraint(['shop_id'], ['shop.id'], name=op.f('fk_version_answer_shop_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(
            ['tiktok_shop_id'], ['tiktok_shop.id'], name=op.f('fk_version_answer_tiktok_shop_id'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_version_answer')),
        sa.UniqueConstraint('tiktok_shop_id', 'code', name=op.f('uq_version_answer_tiktok_shop_id_code')),
    )
    op.create_index(op.f('ix_version_answer_shop_id'), 'version_answer', ['shop_id'], unique=False)


def downgrade() -> None:
    op.drop_table('version_answer')
    op.drop_table('category_change')
    op.drop_index('ix_category_tree_id_order', table_name='category')
    op.drop_index('ix_category_words', table_name='category')
    op.add_column('category', sa.Column('search_text', sa.Text(), nullable=False, server_default=''))
    op.drop_column('category', 'words')
    op.drop_index(op.f('ix_category_tree_refresh_at'), table_name='category_tree')
    op.drop_column('category_tree', 'refresh_at')
