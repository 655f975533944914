//! Gives the workloads of a file the outcomes that they have as built, for the score: of several builds the worst.

use std::collections::HashMap;
use std::sync::Arc;

use crate::audit::TemplateRender;
use crate::audit::file_record::{FileRecord, ParsedFile};
use crate::audit::runner::RuleOutput;
use crate::audit::subject_outcomes::SubjectOutcomes;
use crate::kubernetes::ManifestFile;
use crate::project::RepositoryIndex;
use crate::rules::PodView;
use crate::settings::Settings;

/// The worst outcomes of a workload's builds: those of its own rules, and of the repository's.
type WorstOutcomes = (SubjectOutcomes, SubjectOutcomes);

/// The outcomes of a file's pods as built, in the place of those as written; with them, where `is_added`. Gives the
/// name of each pod's object.
pub(super) fn set_built_outcomes(
    record: &FileRecord,
    (own, wide): (&mut RuleOutput, &mut RuleOutput),
    is_added: bool,
    (index, settings): (&RepositoryIndex, &Settings),
) -> Vec<Arc<str>> {
    let ParsedFile::Manifest(manifest) = &record.content else { return Vec::new() };
    let mut worst: HashMap<Arc<str>, WorstOutcomes> = HashMap::new();
    for render in &record.renders {
        collect_worst(render, &mut worst, index, settings);
    }
    let names = pod_names(record, manifest, (index, settings));
    for (at, name) in names.iter().enumerate() {
        let (Some(own), Some(wide)) = (own.outcomes.get_mut(at), wide.outcomes.get_mut(at)) else { break };
        match worst.get(name) {
            Some((built_own, built_wide)) if is_added => {
                own.add_worst(built_own);
                wide.add_worst(built_wide);
            }
            Some((built_own, built_wide)) => (*own, *wide) = (built_own.clone(), built_wide.clone()),
            // Nothing that is built holds it.
            None if !is_added => (*own, *wide) = (SubjectOutcomes::new(), SubjectOutcomes::new()),
            None => {}
        }
    }
    names
}

/// The name of the object of each pod in a file.
pub(in crate::audit) fn pod_names(
    record: &FileRecord,
    manifest: &ManifestFile,
    (index, settings): (&RepositoryIndex, &Settings),
) -> Vec<Arc<str>> {
    let documents = manifest.documents.iter().enumerate();
    let views = documents.flat_map(|place| PodView::of_document(&record.path, place, index, settings));
    views.map(|view| Arc::from(view.object.label().as_str())).collect()
}

fn collect_worst(
    render: &TemplateRender,
    worst: &mut HashMap<Arc<str>, WorstOutcomes>,
    index: &RepositoryIndex,
    settings: &Settings,
) {
    let documents = render.manifest.documents.iter().enumerate();
    let views = documents.flat_map(|place| PodView::of_document(&render.index_path, place, index, settings));
    let outcomes = render.file_output.outcomes.iter().zip(&render.repo_output.outcomes);
    for (view, (own, wide)) in views.zip(outcomes) {
        let Some(name) = render.first_name_at(view.document.span.start) else { continue };
        let (all_own, all_wide) =
            worst.entry(name.clone()).or_insert_with(|| (SubjectOutcomes::new(), SubjectOutcomes::new()));
        all_own.add_worst(own);
        all_wide.add_worst(wide);
    }
}
