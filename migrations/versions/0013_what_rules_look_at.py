"""Keep what template rules look at beside each product"""

import json
import unicodedata
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

_TEXT = sa.Text(collation='C')

_PRODUCTS = sa.text("""
SELECT product.id, shop_id, is_gift_card, status, vendor, product_type, category_id, title, tags, source_created_at,
       source_updated_at, collections, told.*
FROM product
CROSS JOIN LATERAL (
    SELECT sum(inventory_quantity) FILTER (WHERE tracked) AS stock,
           array_agg(DISTINCT price ORDER BY price) AS prices,
           array_agg(DISTINCT compare_at_price ORDER BY compare_at_price)
               FILTER (WHERE compare_at_price IS NOT NULL) AS compare_at_prices,
           array_agg(DISTINCT grams ORDER BY grams) FILTER (WHERE grams >= 0) AS weights,
           array_agg(sku) FILTER (WHERE sku IS NOT NULL) AS skus,
           array_agg(barcode) FILTER (WHERE barcode IS NOT NULL) AS barcodes
    FROM variant
    CROSS JOIN LATERAL (SELECT CAST(weight_value AS numeric) * CASE weight_unit
        WHEN 'GRAMS' THEN 1 WHEN 'KILOGRAMS' THEN 1000 WHEN 'OUNCES' THEN 28.349523125 WHEN 'POUNDS' THEN 453.59237
        END AS grams) AS weight
    WHERE variant.product_id = product.id
) AS told
WHERE product.id > :after AND deleted_at IS NULL ORDER BY product.id LIMIT 1000
""")
_INSERT = sa.text("""
INSERT INTO product_traits VALUES (:product_id, :shop_id, :is_gift_card, :status, :vendor, :product_type, :category,
    :title, CAST(:tags AS text[]), :stock, CAST(:prices AS numeric[]), CAST(:compare_at_prices AS numeric[]),
    CAST(:weights AS numeric[]), :created, :updated, '{}', CAST(:collection_ids AS text[]), CAST(:skus AS text[]),
    CAST(:barcodes AS text[]), '{}')
""")


def upgrade() -> None:
    op.create_table(
        'product_traits',
        sa.Column('product_id', sa.Uuid(), nullable=False),
        sa.Column('shop_id', sa.Uuid(), nullable=False),
        sa.Column('is_gift_card', sa.Boolean(), nullable=False),
        sa.Column('status', _TEXT, nullable=False),
        sa.Column('vendor', _TEXT, nullable=False),
        sa.Column('product_type', _TEXT, nullable=False),
        sa.Column('category', _TEXT, nullable=True),
        sa.Column('title', _TEXT, nullable=False),
        sa.Column('tags', postgresql.ARRAY(_TEXT), nullable=False),
        sa.Column('stock', sa.BigInteger(), nullable=True),
        sa.Column('prices', postgresql.ARRAY(sa.Numeric()), nullable=False),
        sa.Column('compare_at_prices', postgresql.ARRAY(sa.Numeric()), nullable=False),
        sa.Column('weights', postgresql.ARRAY(sa.Numeric()), nullable=False),
        sa.Column('created', sa.DateTime(timezone=True), nullable=True),
        sa.Column('updated', sa.DateTime(timezone=True), nullable=True),
        sa.Column('collections', postgresql.ARRAY(_TEXT), nullable=False),
        sa.Column('collection_ids', postgresql.ARRAY(_TEXT), nullable=False),
        sa.Column('skus', postgresql.ARRAY(_TEXT), nullable=False),
        sa.Column('barcodes', postgresql.ARRAY(_TEXT), nullable=False),
        sa.Column('metafields', postgresql.JSONB(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(['product_id'], ['product.id'], name=op.f('fk_product_traits_product_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('product_id', name=op.f('pk_product_traits')),
    )
    op.create_index(op.f('ix_product_traits_shop_id'), 'product_traits', ['shop_id'], unique=False)
    _fill(op.get_bind())


def _fill(connection: sa.Connection) -> None:
    """From what stands in the rows; titles of collections and metafields come with the next import."""
    after = '00000000-0000-0000-0000-000000000000'
    while rows := connection.execute(_PRODUCTS, {'after': after}).all():
        after = rows[-1].id
        connection.execute(_INSERT, [_row(row) for row in rows])


def _row(row: sa.Row[Any]) -> dict[str, object]:
    category = _fold((row.category_id or '').rpartition('/')[2])
    return {
        'product_id': row.id,
        'shop_id': row.shop_id,
        'is_gift_card': row.is_gift_card,
        'status': _fold(row.status),
        'vendor': _fold(row.vendor),
        'product_type': _fold(row.product_type),
        'category': None if category in ('', 'na') else category,
        'title': _fold(row.title),
        'tags': _each(_said(row.tags)),
        'stock': None if row.stock is None else int(row.stock),
        'prices': row.prices or [],
        'compare_at_prices': row.compare_at_prices or [],
        'weights': row.weights or [],
        'created': row.source_created_at,
        'updated': row.source_updated_at,
        'collection_ids': _each([one['id'] for one in _said(row.collections)]),
        'skus': _each(row.skus or []),
        'barcodes': _each(row.barcodes or []),
    }


def _said(value: Any) -> list[Any]:
    """JSON, whether or not the driver has parsed it."""
    return list(json.loads(value) if isinstance(value, str) else value)


def _each(texts: list[str]) -> list[str]:
    return list(dict.fromkeys(found for text in texts if (found := _fold(text))))


def _fold(text: str) -> str:
    return unicodedata.normalize('NFC', unicodedata.normalize('NFD', text).casefold()).strip()


def downgrade() -> None:
    op.drop_index(op.f('ix_product_traits_shop_id'), table_name='product_traits')
    op.drop_table('product_traits')
