"""Say how a choice was confirmed, keep leaf vectors and a shop's own threshold"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

SOURCES = sa.Enum(
    "APPROVAL", "EDIT", "ASSIGNMENT", "UPGRADE", "MAPPING", name="choicesource", native_enum=False, length=32
)


def upgrade() -> None:
    op.add_column("confirmed_choice", sa.Column("source", SOURCES, nullable=False, server_default="APPROVAL"))
    op.alter_column("confirmed_choice", "source", server_default=None)
    op.add_column("tiktok_shop", sa.Column("recommendation_threshold", sa.Float(), nullable=True))
    op.create_table(
        "leaf_vector",
        sa.Column("model", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("model", "digest", name=op.f("pk_leaf_vector")),
    )


def downgrade() -> None:
    op.drop_table("leaf_vector")
    op.drop_column("tiktok_shop", "recommendation_threshold")
    op.drop_column("confirmed_choice", "source")
