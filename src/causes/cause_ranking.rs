//! Ranks the root causes of a repository for the first screen, each with what mending it and all before it gains.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::cause_gathering::gather_causes;
use super::cause_subjects::SubjectFinder;
use super::restricted_path::{RestrictedPath, find_restricted_path};
use super::{FindingWeights, RootCause};
use crate::audit::{AuditEngine, FactorCounts, FileStatus, ListedFinding, PodSecurity, ScoreSheet};
use crate::finding::{FindingKey, Severity};
use crate::rules::RuleDecision;

/// The cases of one kind that stand by themselves; the rest stands in one row.
const HEAVIEST_CASES: usize = 3;

/// What stands in one row: a cause, or the rest of a kind of case.
#[derive(Clone, Debug)]
pub struct CauseRow {
    /// The causes, the worst first: one, unless it is a rest.
    pub causes: Vec<RootCause>,
    /// The score once this row and all above it are mended; none where the score knows nothing of it.
    pub score_then: Option<u8>,
}

impl CauseRow {
    /// True where it holds what is left of a kind of case.
    #[must_use]
    pub const fn is_rest(&self) -> bool {
        self.causes.len() > 1
    }

    #[must_use]
    pub fn severity(&self) -> Severity {
        self.causes.iter().map(|cause| cause.severity).max().unwrap_or(Severity::Info)
    }

    /// A rest weighs what its heaviest cause does, so that it stands behind those that stand by themselves.
    fn weight(&self) -> u32 {
        self.causes.iter().map(|cause| cause.weight).max().unwrap_or_default()
    }

    /// The keys of its findings.
    pub fn keys(&self) -> impl Iterator<Item = &FindingKey> {
        self.causes.iter().flat_map(RootCause::keys)
    }
}

/// What matters first in a repository, with the figures around it.
#[derive(Clone, Debug, Default)]
pub struct CauseRanking {
    /// By severity, then by weight.
    pub rows: Vec<CauseRow>,
    /// The number of findings in the rows.
    pub finding_count: usize,
    /// The number of open findings that are left out: those of severity info, unless they were asked for.
    pub hidden_count: usize,
    pub score: Option<u8>,
    pub score_factors: FactorCounts,
    /// The score on paper, from which more findings can be taken.
    pub sheet: Arc<ScoreSheet>,
    /// What each finding in the rows weighs, for other orders of them.
    pub weights: FindingWeights,
    /// The numbers of workloads by the strictest Pod Security Standard that they meet.
    pub levels: BTreeMap<PodSecurity, usize>,
    /// The number of workloads of different kind and name: what is there more than once counts once.
    pub distinct_workloads: usize,
    /// What brings the most workloads to the restricted level.
    pub restricted_path: Option<RestrictedPath>,
    /// The numbers of files that were read whole, and of all.
    pub files_read: (usize, usize),
}

impl CauseRanking {
    /// The number of causes in all rows.
    #[must_use]
    pub fn cause_count(&self) -> usize {
        self.rows.iter().map(|row| row.causes.len()).sum()
    }
}

/// Ranks what is open in an audited repository.
#[must_use]
pub fn rank_causes(engine: &AuditEngine, with_info: bool) -> CauseRanking {
    let update = engine.full_update();
    let listed = update.findings.values().flat_map(|list| list.iter());
    let open: Vec<Arc<ListedFinding>> = listed.filter(|listed| listed.is_open()).cloned().collect();
    let is_shown = |listed: &ListedFinding| with_info || listed.severity > Severity::Info;
    let shown: Vec<Arc<ListedFinding>> = open.iter().filter(|listed| is_shown(listed)).cloned().collect();
    let sheet = ScoreSheet::of_engine(engine);
    let finder = SubjectFinder::new(engine, &shown);
    let mut rows = rank_rows(gather_causes(&finder, &shown));
    climb_ladder(&mut rows, sheet.clone());
    let mut levels = BTreeMap::new();
    let workloads = update.workloads.values().flatten();
    workloads.filter_map(|one| one.pod_security).for_each(|level| *levels.entry(level).or_default() += 1);
    let judged = update.workloads.values().flatten().filter(|one| one.pod_security.is_some());
    let names: BTreeSet<&str> = judged.map(|one| &*one.object).collect();
    let audited = update.files.iter().filter(|file| file.status == FileStatus::Audited).count();
    CauseRanking {
        restricted_path: find_restricted_path(engine, &rows, &open, update.workloads.values().flatten()),
        rows,
        finding_count: shown.len(),
        hidden_count: open.len() - shown.len(),
        score: engine.score(),
        score_factors: engine.score_factors(),
        sheet: Arc::new(sheet),
        weights: FindingWeights::of_findings(&finder, &shown),
        levels,
        distinct_workloads: names.len(),
        files_read: (audited, update.files.len()),
    }
}

/// Puts causes in order, and what is left of each kind of case in one row.
fn rank_rows(mut causes: Vec<RootCause>) -> Vec<CauseRow> {
    causes.sort_by_cached_key(|cause| (Reverse((cause.severity, cause.weight)), cause.id.clone()));
    let is_case = |cause: &RootCause| cause.id.about.is_some();
    let mut counts: BTreeMap<RuleDecision, usize> = BTreeMap::new();
    causes.iter().filter(|cause| is_case(cause)).for_each(|cause| {
        *counts.entry(cause.id.decision).or_default() += 1;
    });
    let mut rows: Vec<CauseRow> = Vec::new();
    let mut rests: BTreeMap<RuleDecision, Vec<RootCause>> = BTreeMap::new();
    let mut taken: BTreeMap<RuleDecision, usize> = BTreeMap::new();
    for cause in causes {
        let decision = cause.id.decision;
        let stands_alone = !is_case(&cause) || {
            let before = taken.entry(decision).or_default();
            *before += 1;
            *before <= HEAVIEST_CASES || counts.get(&decision).is_none_or(|all| *all <= HEAVIEST_CASES + 1)
        };
        if stands_alone {
            rows.push(CauseRow { causes: vec![cause], score_then: None });
        } else {
            rests.entry(decision).or_default().push(cause);
        }
    }
    rows.extend(rests.into_values().map(|causes| CauseRow { causes, score_then: None }));
    rows.sort_by_key(|row| Reverse((row.severity(), row.weight())));
    rows
}

/// Gives each row the score once it and all above it are mended.
fn climb_ladder(rows: &mut [CauseRow], mut sheet: ScoreSheet) {
    for row in rows {
        let is_known = sheet.mend(row.keys());
        row.score_then = is_known.then(|| sheet.score()).flatten();
    }
}
