//! Holds the two halves of a pair: an instruction of a Dockerfile and a field of a container, and whether they agree.

use crate::audit::AuditEngine;
use crate::dockerfile::{BuildStage, Dockerfile, Instruction, Keyword};
use crate::project::DockerfileFacts;
use crate::repo::RelPath;
use crate::rules::ContainerView;
use crate::text::{SourceText, Span};

/// Two places that must agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SidePair {
    pub image: PairSide,
    pub pod: PairSide,
    pub verdict: PairVerdict,
    /// What the two come to, in a few words; empty where they say it themselves.
    pub note: String,
    /// True for the pair that says who the program runs as.
    pub is_of_user: bool,
}

/// One half of a pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairSide {
    /// From 1; none where nothing is written, or where it stands in no file as it is.
    pub line: Option<usize>,
    pub text: String,
}

/// Whether the two sides of a pair agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PairVerdict {
    Agree,
    Differ,
    /// The files do not say enough.
    Unknown,
}

/// A Dockerfile as one half.
pub(super) struct ImageHalf<'a> {
    pub source: &'a SourceText,
    pub file: &'a Dockerfile,
    pub stage: &'a BuildStage,
    pub facts: DockerfileFacts,
}

/// A container as the other half.
pub(super) struct PodHalf<'a> {
    pub view: ContainerView<'a>,
    pub engine: &'a AuditEngine,
    /// The file that the container is written in; of a chart its template.
    pub manifest: &'a RelPath,
}

impl PairSide {
    pub(super) fn unwritten(text: impl Into<String>) -> Self {
        Self { line: None, text: text.into() }
    }

    /// The side of an image that lacks an instruction.
    pub(super) fn lacking(keyword: Keyword) -> Self {
        Self::unwritten(format!("(no {})", keyword.name()))
    }
}

impl SidePair {
    pub(super) fn new(image: PairSide, pod: PairSide, verdict: PairVerdict, note: impl Into<String>) -> Self {
        Self { image, pod, verdict, note: note.into(), is_of_user: false }
    }

    /// The same for the pair that says who the program runs as.
    pub(super) fn of_user(self) -> Self {
        Self { is_of_user: true, ..self }
    }
}

impl ImageHalf<'_> {
    /// An instruction as one side, its first line.
    pub(super) fn side_of(&self, instruction: &Instruction) -> PairSide {
        let text = instruction.span.slice(self.source.text());
        let first = text.lines().next().unwrap_or_default();
        PairSide { line: Some(self.source.position_of(instruction.span.start).line), text: first.to_owned() }
    }

    /// The instruction at that place of the file.
    pub(super) fn instruction(&self, index: Option<usize>) -> Option<&Instruction> {
        self.file.instruction_at(index)
    }
}

impl PodHalf<'_> {
    pub(super) fn side_at(&self, span: Option<Span>, text: String) -> PairSide {
        let line = span.and_then(|span| self.engine.line_in_file(self.view.pod.path, span, self.manifest));
        PairSide { line, text }
    }
}
