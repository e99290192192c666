"""SQLModel rows and nothing else; importing this room registers them all."""

from server.tables.access import ApiToken
from server.tables.brands import LeafBrand
from server.tables.categories import Category, CategoryChange, CategoryTree, LeafFacts, VersionAnswer
from server.tables.decisions import Decision, DecisionFrame
from server.tables.files import FileRemoval, StoredFile, TikTokFile
from server.tables.history import ListingChange
from server.tables.images import LocalImage, ProductImage, TikTokImage
from server.tables.leases import Lease
from server.tables.listings import Intent, Listing
from server.tables.mappings import CategoryMapping
from server.tables.overrides import ProductOverride
from server.tables.problems import ProblemDismissal
from server.tables.products import Product, Variant
from server.tables.quota import ListingQuota
from server.tables.recommendations import ConfirmedChoice, LeafVector, Recommendation
from server.tables.remote_products import LinkProposal, RemoteKey, RemoteProduct, RemoteShelf
from server.tables.shops import OAuthState, Shop, TikTokAuthorization, TikTokShop
from server.tables.tasks import Task, TaskChunk, TaskEvent, TaskItem
from server.tables.templates import CategoryTemplate, TemplateAssignment, TemplateBlock, TemplateRevision
from server.tables.traits import ProductTraits
from server.tables.webhooks import WebhookDelivery, WebhookSource

__all__ = [
    "ApiToken",
    "Category",
    "CategoryChange",
    "CategoryMapping",
    "CategoryTemplate",
    "CategoryTree",
    "ConfirmedChoice",
    "Decision",
    "DecisionFrame",
    "FileRemoval",
    "Intent",
    "LeafBrand",
    "LeafFacts",
    "LeafVector",
    "Lease",
    "LinkProposal",
    "Listing",
    "ListingChange",
    "ListingQuota",
    "LocalImage",
    "OAuthState",
    "ProblemDismissal",
    "Product",
    "ProductImage",
    "ProductOverride",
    "ProductTraits",
    "Recommendation",
    "RemoteKey",
    "RemoteProduct",
    "RemoteShelf",
    "Shop",
    "StoredFile",
    "Task",
    "TaskChunk",
    "TaskEvent",
    "TaskItem",
    "TemplateAssignment",
    "TemplateBlock",
    "TemplateRevision",
    "TikTokAuthorization",
    "TikTokFile",
    "TikTokImage",
    "TikTokShop",
    "Variant",
    "VersionAnswer",
    "WebhookDelivery",
    "WebhookSource",
]
