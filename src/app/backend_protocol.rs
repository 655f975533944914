//! Defines the messages between the screen and the backend: requests one way, answers the other.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::kept_view::KeptView;
use super::pair_page::PairSubject;
use super::query::FixRiskClass;
use super::registry_lookup::{LookupProgress, LookupResult};
use super::trial_dialog::{TrialApp, TrialProgress};
use crate::audit::{AuditUpdate, PinnedImage};
use crate::causes::CauseRanking;
use crate::finding::{FindingKey, FixRisk};
use crate::fix::{CommentPlace, FixPlan, NoPlan, StageOutcome, StagedGroup, UndoScope, UndoStep};
use crate::image::Reference;
use crate::image::registry::DigestStatus;
use crate::pairs::PairSheet;
use crate::repo::{FilePatch, GitError, RelPath, RevisionFiles, WatchMode};
use crate::settings::{SettingsChange, ValueChoice};
use crate::walkthrough::{AppId, Chapter, WalkOverview};

/// The backend: it audits, plans, writes and undoes. It lives on a thread of its own and is given one request at a
/// time, so it needs no locks; a long request may reply as often as it has something to show.
pub trait AppBackend: Send {
    fn handle_request(&mut self, request: BackendRequest, reply: &dyn Fn(BackendMessage));
}

