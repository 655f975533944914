//! Audits texts as a repository of their own, without a disk, for an editor or a test.

use std::path::PathBuf;
use std::sync::Arc;

use super::AuditEngine;
use super::file_record::FileRecord;
use crate::repo::{ContextScript, FileKind, RelPath, find_in_context};
use crate::settings::Settings;
use crate::text::SourceText;

impl AuditEngine {
    /// Audits these texts as a repository of their own, without a disk, for an editor or a test.
    #[must_use]
    pub fn from_texts(
        texts: impl IntoIterator<Item = (RelPath, FileKind, String)>,
        settings: Settings,
    ) -> Self {
        Self::from_texts_and_scripts(texts, &[], settings)
    }

    /// The same, with scripts of the builds' contexts beside them.
    #[must_use]
    pub fn from_texts_and_scripts(
        texts: impl IntoIterator<Item = (RelPath, FileKind, String)>,
        scripts: &[ContextScript],
        settings: Settings,
    ) -> Self {
        let mut engine = Self::new(PathBuf::new(), settings);
        let entries = texts.into_iter().map(|(path, kind, text)| {
            let read = |source: &str| find_in_context(scripts, &path, source);
            FileRecord::from_source(path.clone(), kind, SourceText::new(text), Arc::default())
                .with_context_scripts(&read)
        });
        engine.files = entries.map(|entry| (entry.path.clone(), Box::new(entry))).collect();
        engine.reindex_all();
        engine
    }
}
