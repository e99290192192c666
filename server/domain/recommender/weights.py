"""Constants fitted by ``benchmarks/recommend_tune.py``; the last two are set by hand, no data at hand holds such cases."""

from server.domain.recommender.blending import Blend

SAME_TITLE = 20.0  # the merchant has decided this very title: nothing outweighs it
SOURCE_CATEGORY = 6.0  # one confirmed product of the same source category decides unless words say otherwise

WITHOUT_MODEL = Blend(
    weights=(0.0,) * 27,
    curve=(0.0, 1.0, 0.0, 0.0),
)
