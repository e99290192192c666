"""Constants fitted by ``benchmarks/recommend_tune.py``; the last two are set by hand, no data at hand holds such cases."""

from server.domain.recommender.blending import Blend

SAME_TITLE = 20.0  # the merchant has decided this very title: nothing outweighs it
SOURCE_CATEGORY = 6.0  # one confirmed product of the same source category decides unless words say otherwise

WITHOUT_MODEL = Blend(
    weights=(
        0.321,  # overlap
        3.436,  # overlap_share
        2.362,  # coverage
        -0.273,  # whole_name
        -0.399,  # head
        1.203,  # covered_head
        0.969,  # told
        0.404,  # told_share
        1.852,  # department_words
        -0.972,  # branch_words
        -0.299,  # name_length
        6.121,  # path_coverage
        0.474,  # parent_coverage
        0.129,  # parent_head
        1.606,  # above_coverage
        0.176,  # covered_head_anywhere
        -0.118,  # head_above_only
        -1.072,  # unsaid_narrowing
        2.244,  # habit
        0.830,  # habit_known
        3.728,  # habit_lead
        0.440,  # department_habit
        0.301,  # branch_habit
        4.012,  # confirmed_often
        -1.523,  # habit_positive
        -0.733,  # habit_of_best
        -2.319,  # habit_and_coverage
        0.218,  # head_against_habit
    ),
    curve=(-0.300, -0.160, 0.517, -0.213, -0.208, 1.373, 1.577, 0.902),
)
