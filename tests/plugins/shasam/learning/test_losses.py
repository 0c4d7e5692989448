import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from plugins.shasam.oracle import A, N, P, conditional_mutual, determinant, facility, seeded_unit_rows

from auditkit import UsageError
from auditkit_shasam.learning import (
    COLLAPSED,
    Adversary,
    FLCMILoss,
    FSCLLoss,
    JointLoss,
    LogDetCMILoss,
    SupConLoss,
    mean_cosine,
    reverse_gradient,
)
from auditkit_shasam.submodular import cosine_kernel

torch.set_num_threads(1)


def sets(seed=0, sizes=(4, 5, 6), d=8):
    r = np.random.default_rng(seed)
    return tuple(torch.tensor(r.normal(size=(size, d)), requires_grad=True) for size in sizes)


def seeded_sets():
    rows = seeded_unit_rows()
    return tuple(torch.tensor(rows[list(items)]) for items in (A, P, N))


def as_kernel(three):
    rows = torch.cat(three).detach().numpy()
    ends = np.cumsum([len(one) for one in three])
    index = tuple(tuple(range(end - len(one), end)) for end, one in zip(ends, three, strict=True))
    return cosine_kernel(rows, policy="raw"), index


@given(seed=st.integers(0, 10**6))
@settings(max_examples=30, deadline=None)
def test_literal_losses_are_the_four_term_definitions(seed):
    three = sets(seed)
    kernel, (a, p, n) = as_kernel(three)
    by_facility = conditional_mutual(lambda s: facility(kernel, s), a, n, p) / 12
    assert FLCMILoss("literal")(*three).item() == pytest.approx(by_facility, abs=1e-9)
    by_determinant = conditional_mutual(lambda s: determinant(kernel, s, 0.1), a, n, p) / 12
    assert LogDetCMILoss(ridge=0.1)(*three).item() == pytest.approx(by_determinant, abs=1e-9)


def test_the_log_determinant_loss_of_the_seeded_rows_is_that_of_the_method_page():
    assert 12 * LogDetCMILoss()(*seeded_sets()).item() == pytest.approx(2.5811683631, abs=1e-9)


@pytest.mark.parametrize("loss", [FLCMILoss("literal"), FLCMILoss("smooth"), LogDetCMILoss()])
def test_gradients_flow_to_all_three_sets_and_are_right(loss):
    three = sets(4)
    assert torch.autograd.gradcheck(loss, three)
    loss(*three).backward()
    assert all(one.grad.abs().max() > 0 for one in three)


def test_smooth_flcmi_is_its_definition_by_loops():
    three, t = sets(2, sizes=(2, 3, 2), d=4), 0.3
    kernel, index = as_kernel(three)
    total = 0.0
    for v in range(7):
        soft = []
        for items in index:
            others = [i for i in items if i != v]
            soft.append(t * math.log(sum(math.exp(kernel[v][i] / t) for i in others) / len(others)))
        total += t * math.log1p(math.exp((min(soft[0], soft[2]) - soft[1]) / t))
    assert FLCMILoss("smooth", temperature=t)(*three).item() == pytest.approx(total / 6)


def test_the_literal_loss_is_0_without_a_gradient_when_features_collapse_and_the_smooth_one_is_not():
    same = [torch.ones(4, 3, dtype=torch.float64, requires_grad=True) for _ in range(3)]
    assert FLCMILoss("literal")(*same).item() == 0
    assert FLCMILoss("smooth")(*same).item() > 0.06
    assert mean_cosine(torch.cat(same)) > COLLAPSED


def test_separating_anchors_from_negatives_lowers_every_loss():
    near = torch.tensor([[1.0, 0.1, 0.0], [1.0, -0.1, 0.1]], dtype=torch.float64)
    mixed = (near, near.flip(0) + torch.tensor([0.0, 2.0, 0.0]), near + 0.05)
    apart = (near, near + 0.05, near + torch.tensor([0.0, 9.0, 0.0]))
    for loss in (FLCMILoss("literal"), FLCMILoss("smooth"), LogDetCMILoss()):
        assert loss(*apart) < loss(*mixed)


def test_two_views_of_one_item_and_more_rows_than_dimensions_have_a_finite_log_determinant_loss():
    rows = torch.randn(16, 2, generator=torch.Generator().manual_seed(0)).repeat(2, 1).requires_grad_()
    loss = LogDetCMILoss()(rows, rows.flip(0), rows * 2)
    loss.backward()
    assert loss.dtype == torch.float32
    assert torch.isfinite(loss)
    assert torch.isfinite(rows.grad).all()


