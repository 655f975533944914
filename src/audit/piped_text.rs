//! Audits texts that come through a pipe, each in the place of the file whose name it bears.

use std::sync::Arc;

use super::file_record::{FileRecord, ReadResult};
use super::runner::RuleOutput;
use super::{AuditEngine, FileStatus};
use crate::repo::{Candidate, ContextFolders, FileKind, FileRole, ReadError, RelPath};
use crate::rules::unaudited_finding;
use crate::text::SourceText;

/// A text that lies in no file, or is not yet saved to it.
#[derive(Debug)]
pub struct PipedText {
    /// The path that it is judged and reported by.
    pub path: RelPath,
    /// The reason where it could not be had.
    pub text: Result<String, ReadError>,
}

impl AuditEngine {
    /// Audits these texts from nothing, and no other file. The repository around them is read, where there is one, but for
    /// the files whose names they bear.
    pub fn scan_texts(&mut self, texts: Vec<PipedText>) {
        self.targets = texts.iter().map(|piped| piped.path.to_absolute(self.root())).collect();
        let mut candidates = self.scan_candidates().candidates;
        candidates.retain(|candidate| candidate.is_context);
        let around = self.read_candidates(candidates, &|_, _| {});
        self.files = around
            .into_iter()
            .filter_map(ReadResult::into_changed)
            .map(|entry| (entry.path.clone(), entry))
            .collect();
        for piped in texts {
            let entry = self.record_of_text(piped);
            self.files.insert(entry.path.clone(), Box::new(entry));
        }
        self.reindex_all();
    }

    fn record_of_text(&self, PipedText { path, text }: PipedText) -> FileRecord {
        let text = match text {
            Ok(text) => text,
            Err(error) => {
                let reason = error.to_string();
                let kind = FileKind::of_name(path.file_name()).unwrap_or(FileKind::Manifest);
                let own = RuleOutput { findings: vec![unaudited_finding(&reason)], ..RuleOutput::default() };
                let entry = FileRecord::empty(path, kind, FileStatus::Skipped(reason));
                return FileRecord { file_output: own, is_unreadable: true, ..entry };
            }
        };
        let (at, top) = (path.to_absolute(self.root()), self.repository_root());
        let candidate = Candidate::from_text(path.clone(), &at, &text);
        let skipped = |reason: &str| {
            FileRecord::empty(path.clone(), candidate.kind, FileStatus::Skipped(reason.to_owned()))
        };
        let entry = match &candidate.skip_reason {
            Some(reason) => skipped(reason.text()),
            None if candidate.kind == FileKind::Template => skipped("template: render it first"),
            None => {
                let source = SourceText::new(text);
                let entry = FileRecord::from_source(path, candidate.kind, source, Arc::default());
                if self.has_context() {
                    let folders = ContextFolders { root: self.root(), repository_root: top, dockerfile: &at };
                    let build_context = entry.read_build_context(top, &at);
                    FileRecord { build_context, ..entry }
                        .with_context_scripts(&|source| folders.read_script(source))
                } else {
                    entry
                }
            }
        };
        FileRecord { role: FileRole::detect_role(top, &at, entry.kind), ..entry }
    }
}
