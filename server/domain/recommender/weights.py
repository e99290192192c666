"""Constants fitted by ``benchmarks/recommend_tune.py``; the first two are set by hand for want of such data."""

from server.domain.recommender.blending import Blend

SAME_TITLE = 20.0  # the merchant has decided this very title: nothing outweighs it
SOURCE_CATEGORY = 6.0  # one confirmed product of the same source category decides unless words say otherwise

WITHOUT_MODEL = Blend(
    weights=(
        0.725,  # overlap
        1.852,  # overlap_share
        2.361,  # coverage
        -0.472,  # whole_name
        0.140,  # head
        1.337,  # covered_head
        -0.213,  # told
        0.552,  # told_share
        2.585,  # department_words
        -0.532,  # branch_words
        -0.382,  # name_length
        8.647,  # path_coverage
        0.532,  # parent_coverage
        0.345,  # parent_head
        1.559,  # above_coverage
        -0.618,  # covered_head_anywhere
        0.495,  # head_above_only
        -0.986,  # unsaid_narrowing
        2.085,  # habit
        0.937,  # habit_known
        3.832,  # habit_lead
        0.395,  # department_habit
        0.238,  # branch_habit
        3.810,  # confirmed_often
        -1.385,  # habit_positive
        -0.804,  # habit_of_best
        -1.085,  # habit_and_coverage
        0.162,  # head_against_habit
    ),
    curve=(-0.705, -0.194, 0.607, -0.302, -0.047, 1.618, 1.465, 1.167),
)

WITH_MODEL = Blend(
    weights=(
        0.915,  # overlap
        0.678,  # overlap_share
        1.602,  # coverage
        -1.231,  # whole_name
        0.199,  # head
        2.093,  # covered_head
        0.601,  # told
        -0.357,  # told_share
        1.173,  # department_words
        -0.246,  # branch_words
        -0.772,  # name_length
        6.152,  # path_coverage
        0.028,  # parent_coverage
        0.723,  # parent_head
        1.787,  # above_coverage
        -0.641,  # covered_head_anywhere
        0.623,  # head_above_only
        -0.900,  # unsaid_narrowing
        1.688,  # habit
        -0.516,  # habit_known
        2.547,  # habit_lead
        0.035,  # department_habit
        0.030,  # branch_habit
        0.469,  # confirmed_often
        -1.549,  # habit_positive
        -0.198,  # habit_of_best
        -1.912,  # habit_and_coverage
        -0.638,  # head_against_habit
        4.306,  # meaning
        1.790,  # meaning_of_name
        4.133,  # meaning_lag
        5.381,  # likeness
        3.166,  # likeness_mean
        2.394,  # likeness_lag
        1.126,  # likeness_of_best
    ),
    curve=(0.255, 0.203, 0.257, -0.130, -0.167, 1.118, 1.270, 0.604),
)
