"""What is said of each row of the tables of tiers and rules."""

import numpy as np

from xlclv.analysis.results import Results
from xlclv.rewards.rules.sentence import reads_as
from xlclv.segments.tier_rows import read_tier_rows
from xlclv.segments.tier_sentence import reads_as as tier_reads_as
from xlclv.segments.tiers import Tiers
from xlclv.tables import TIERS
from xlclv.terms import Frame
from xlclv.words import word


def proposed_tiers(tiers: Tiers) -> Frame:
    """Return a tier table of tiers that were proposed, best first."""
    size = tiers.names.size
    frame: Frame = {name: np.full(size, None, dtype=object) for name in TIERS.columns}
    return frame | {
        "tier": tiers.names[::-1],
        "measure": np.full(size, tiers.measure.code, dtype=object),
        "enter_at": tiers.enter_at[::-1],
        "window": np.full(size, tiers.window.code, dtype=object),
        "treatment": tiers.treatments[::-1],
    }


def tier_results(results: Results) -> Frame:
    """Return the sentence and the status of each row of the tier table."""
    given, tiers = results.inputs.tiers, results.tiers
    if given is None:
        best_first = range(tiers.size - 1, -1, -1)  # as proposed tiers are drawn
        sentences = [tier_reads_as(tiers, rank) for rank in best_first]
        statuses = [word("tiers.status.ok")] * tiers.size
    else:
        read = read_tier_rows(given, [row.rule_id for row in results.rules.rows])
        sentences = [row.reads_as for row in read.rows]
        statuses = [row.status for row in read.rows]
    return {
        "reads_as": np.array(sentences, dtype=object),
        "row_status": np.array(statuses, dtype=object),
    }


def rule_results(results: Results) -> Frame:
    """Return the sentence and the status of each row of the rule table."""
    rows = results.rules.rows
    sentences = ["" if row.rule is None else reads_as(row.rule) for row in rows]
    return {
        "reads_as": np.array(sentences, dtype=object),
        "row_status": np.array([row.status for row in rows], dtype=object),
    }
