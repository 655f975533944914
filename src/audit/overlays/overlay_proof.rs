//! Builds every overlay that a file is part of with the text that a fix would give it, for the fixer.

use std::collections::BTreeSet;

use crate::audit::AuditEngine;
use crate::finding::{Finding, FindingPlacement, Severity};
use crate::project::{FactOverrides, RepositoryView};
use crate::repo::{FilePatch, RelPath};

use super::overlay_apart::ApartBuild;
use super::overlay_build::{BuiltRender, BuiltRoot};
use crate::audit::TemplateRender;

impl AuditEngine {
    /// True for a file that some kustomization is made of.
    #[must_use]
    pub fn is_part_of_overlay(&self, path: &RelPath) -> bool {
        self.files.get(path).is_some_and(|file| file.is_overlay_part)
    }

    /// Proves a patch of a file in every overlay that it is part of: what was built is built again, nothing of other
    /// files changes, `mended` is gone where it stood, and nothing worse comes.
    ///
    /// # Errors
    /// The first reason against it.
    pub fn prove_in_overlays(
        &self,
        patch: &FilePatch,
        mended: &[(&'static str, &[FindingPlacement])],
        facts: &FactOverrides,
    ) -> Result<(), String> {
        let mut whole = Vec::new();
        for overlay in self.overlays_made_of(std::slice::from_ref(patch)) {
            match self.build_apart(overlay, patch) {
                ApartBuild::Same => {}
                ApartBuild::Other { before, after } => {
                    let proof = self.compare_builds(before, &after, mended, facts);
                    proof.map_err(|why| format!("{why} in {}", overlay.unit.key.path))?;
                }
                ApartBuild::Unknown if overlay.is_built() => whole.push(overlay),
                ApartBuild::Unknown => {}
            }
        }
        let prove = |build: BuiltRoot| self.prove_build(&patch.path, &build, mended, facts);
        self.build_patched(&whole, patch, prove).into_iter().collect()
    }

    fn prove_build(
        &self,
        path: &RelPath,
        build: &BuiltRoot,
        mended: &[(&'static str, &[FindingPlacement])],
        facts: &FactOverrides,
    ) -> Result<(), String> {
        let unit = &build.unit;
        let folder = &unit.key.path;
        let Some(known) = self.overlays.get(folder).filter(|known| known.is_built()) else { return Ok(()) };
        if !build.is_built() {
            let reason = unit.status.reason().unwrap_or_default();
            return Err(format!("{folder} would no longer be built ({reason})"));
        }
        if build.index_paths != known.index_paths {
            return Err(format!("{folder} would build other files"));
        }
        let is_resource = known.paths.contains(path);
        for BuiltRender { path: home, other, .. } in &build.renders {
            let Some(render) = other else { continue };
            let records = self.files.get(home).into_iter().flat_map(|file| &file.current_record().renders);
            let Some(before) = records.into_iter().find(|own| own.index_path == render.index_path) else {
                continue;
            };
            if before.text == render.text {
                continue;
            }
            if is_resource && home != path {
                return Err(format!("the change would reach {home} in {folder}"));
            }
            self.compare_builds(before, render, mended, facts).map_err(|why| format!("{why} in {folder}"))?;
        }
        Ok(())
    }

    fn compare_builds(
        &self,
        before: &TemplateRender,
        after: &TemplateRender,
        mended: &[(&'static str, &[FindingPlacement])],
        facts: &FactOverrides,
    ) -> Result<(), String> {
        let known: BTreeSet<LostMount<'_>> = mounts_without_volume(before).collect();
        if let Some((object, volume)) = mounts_without_volume(after).find(|mount| !known.contains(mount)) {
            return Err(format!("{object} would mount `{volume}`, which is none of its volumes"));
        }
        let repository = RepositoryView::with_overrides(&self.index, facts);
        let own = after.judge_alone(&self.index, &self.settings);
        let wide = after.judge_in_repository(repository, &self.settings);
        let is_off = |rule: &str| self.settings.is_rule_off(rule);
        let found = own.findings.iter().chain(&wide.findings).filter(|finding| !is_off(finding.rule));
        for finding in found {
            let is_here =
                |placed: &FindingPlacement| placed.unit == after.unit && placed.is_about(&finding.subject);
            let is_mended = |(rule, placements): &(&str, &[FindingPlacement])| {
                *rule == finding.rule && placements.iter().any(is_here)
            };
            if mended.iter().any(is_mended) {
                return Err(format!("`{}` would still stand", finding.rule));
            }
            let is_same = |own: &Finding| own.rule == finding.rule && own.subject == finding.subject;
            let is_known = before.raw_findings().any(|own| is_same(own));
            if finding.severity >= Severity::Medium && !is_known {
                return Err(format!("the change would bring `{}` about", finding.rule));
            }
        }
        Ok(())
    }
}

/// An object, and the name that one of its containers mounts.
type LostMount<'a> = (String, &'a str);

/// The mounts whose volume their pod does not have: an overlay may set all of a pod's volumes, and the API refuses such a
/// pod. What a StatefulSet's claims make is among them, before a change and after.
fn mounts_without_volume(render: &TemplateRender) -> impl Iterator<Item = LostMount<'_>> {
    let pods = render
        .manifest
        .documents
        .iter()
        .flat_map(|document| document.pods.iter().map(|pod| (document.object_of(pod).label(), pod)));
    pods.flat_map(|(object, pod)| {
        let volumes = pod.model.volumes.valid_items().filter_map(|(_, own)| own.name.get());
        let volumes: BTreeSet<&str> = volumes.map(String::as_str).collect();
        let mounts = pod.containers.iter().flat_map(|own| own.model.volume_mounts.valid_items());
        let names: BTreeSet<&str> =
            mounts.filter_map(|(_, mount)| mount.name.get().map(String::as_str)).collect();
        let lost: Vec<&str> = names.into_iter().filter(|name| !volumes.contains(name)).collect();
        lost.into_iter().map(move |name| (object.clone(), name))
    })
}
