# ruff: noqa: T201  (the table is printed)
import numpy as np
import pytest
from scipy import stats

from auditkit.measures import moments
from auditkit.measures.closed_forms.means import mean_interval
from auditkit.measures.losses.heavy_tail import tails
from auditkit.measures.losses.two_valued import two_values


def one_group(values, weights=None):
    return tails(np.zeros(len(values), dtype=np.int64), values, n_groups=1, weights=weights)


def test_the_skewness_of_a_mean_is_that_of_its_rows_over_the_root_of_their_number():
    values = np.random.default_rng(0).exponential(size=500)
    assert one_group(values).mean_skewness[0] == pytest.approx(stats.skew(values) / np.sqrt(500))


def test_the_top_share_is_what_the_largest_1_percent_of_rows_hold():
    values = np.concatenate([np.ones(297), [103.0, 200.0, 400.0]])
    assert one_group(values).top_share[0] == pytest.approx(703 / 1000)
    assert one_group(-values).top_share[0] == pytest.approx(703 / 1000)


def test_a_small_group_is_judged_by_the_tail_of_all_rows_too():
    rng = np.random.default_rng(0)
    values, codes = (
        np.concatenate([np.linspace(0, 1, 40), rng.lognormal(size=1960)]),
        np.repeat([0, 1], [40, 1960]),
    )
    found = tails(codes, values, n_groups=2)
    assert found.heavy_mean.tolist() == [True, False]
    assert found.heavy_gap.tolist() == [True, True]
    assert found.mean_skewness[0] == pytest.approx(stats.skew(values) / np.sqrt(40))
    assert found.gap_skewness[1] == pytest.approx(
        max(stats.skew(values), stats.skew(values[40:])) / np.sqrt(40)
    )


def test_equal_weights_are_none_and_a_scale_changes_nothing():
    values = np.random.default_rng(0).exponential(size=400)
    plain = one_group(values)
    for other in (
        one_group(values, np.full(400, 3.0)),
        one_group(1e120 * values),
        one_group(1e-120 * values),
    ):
        assert other.mean_skewness == pytest.approx(plain.mean_skewness)
        assert other.top_share == pytest.approx(plain.top_share)


def test_rows_without_a_group_or_a_value_are_left_out_and_constant_losses_have_no_tail():
    codes, values = np.array([0, 0, -1, 0, 1, 1]), np.array([1.0, 1.0, 50.0, np.nan, 1.0, 1.0])
    found = tails(codes, values, n_groups=2)
    assert found.mean_skewness.tolist() == [0.0, 0.0]
    assert not found.heavy_gap.any()


@pytest.mark.parametrize(
    ("values", "expected"),
    [([0, -1, 0], (-1.0, 0.0)), ([2, 5], (2.0, 5.0)), ([1, 1], None), ([0, 1, 2], None), ([], None)],
)
def test_a_loss_of_two_values_is_found(values, expected):
    assert two_values(np.array(values, dtype=float)) == expected


LOSSES = {
    "|normal|": (lambda rng, n: np.abs(rng.normal(size=n)), np.sqrt(2 / np.pi)),
    "normal²": (lambda rng, n: rng.normal(size=n) ** 2, 1.0),
    "Laplace²": (lambda rng, n: rng.laplace(size=n) ** 2, 2.0),
    "|t3|": (lambda rng, n: np.abs(rng.standard_t(3, n)), 2 * np.sqrt(3) / np.pi),
    "t3²": (lambda rng, n: rng.standard_t(3, n) ** 2, 3.0),
    "lognormal": (lambda rng, n: rng.lognormal(size=n), np.exp(0.5)),
    "lognormal²": (lambda rng, n: rng.lognormal(size=n) ** 2, np.exp(2.0)),
}


@pytest.mark.slow
@pytest.mark.parametrize("n", [40, 300, 1000, 5000])
def test_what_is_shown_of_a_mean_is_rarely_wrong_and_without_the_rule_often(n):
    print(f"\n{n} rows: share shown, shown and wrong on one side, wrong if all were shown")
    for name, (draw, truth) in LOSSES.items():
        rng, codes = np.random.default_rng(0), np.zeros(n, dtype=np.int64)
        shown, wrong = [], []
        for _ in range(300):
            values = draw(rng, n)
            own = moments(codes, values, n_groups=1)
            low, high, _ = mean_interval(own.mean, own.error, own.degrees)
            shown.append(not tails(codes, values, n_groups=1).heavy_mean[0])
            wrong.append([low[0] > truth, high[0] < truth])
        one_side = np.mean(np.array(wrong) & np.array(shown)[:, None], axis=0).max()
        print(f"  {name:10s} {np.mean(shown):.2f}  {one_side:.3f}  {np.mean(wrong, axis=0).max():.3f}")
        assert one_side <= 0.075
        if name in {"t3²", "lognormal²"}:
            assert np.mean(shown) <= 0.2
        if name == "|normal|":
            assert np.mean(shown) >= (0.75 if n == 40 else 0.99)
