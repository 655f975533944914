//! Asks the pods that run an image for what speaks against another user in its Dockerfile.

use super::RegistryAnswers;
use super::file_fixer::FileFixer;
use super::risk::against_image_user;
use crate::audit::AuditEngine;
use crate::finding::FixRisk;
use crate::needs::ProgramNeed;
use crate::repo::RelPath;
use crate::text::SourceText;

/// The most manifests that are asked.
const MAX_MANIFESTS: usize = 20;

/// The needs of the pods which run the image as its Dockerfile says, with the risk of another user.
pub(super) fn find_linked_needs(engine: &AuditEngine, dockerfile: &RelPath) -> Vec<(ProgramNeed, FixRisk)> {
    let answers = RegistryAnswers::default();
    let repository = engine.repository();
    let mut found: Vec<(ProgramNeed, FixRisk)> = Vec::new();
    for path in engine.index().manifests_running(dockerfile).iter().take(MAX_MANIFESTS) {
        let render = engine.find_render(path);
        let rendered = render.map(|render| (render, SourceText::new(render.text.clone())));
        let fixer = match &rendered {
            Some((render, source)) => Some(FileFixer::for_render(engine, &answers, render, source)),
            None => FileFixer::for_file(engine, &answers, path),
        };
        let Some(fixer) = fixer.map(FileFixer::without_proof) else { continue };
        for view in engine.pod_views(path).chain(render.into_iter().flat_map(|own| engine.render_pods(own))) {
            let is_built = |key| repository.is_built_by(&key, dockerfile);
            let running = view.containers().filter(|container| is_built(container.key()));
            let running: Vec<usize> = running.map(|container| container.index).collect();
            fixer.with_pod_case(view.position, |case| {
                for objection in running.iter().flat_map(|index| against_image_user(case, *index)) {
                    let found_one = (objection.need.clone(), objection.risk);
                    if !found.contains(&found_one) {
                        found.push(found_one);
                    }
                }
            });
        }
    }
    found
}
