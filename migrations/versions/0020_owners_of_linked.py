"""Give linked listings that were never edited the owners that linking writes by now."""

from alembic import op

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        UPDATE listing SET ownership = jsonb_build_object('held', '{}'::jsonb, 'owners', jsonb_build_object(
            'TITLE', 'TIKTOK', 'DESCRIPTION', 'TIKTOK', 'PICTURES', 'TIKTOK', 'CATEGORY', 'TIKTOK',
            'ATTRIBUTES', 'TIKTOK', 'BRAND', 'TIKTOK', 'VARIANTS', 'TIKTOK', 'SHIPPING', 'TIKTOK',
            'COMPLIANCE', 'TIKTOK'))
        WHERE origin = 'LINKED' AND sent IS NULL AND ownership = '{}'::jsonb
    """)


def downgrade() -> None:
    """The owners stay: nobody knows any more which of them the merchant said."""
