"""Keep recommended categories with their provenance, and confirmed choices"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def _version() -> sa.Enum:
    return sa.Enum('v1', 'v2', name='categoryversion', native_enum=False, length=32)


def _json() -> postgresql.JSONB:
    return postgresql.JSONB(astext_type=sa.Text())


STATE = sa.Enum(
    'PENDING', 'APPROVED', 'REJECTED', 'NONE', name='recommendationstate', native_enum=False, length=32
)
REASON = sa.Enum(
    'NO_MATCH', 'UNSURE', 'NOT_PERMITTED', 'ADVICE_CYCLE', name='noproposal', native_enum=False, length=32
)
ANSWER = sa.Enum(
    'RECOMMENDED', 'NO_MATCH', 'REFUSED', 'UNREACHABLE', 'LIMITED', 'NOT_AUTHORIZED',
    name='platformanswer', native_enum=False, length=32,
)


def upgrade() -> None:
    op.create_table(
        'recommendation',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('shop_id', sa.Uuid(), nullable=False),
        sa.Column('tiktok_shop_id', sa.Uuid(), nullable=False),
        sa.Column('product_id', sa.Uuid(), nullable=False),
        sa.Column('state', STATE, nullable=False),
        sa.Column('reason', REASON, nullable=True),
        sa.Column('version', _version(), nullable=False),
        sa.Column('candidates', _json(), nullable=False),
        sa.Column('proposed_id', sa.String(length=32), nullable=True),
        sa.Column('chosen_id', sa.String(length=32), nullable=True),
        sa.Column('chosen_version', _version(), nullable=True),
        sa.Column('proposals', _json(), nullable=False),
        sa.Column('rejected', _json(), nullable=False),
        sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('tree_fetched_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('platform_answer', ANSWER, nullable=False),
        sa.Column('platform_code', sa.BigInteger(), nullable=True),
        sa.Column('platform_message', sa.Text(), nullable=False),
        sa.Column('request_id', sa.String(length=128), nullable=False),
        sa.Column('inputs', _json(), nullable=False),
        sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('decided_by', sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(['shop_id'], ['shop.id'], name=op.f('fk_recommendation_shop_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(
            ['tiktok_shop_id'], ['tiktok_shop.id'], name=op.f('fk_recommendation_tiktok_shop_id'), ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(
            ['product_id'], ['product.id'], name=op.f('fk_recommendation_product_id'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_recommendation')),
        sa.UniqueConstraint(
            'tiktok_shop_id', 'product_id', name=op.f('uq_recommendation_tiktok_shop_id_product_id')
        ),
    )
    op.create_index(op.f('ix_recommendation_product_id'), 'recommendation', ['product_id'], unique=False)
    op.create_index(
        'ix_recommendation_shop_state', 'recommendation', ['shop_id', 'tiktok_shop_id', 'state', 'id'], unique=False
    )
    op.create_table(
        'confirmed_choice',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('shop_id', sa.Uuid(), nullable=False),
        sa.Column('tiktok_shop_id', sa.Uuid(), nullable=False),
        sa.Column('product_id', sa.Uuid(), nullable=False),
        sa.Column('category_id', sa.String(length=32), nullable=False),
        sa.Column('category_version', _version(), nullable=False),
        sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('confirmed_by', sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(['shop_id'], ['shop.id'], name=op.f('fk_confirmed_choice_shop_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(
            ['tiktok_shop_id'], ['tiktok_shop.id'], name=op.f('fk_confirmed_choice_tiktok_shop_id'), ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(
            ['product_id'], ['product.id'], name=op.f('fk_confirmed_choice_product_id'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_confirmed_choice')),
        sa.UniqueConstraint(
            'tiktok_shop_id', 'product_id', name=op.f('uq_confirmed_choice_tiktok_shop_id_product_id')
        ),
    )
    op.create_index(op.f('ix_confirmed_choice_shop_id'), 'confirmed_choice', ['shop_id'], unique=False)
    op.create_index(op.f('ix_confirmed_choice_product_id'), 'confirmed_choice', ['product_id'], unique=False)


def downgrade() -> None:
    op.drop_table('confirmed_choice')
    op.drop_table('recommendation')