def test_impossible_settings_are_refused():
    with pytest.raises(UsageError, match="two rows in every set"):
        FLCMILoss()(*sets(sizes=(1, 2, 2)))
    with pytest.raises(UsageError, match="temperature above 0"):
        FLCMILoss(temperature=0)
    with pytest.raises(UsageError, match="ridge above 0"):
        LogDetCMILoss(ridge=0)


def labelled(seed=0, n=14, d=5):
    r = np.random.default_rng(seed)
    features = torch.tensor(r.normal(size=(n, d)), requires_grad=True)
    return features, torch.tensor(r.integers(3, size=n)), torch.tensor(r.integers(2, size=n))


@given(seed=st.integers(0, 10**6))
@settings(max_examples=20, deadline=None)
def test_supcon_is_its_definition_by_loops(seed):
    features, target, _ = labelled(seed)
    kernel = cosine_kernel(features.detach().numpy(), policy="raw") / 0.7
    rows = []
    for i in range(len(target)):
        positives = [p for p in range(len(target)) if p != i and target[p] == target[i]]
        if positives:
            total = sum(math.exp(kernel[i][a]) for a in range(len(target)) if a != i)
            rows.append(-sum(math.log(math.exp(kernel[i][p]) / total) for p in positives) / len(positives))
    assert SupConLoss()(features, target).item() == pytest.approx(np.mean(rows))


@given(seed=st.integers(0, 10**6), normalised=st.booleans())
@settings(max_examples=20, deadline=None)
def test_fscl_is_its_definition_by_loops(seed, normalised):
    features, target, sensitive = labelled(seed)
    kernel = cosine_kernel(features.detach().numpy(), policy="raw") / 0.7
    everyone, by_cell = range(len(target)), {}
    for i in everyone:
        positives = [p for p in everyone if p != i and target[p] == target[i]]
        negatives = [q for q in everyone if target[q] != target[i] and sensitive[q] == sensitive[i]]
        if not positives or not negatives:
            continue
        repelled = sum(math.exp(kernel[i][q]) for q in negatives)
        of = {p: -math.log(math.exp(kernel[i][p]) / (math.exp(kernel[i][p]) + repelled)) for p in positives}
        groups = [[of[p] for p in positives if sensitive[p] == g] for g in (0, 1)]
        mean = np.mean([np.mean(g) for g in groups if g]) if normalised else np.mean(list(of.values()))
        by_cell.setdefault((int(target[i]), int(sensitive[i])), []).append(mean)
    cells = list(by_cell.values())
    expected = np.mean([np.mean(c) for c in cells]) if normalised else np.mean([x for c in cells for x in c])
    found = FSCLLoss(group_normalised=normalised)(features, target, sensitive).item()
    assert found == pytest.approx(expected if cells else 0)


def test_contrastive_gradients_are_right_and_finite_without_any_pair():
    features, target, sensitive = labelled(1, n=8)
    assert torch.autograd.gradcheck(lambda x: SupConLoss()(x, target), features)
    assert torch.autograd.gradcheck(lambda x: FSCLLoss()(x, target, sensitive), features)
    alone = torch.arange(8)
    for loss in (SupConLoss()(features, alone), FSCLLoss()(features, alone, alone)):
        assert loss.item() == 0
        loss.backward()
    assert torch.isfinite(features.grad).all()


def test_the_reversed_gradient_is_the_gradient_times_minus_the_strength():
    features, _, sensitive = labelled(3)
    plain = Adversary(5, 2, strength=1.0).double()
    loss = plain(features, sensitive)
    (reversed_,) = torch.autograd.grad(loss, features)
    direct = torch.nn.functional.cross_entropy(plain.head(features), sensitive)
    assert loss.item() == pytest.approx(direct.item())
    torch.testing.assert_close(reversed_, -torch.autograd.grad(direct, features)[0])
    (half,) = torch.autograd.grad(reverse_gradient(features, 0.5).sum(), features)
    assert (half == -0.5).all()


def test_a_joint_loss_is_the_sum_of_its_parts():
    three, scores, target = sets(), torch.randn(15, 3, dtype=torch.float64), torch.arange(15) % 3
    found = JointLoss(FLCMILoss(), weight=0.5)(*three, scores=scores, target=target)
    apart = FLCMILoss()(*three) + 0.5 * torch.nn.functional.cross_entropy(scores, target)
    assert found.item() == pytest.approx(apart.item())


def test_mean_cosine_is_the_mean_over_pairs():
    features, _, _ = labelled(5)
    kernel = cosine_kernel(features.detach().numpy(), policy="raw")
    assert mean_cosine(features) == pytest.approx(kernel[~np.eye(14, dtype=bool)].mean())
    assert mean_cosine(features[:1]) == 1.0