/// A request to the backend, from the screen or the watcher.
#[derive(Clone, Debug, PartialEq)]
pub enum BackendRequest {
    /// Audit everything from nothing. Answered by any number of `ScanProgress` and `AuditUpdated`, then `ScanFinished`.
    /// Every update is applied whole, so files come in batches, not one by one.
    Scan,
    /// Audit everything again: all of it may have changed on disk. Answered as `Scan` is.
    Rescan,
    /// Audit these files again, which changed, came or went on disk. Answered by `AuditUpdated` when their reports
    /// changed.
    PathsChanged(Vec<RelPath>),
    /// Make the fix of these findings, and prove it. Answered by `PlanFinished` with the same generation. Of several
    /// that wait, only the latest is handed on.
    Plan { generation: u64, keys: Vec<FindingKey> },
    /// Plan these findings for a stage, as far as no more than that risk is known of their fixes. Answered by any number of
    /// `StagePlanned`, the last of which says so; by nothing more once a later generation is asked for.
    PlanStage { generation: u64, keys: Vec<FindingKey>, max_risk: FixRisk },
    /// Tell what the repository would come to with these patches. Answered by `StageWeighed`, unless a later generation
    /// is asked for.
    WeighStage { generation: u64, patches: Vec<FilePatch> },
    /// Tell what the fixes of these files' findings may do to their programs. Answered by `RisksAssessed`.
    AssessRisks { paths: Vec<RelPath> },
    /// Rank what is open by root causes. Answered by `CausesRanked`.
    RankCauses { with_info: bool },
    /// Tell which files are others than in a revision of git's, now and whenever that changes. Answered by
    /// `ChangesRead`; the last commit is told without asking.
    CompareRevision { revision: String },
    /// Another commit may be checked out: git is asked again. Answered as `CompareRevision` is, where it says something
    /// new.
    CheckoutMoved,
    /// What git said of a revision, read on a thread of its own; none where it holds what it held before.
    TakeRevision { revision: String, files: Result<Option<Arc<RevisionFiles>>, GitError> },
    /// Find what must agree between a workload and the Dockerfile of its image. Answered by `PairsFound`.
    FindPairs(PairSubject),
    /// Stop planning for older generations. Not answered.
    StopPlanning { generation: u64 },
    /// Write a plan, exactly. Answered by `FixWritten` or `WriteRefused`; in both cases the files are audited again and
    /// an `AuditUpdated` follows.
    Write(FixPlan),
    /// Undo the last write. Answered by `FixUndone`, or `TakeBackUndone` where that took another back, or by `UndoRefused`
    /// or `WriteRefused`; then `AuditUpdated`.
    Undo,
    /// List the writes with what became of them. Answered by `UndoListed`.
    ListUndo,
    /// Take a step back, or one hunk of it, also where its files have moved on. Answered by `FixUndone` or
    /// `StepTakenBack`, or by `WriteRefused`, then `AuditUpdated`.
    TakeBack(UndoScope),
    /// Redo the write that was undone last. Answered by `FixRedone`, or `StepTakenBack` where that took another back, or by
    /// `WriteRefused`; then `AuditUpdated`.
    Redo,
    /// Write the comment that suppresses a finding, with the reason, if it is still the line that was shown. Answered like
    /// `Write`.
    Suppress { key: FindingKey, reason: String, shown: CommentPlace },
    /// Tell where a comment could suppress a finding. Answered by `ExceptionPlaced`, or by `ExceptionRefused` where none
    /// can.
    CheckException { key: FindingKey },
    /// Tell the state of the walk of an app, or with none the apps there are. Answered by `WalkUpdated`.
    Walk(Option<AppId>),
    /// Keep the reason for skipping a chapter; without one, forget it. Answered by `WalkUpdated`.
    SkipChapter { id: AppId, chapter: Chapter, reason: Option<String> },
    /// Save the results of an app's walk as a file in the current folder: a new one, or `again` the one that the same walk
    /// was saved as. Answered by `Notice` or `WriteRefused`.
    SaveResults { id: AppId, text: String, again: bool },
    /// Put these values in the place of those that fixes would write. Not answered: the sender asks for its plan again.
    SetValues { id: u64, choices: Vec<ValueChoice> },
    /// Take back all that was set under that number. Not answered.
    RestoreValues { id: u64 },
    /// Forget what was set in the place of these values, which the settings will have. Not answered.
    ForgetValues { choices: Vec<ValueChoice> },
    /// Make the change that keeps what a person chose in the repository's settings. Answered like `Plan`.
    PlanSettings { generation: u64, change: SettingsChange },
    /// Ask the registries of these images, beside all other work. Answered by any number of `LookupProgress`, then
    /// `LookupFinished` with the same id; by nothing more once it is stopped. The answers count for every plan from
    /// then on.
    LookUpImages { id: u64, images: Vec<Reference>, mode: LookupMode },
    /// List the images that are pinned by a digest. Answered by `PinsListed`; no registry is asked.
    ListPins { id: u64 },
    /// Ask registries for the state of these pinned images, as `LookUpImages` does. Answered by `LookupProgress`, then
    /// `PinCheckFinished`.
    CheckPins { id: u64, images: Vec<Reference> },
    /// Make the fix that replaces the digests of the references by these. Answered like `Plan`.
    Repin { generation: u64, digests: Vec<(Reference, String)> },
    /// Stop the lookup at registries.
    StopLookup,
    /// Choose this one of the tags that have an image's digest; none to keep its own.
    PreferTag { image: Reference, tag: Option<String> },
    /// Tell what a trial of an app would run; nothing is run. Answered by `TrialLines`.
    PreviewTrial { id: u64, app: TrialApp, has_network: bool },
    /// Try an app in a container engine, beside all other work. Answered by any number of `TrialLines`; by nothing more
    /// once it is stopped.
    RunTrial { id: u64, app: TrialApp, has_network: bool },
    /// Stop the trial, and remove what it made.
    StopTrial,
    /// Weigh fixes by what trials saw, from now on. Not answered.
    ApplyTrials,
    /// Keep how the repository is shown for the next time. Not answered.
    KeepView(Box<KeptView>),
    /// Stop following changes on disk, or go on and catch up. Answered by `WatchChanged`.
    Pause(bool),
}

impl BackendRequest {
    /// The generation of a plan, or of a request for none. Those before it are of no more use.
    #[must_use]
    pub const fn generation(&self) -> Option<u64> {
        match self {
            Self::Plan { generation, .. }
            | Self::PlanStage { generation, .. }
            | Self::WeighStage { generation, .. }
            | Self::StopPlanning { generation }
            | Self::PlanSettings { generation, .. }
            | Self::Repin { generation, .. } => Some(*generation),
            _ => None,
        }
    }
}

