"""What a repair makes of one query: a list for every limit and method."""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING

from threadpoolctl import threadpool_limits

from auditkit_mpr.classes.interface import RememberingLimits
from auditkit_mpr.methods.algorithm1 import AlgorithmOne
from auditkit_mpr.methods.interface import Query
from auditkit_mpr.methods.registry import default_for, method_named
from auditkit_mpr.nested.functions import nested
from auditkit_mpr.relaxed.answer import best_of
from auditkit_mpr.relaxed.top import top
from auditkit_mpr.run.asked.limits import Limit, parse_limit, swept
from auditkit_mpr.run.audit import classes_of, draws_of
from auditkit_mpr.run.findings import ListMeasured
from auditkit_mpr.run.shares import worst_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from auditkit import Context
    from auditkit_mpr.classes.interface import FunctionClass, Limits
    from auditkit_mpr.methods.interface import Iteration, Method
    from auditkit_mpr.params import MoprParams
    from auditkit_mpr.relaxed.answer import Answer
    from auditkit_mpr.retrieval.candidates import Candidates
    from auditkit_mpr.retrieval.relevance import Judged
    from auditkit_mpr.run.asked.problem import Problem
    from auditkit_mpr.run.shares import ShareTable
    from auditkit_mpr.sampling.draws import Draws

OWN = "own list"


@dataclass(frozen=True, eq=False, kw_only=True)
class Plan:
    """What is made for every query: the limits that are reported, those only drawn, and the methods."""

    problem: Problem
    limits: Sequence[Limit]
    drawn: Sequence[Limit]
    methods: Sequence[Method]
    one: FunctionClass
    draws: Draws
    seconds: float
    axis: str = "similarity"
    iterations: int = 30

    def label(self, query: str, limit: Limit, method: str) -> str:
        """Return the name of a finding's group: the query, and what tells several rows of it apart."""
        parts = [query]
        parts += [f"rho {limit.text}"] if len(self.limits) > 1 else []
        parts += [method] if len(self.methods) > 1 else []
        return " ".join(parts[:1] + [f"[{part}]" for part in parts[1:]])

    def measured(self, candidates: Candidates, chosen: NDArray[np.int64], shares: ShareTable) -> ListMeasured:
        """Return one list as the class measures it, its shares remembered."""
        worst = shares.add(candidates, chosen)
        return ListMeasured(
            function_class=self.one.name,
            candidates=candidates,
            chosen=chosen,
            found=self.one.measure(candidates, chosen, self.draws),
            worst=worst_of(self.one, candidates, chosen) or worst,
        )


@dataclass(frozen=True, eq=False)
class Made:
    """A list that one method made of one query's candidates under one limit."""

    limit: Limit
    method: str
    answer: Answer
    reported: bool
    judged: Judged | None = None
    seconds: float | None = None
    """Time that the method took for this limit."""
    steps: tuple[Iteration, ...] = ()
    """What algorithm 1, as printed, went through."""


def plan_of(problem: Problem, params: MoprParams, context: Context) -> Plan:
    """Return the plan of these parameters; where no method is named, the class's own."""
    one = classes_of(problem, params.classes, context)[0]
    if params.prefixes:
        one = nested(one, params.prefixes, k=problem.k)
    named = [method_named(name) for name in dict.fromkeys(params.method)]
    return Plan(
        problem=problem,
        limits=[parse_limit(text) for text in dict.fromkeys(params.rho)],
        drawn=swept(params.sweep),
        methods=named or [default_for(one)],
        one=one,
        draws=draws_of(context),
        seconds=params.seconds,
        axis=params.axis,
        iterations=params.iterations,
    )


def _by_method(query: Query, limit: Limit, rho: float, plan: Plan) -> list[Made]:
    """Return every method's list under one limit, in the plan's order.

    Methods that prove their own bound come first, and the others once a bound is known, so that no method's time is
    that of another.
    """
    found: dict[str, Made] = {}
    own = [method for method in plan.methods if method.certifies]
    judged = [method for method in plan.methods if not method.certifies]
    for methods in (own, judged):
        if methods is judged and judged:
            query.limits.judge(top(query.similarities, query.k), rho, "topk")
        for method in methods:
            started = perf_counter()
            answer = method.answer(query, rho)
            found[method.name] = Made(
                limit,
                method.name,
                answer,
                limit in plan.limits,
                seconds=perf_counter() - started,
                steps=query.iterated.get(rho, ()) if method.name == AlgorithmOne.name else (),
            )
    return [found[method.name] for method in plan.methods]


def lists_made(candidates: Candidates, start: NDArray[np.int64], plan: Plan) -> list[Made]:
    """Return the list of every limit and method, and of every limit the user's own as it is, if there is one."""
    problem, groups = plan.problem, plan.problem.statistics.groups
    made: list[Made] = []
    # Small matrices: threads of the linear algebra wait for each other ten times longer than they work.
    with threadpool_limits(limits=1):
        limits = plan.one.limits(candidates, k=problem.k)
        query = Query(
            limits=limits,
            similarities=candidates.similarities,
            k=problem.k,
            seconds=plan.seconds,
            iterations=plan.iterations,
            codes=candidates.codes,
            labels=tuple(group.labels for group in groups),
            vector=candidates.vector,
            item_vectors=lambda: problem.asked.scorer.vectors(candidates.items),
        )
        top_mpr = limits.mpr(top(candidates.similarities, problem.k))
        for limit in (*plan.limits, *plan.drawn):
            rho = limit.value(top_mpr)
            made += _by_method(query, limit, rho, plan)
            if candidates.query in problem.lists:
                made.append(Made(limit, OWN, limits.judge(start, rho, OWN), reported=False))
        made = settled(made, limits, [method.name for method in plan.methods if method.certifies])
    if problem.relevance is None:
        return made
    return [replace(one, judged=problem.judged(candidates, one.answer.chosen)) for one in made]


def settled(made: Sequence[Made], limits: Limits, proving: Collection[str]) -> list[Made]:
    """Return the lists once all limits are answered: the better list of another limit replaces a method's own.

    So no list that a method made is passed over, whatever the order of the limits. Methods that are not `proving`, for
    they know no limit or are kept as printed, keep theirs.
    """
    if isinstance(limits, RememberingLimits):
        made = [replace(one, answer=limits.again(one.answer)) for one in made]
    return [
        replace(
            one, answer=best_of(one.answer, [other.answer for other in made if other.method == one.method])
        )
        if one.method in proving
        else one
        for one in made
    ]
