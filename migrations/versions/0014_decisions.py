"""Keep what decisions were made of"""

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('decision_frame',
    sa.Column('task_id', sa.Uuid(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('shop_id', sa.Uuid(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['shop_id'], ['shop.id'], name=op.f('fk_decision_frame_shop_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['task_id'], ['task.id'], name=op.f('fk_decision_frame_task_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('task_id', 'digest', name=op.f('pk_decision_frame'))
    )
    op.create_index(op.f('ix_decision_frame_shop_id'), 'decision_frame', ['shop_id'], unique=False)
    op.create_table('decision',
    sa.Column('item_id', sa.Uuid(), nullable=False),
    sa.Column('task_id', sa.Uuid(), nullable=False),
    sa.Column('shop_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('frame_digest', sa.String(length=64), nullable=False),
    sa.Column('product', sa.LargeBinary(), nullable=False),
    sa.Column('decided', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['item_id'], ['task_item.id'], name=op.f('fk_decision_item_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['shop_id'], ['shop.id'], name=op.f('fk_decision_shop_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['task_id'], ['task.id'], name=op.f('fk_decision_task_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('item_id', name=op.f('pk_decision'))
    )
    op.create_index(op.f('ix_decision_at'), 'decision', ['at'], unique=False)
    op.create_index(op.f('ix_decision_shop_id'), 'decision', ['shop_id'], unique=False)
    op.create_index(op.f('ix_decision_task_id'), 'decision', ['task_id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_decision_task_id'), table_name='decision')
    op.drop_index(op.f('ix_decision_at'), table_name='decision')
    op.drop_index(op.f('ix_decision_shop_id'), table_name='decision')
    op.drop_table('decision')
    op.drop_index(op.f('ix_decision_frame_shop_id'), table_name='decision_frame')
    op.drop_table('decision_frame')
