"""The steps `ll144` and `four-fifths`: light, so that every start of the program can read them."""

from __future__ import annotations

from auditkit import Audit, Context, Finding, Subject
from auditkit_rates.selection.metrics import EXACT_P, IMPACT_RATIO, SCORING_RATE, SELECTION_RATE
from auditkit_rates.selection.params import FourFifthsParams, LL144Params


class LL144(Audit[LL144Params]):
    """The table of New York City's Local Law 144."""

    name = "ll144"
    title = "Impact ratios as New York City's Local Law 144 defines them"
    method = (
        "The selection rate of each category, or, of a score, the share that scores above the median of all assessed "
        "(equal is not above), divided by the highest rate of a category: by sex, by race or ethnicity, and by both. "
        "Categories below 2 % of all assessed have a rate, but no ratio, which the rule allows; persons of an unknown "
        "category count among the assessed and are told. Rates have the wider of a Wilson score and an exact interval; "
        "ratios Fieller's, read so that they hold although the highest rate was picked from those seen. A "
        "highest category that is small is told, with a second ratio. These are calculations, not opinions."
    )
    Params = LL144Params
    metrics = (SELECTION_RATE, SCORING_RATE, IMPACT_RATIO)
    quick = True
    tabulates = True

    def check(self, subject: Subject, params: LL144Params) -> None:
        """Raise unless there are a decision or a score, and an attribute for sex or race."""
        from auditkit_rates.selection.chosen import check_selection
        from auditkit_rates.selection.ll144 import roles_of

        check_selection(subject, self.name)
        roles_of(subject.groupings, params)

    def run(self, subject: Subject, params: LL144Params, context: Context) -> tuple[Finding, ...]:
        """Return rates and ratios, and show the tables."""
        from auditkit_rates.selection.ll144 import ll144

        return ll144(subject, params, context)


class FourFifths(Audit[FourFifthsParams]):
    """The four-fifths comparison of selection rates."""

    name = "four-fifths"
    title = "Selection rates beside four fifths of the highest one"
    method = (
        "The selection rate of each group divided by the highest one of its attribute, with Fieller's interval, read "
        "so that it holds although the highest rate was picked from those seen; Fisher's exact test of the group and "
        "the highest one, two-sided, Holm's correction among the groups of an attribute. A ratio below four fifths is "
        "of practical significance by the Uniform Guidelines on Employee Selection Procedures, a small p-value of "
        "statistical significance; the guidelines look at both. These are calculations, not opinions."
    )
    Params = FourFifthsParams
    metrics = (SELECTION_RATE, IMPACT_RATIO, EXACT_P)
    quick = True
    tabulates = True

    def check(self, subject: Subject, params: FourFifthsParams) -> None:  # noqa: ARG002  one signature for all
        """Raise unless there are decisions and groups."""
        from auditkit import DataError
        from auditkit_rates.selection.chosen import check_selection

        check_selection(subject, self.name)
        if subject.pred is None:
            message = (
                "four-fifths needs decisions: name them with --outcome COLUMN, or cut the score with --cut"
            )
            raise DataError(message)

    def run(self, subject: Subject, params: FourFifthsParams, context: Context) -> tuple[Finding, ...]:
        """Return rates, ratios and p-values, and show a table for each attribute."""
        from auditkit_rates.selection.four_fifths import four_fifths

        return four_fifths(subject, params, context)
