"""Who calls: an ``Authorization`` header becomes a caller. The two proofs are checked apart and end in one value."""

from uuid import UUID

from server.clients.errors import Upstream, UpstreamKind
from server.deps import Deps
from server.kit.errors import Unauthenticated, Unavailable
from server.kit.secrets import Secret
from server.queue import Job, JobName
from server.services import access, shops
from server.services.access import TOKEN_PREFIX, Caller, CallerKind
from server.web.id_tokens import BadIdToken, IdToken, verify

_LONGEST_PROOF = 4096


async def caller_of(deps: Deps, authorization: str | None) -> Caller:
    """The caller behind ``Bearer <Shopify ID token | Leafmark API token>``; ``Unauthenticated`` when there is none.

    The first ID token of a shop installs it (Shopify fact sheet 1.7). Used by HTTP and by ``connection_init`` alike.
    """
    scheme, _, proof = (authorization or "").partition(" ")
    proof = proof.strip()
    if scheme.lower() != "bearer" or not proof or len(proof) > _LONGEST_PROOF:
        raise Unauthenticated("Send Authorization: Bearer with a Shopify ID token or a Leafmark API token.")
    if proof.startswith(TOKEN_PREFIX):
        return await _token_caller(deps, Secret(proof))
    return await merchant(deps, proof)


async def _token_caller(deps: Deps, secret: Secret) -> Caller:
    now = deps.clock()
    async with deps.database.read() as session:
        known = await access.caller_of_token(session, secret=secret, now=now)
    if known is None:
        raise Unauthenticated("This API token is unknown or was revoked; create another in the app.")
    if known.use_unnoted:
        async with deps.database.write() as session:
            await access.note_use(session, caller=known.caller, now=now)
    return known.caller


async def merchant(deps: Deps, proof: str) -> Caller:
    """The signed-in merchant behind an ID token; installs the shop at first sight."""
    token = read_id_token(deps, proof)
    async with deps.database.read() as session:
        shop = await shops.installed(session, domain=token.shop)
    shop_id = shop.id if shop is not None else await _install(deps, token, proof)
    return Caller(shop_id, CallerKind.USER, token.user_id, expires_at=token.expires_at)


def read_id_token(deps: Deps, proof: str) -> IdToken:
    """The verified token; during a rotation of the client secret the old one still counts."""
    settings = deps.settings
    previous = settings.shopify_previous_client_secret
    secrets = [settings.shopify_client_secret, *([previous] if previous is not None else [])]
    return verify(proof, client_id=settings.shopify_client_id, secrets=secrets, now=deps.clock())


async def _install(deps: Deps, token: IdToken, proof: str) -> UUID:
    try:
        shop = await shops.install(
            deps.database, deps.vault, deps.shopify, domain=token.shop, id_token=Secret(proof), clock=deps.clock
        )
    except Upstream as error:
        if error.kind is UpstreamKind.NEEDS_AUTHORIZATION:
            raise BadIdToken from None
        raise Unavailable(f"The app could not be installed in this shop: {error.message}") from error
    job_id = f"subscribe:{shop.id}:{int(shop.installed_at.timestamp())}"
    await deps.queue.send([Job(JobName.SUBSCRIBE, job_id, (("shop_id", str(shop.id)),))])
    return shop.id