/// The hosts that may be asked about images.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookupMode {
    /// No host: only recent answers count. An image without one is missing in the answer.
    CachedOnly,
    /// The registries of images without a recent answer.
    AskUnknown,
    /// The registries of all images.
    AskAll,
}

/// A message of the backend or the watcher to the screen.
#[derive(Clone, Debug)]
pub enum BackendMessage {
    /// The numbers of files read and to read.
    ScanProgress {
        done: usize,
        total: usize,
    },
    /// The changes of an audit. During a scan there may be several.
    AuditUpdated(AuditUpdate),
    /// How the repository was shown the last time.
    ViewRestored(Box<KeptView>),
    /// The scan that `Scan` asked for is finished.
    ScanFinished,
    PlanFinished {
        generation: u64,
        plan: Result<FixPlan, NoPlan>,
    },
    /// Groups of a stage's fixes, and the number of findings planned so far.
    StagePlanned {
        generation: u64,
        groups: Vec<StagedGroup>,
        planned: usize,
        is_last: bool,
    },
    /// What the repository would come to once the stage is written.
    StageWeighed {
        generation: u64,
        outcome: StageOutcome,
    },
    /// What the fixes of the findings in these files may do.
    RisksAssessed {
        paths: Vec<RelPath>,
        classes: Vec<(FindingKey, FixRiskClass)>,
    },
    /// A fix is on disk: its title, and the files it wrote.
    FixWritten {
        title: String,
        files: Vec<RelPath>,
    },
    /// The last fix is undone; the files it had written.
    FixUndone {
        files: Vec<RelPath>,
    },
    /// What was taken back by a write of its own is made again: that write is undone; the files.
    TakeBackUndone {
        files: Vec<RelPath>,
    },
    /// The last write cannot be undone as a whole: this file of it has changed since.
    UndoRefused {
        path: RelPath,
    },
    /// A comment can allow this finding there.
    ExceptionPlaced {
        key: FindingKey,
        place: CommentPlace,
    },
    /// No comment can allow this finding; the reason.
    ExceptionRefused {
        key: FindingKey,
        reason: String,
    },
    /// The writes, the newest first; or why they cannot be listed.
    UndoListed(Result<Vec<UndoStep>, String>),
    /// A step, or a part of one, is taken back by a write of its own: the files, and what was left with the reason.
    StepTakenBack {
        files: Vec<RelPath>,
        left: Vec<String>,
    },
    /// The undone fix is written again; the files it wrote.
    FixRedone {
        files: Vec<RelPath>,
    },
    /// Nothing was written; the reason.
    WriteRefused {
        reason: String,
    },
    /// The numbers of images answered and asked about.
    LookupProgress {
        id: u64,
        progress: LookupProgress,
    },
    /// The answers of the registries.
    LookupFinished {
        id: u64,
        results: Vec<(Reference, LookupResult)>,
        other_hosts: BTreeSet<String>,
    },
    /// The images that are pinned.
    PinsListed {
        id: u64,
        pins: Vec<PinnedImage>,
    },
    /// The state of pinned images, in the order in which they were asked about.
    PinCheckFinished {
        id: u64,
        results: Vec<Result<DigestStatus, String>>,
        other_hosts: BTreeSet<String>,
    },
    /// What is new of a trial, and how far it has come.
    TrialLines {
        id: u64,
        lines: Vec<String>,
        progress: TrialProgress,
    },
    /// What matters first.
    CausesRanked(Arc<CauseRanking>),
    /// What must agree between a workload and its Dockerfile; none where the workload is gone.
    PairsFound(Option<Box<PairSheet>>),
    /// The files that are others than in a revision of git's, `HEAD` or the one that was asked for; or why they are not
    /// known.
    ChangesRead {
        revision: String,
        files: Result<BTreeSet<RelPath>, String>,
    },
    /// The state of the walk.
    WalkUpdated(Box<WalkOverview>),
    WatchChanged(WatchMode),
    /// Another branch is checked out: the name of the one before, and of the one now.
    BranchChanged {
        from: String,
        to: String,
    },
    /// Something the user should know: a sentence.
    Notice(String),
}
