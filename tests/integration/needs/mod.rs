//! The needs of programs: found where they show, each with its place, and not where only a word of them stands.

mod agreed_numbers;
mod build_risks;
mod changed_users;
mod container_writes;
mod decisions;
mod granted_powers;
mod image_demands;
mod image_facts;
mod kept_needs;
mod known_images;
mod known_ports;
mod pod_commands;
mod pod_demands;
mod pod_fixes;
mod pod_operators;
mod pod_platform;
mod pod_scalers;
mod pod_token;
mod pod_volumes;
mod root_start;
mod supervised;

use std::sync::Arc;

use seaworthy::audit::AuditEngine;
use seaworthy::finding::RiskAssessment;
use seaworthy::fix::{FixOffer, Planner};
use seaworthy::needs::pod::PodNeeds;
use seaworthy::needs::{NeedCertainty, NeedKind, ProgramNeed};
use seaworthy::project::FileFacts;
use seaworthy::repo::{ContextScript, FileKind, RelPath};
use seaworthy::settings::Settings;

/// The audit of these texts.
pub(super) fn audit_texts(files: &[(&str, &str)]) -> AuditEngine {
    let texts = files.iter().map(|(path, text)| {
        let kind = if path.contains("Dockerfile") { FileKind::Dockerfile } else { FileKind::Manifest };
        (RelPath::from(*path), kind, (*text).to_owned())
    });
    AuditEngine::from_texts(texts, Settings::default())
}

/// The audit of these texts: those that are neither manifests nor Dockerfiles are scripts of a build's context.
pub(super) fn audit_with_scripts(files: &[(&str, &str)]) -> AuditEngine {
    let kind = |path: &str| {
        let is_manifest = path.ends_with(".yaml").then_some(FileKind::Manifest);
        if path.ends_with("Dockerfile") { Some(FileKind::Dockerfile) } else { is_manifest }
    };
    let texts =
        files.iter().filter_map(|(path, text)| Some((RelPath::from(*path), kind(path)?, (*text).to_owned())));
    let scripts = files.iter().filter(|(path, _)| kind(path).is_none());
    let scripts: Vec<ContextScript> = scripts
        .map(|(path, text)| ContextScript { path: RelPath::from(*path), text: Arc::from(*text) })
        .collect();
    AuditEngine::from_texts_and_scripts(texts, &scripts, Settings::default())
}

/// The risk of a rule's first fix in a file.
pub(super) fn risk_of(engine: &AuditEngine, path: &str, rule: &str) -> RiskAssessment {
    let offers = Planner::new(engine).verify(|own| own == rule);
    let offer = offers.iter().find(|(key, _)| key.rule == rule && key.path.as_str() == path);
    let Some((_, FixOffer::Fix { risk, .. })) = offer else { panic!("{path} {rule}: {offer:?}") };
    risk.clone()
}

/// The places of the evidence, as `file:line:column`.
pub(super) fn evidence_places(risk: &RiskAssessment) -> Vec<String> {
    risk.evidence.iter().map(|at| format!("{}:{}:{}", at.path, at.line, at.column)).collect()
}

/// The needs of the program of `Dockerfile`.
pub(super) fn image_needs(files: &[(&str, &str)]) -> Vec<ProgramNeed> {
    let engine = audit_with_scripts(files);
    let facts = engine.index().facts_of(&RelPath::from("Dockerfile")).unwrap();
    let FileFacts::Dockerfile(facts) = facts else { panic!("a Dockerfile") };
    facts.program_needs.clone()
}

/// The needs of the pod of an object, by its `Kind/name`.
pub(super) fn pod_needs(files: &[(&str, &str)], object: &str) -> PodNeeds {
    let engine = audit_texts(files);
    let paths: Vec<RelPath> = engine.audited_paths().cloned().collect();
    let mut found = paths.iter().flat_map(|path| engine.pod_views(path));
    let view = found.find(|view| view.object.label() == object).unwrap();
    PodNeeds::clone(&engine.repository().pod_needs(view.place()))
}

/// What a Deployment `app` with this pod spec shows of a kind: certainty and places.
pub(super) fn found_in_spec(spec: &str, kind: &NeedKind) -> Vec<(NeedCertainty, Vec<String>)> {
    let text = deployment(spec);
    let files = [("deploy.yaml", text.as_str())];
    found(&pod_needs(&files, "Deployment/app"), &files, kind)
}

/// A Deployment `app` in the namespace `shop` with this pod spec, which begins in line 9.
pub(super) fn deployment(spec: &str) -> String {
    let mut text = String::from(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: app, namespace: shop}\nspec:\n  \
         selector: {matchLabels: {app: app}}\n  template:\n    metadata: {labels: {app: app}}\n    spec:\n",
    );
    for line in spec.lines() {
        text.push_str(&format!("      {line}\n"));
    }
    text
}

/// The needs of a kind, with their certainty and their places as `file:line`.
pub(super) fn found(
    needs: &PodNeeds,
    files: &[(&str, &str)],
    kind: &NeedKind,
) -> Vec<(NeedCertainty, Vec<String>)> {
    let of_kind = needs.of_all().filter(|need| need.kind == *kind);
    of_kind.map(|need| (need.certainty, places(need, files))).collect()
}

fn places(need: &ProgramNeed, files: &[(&str, &str)]) -> Vec<String> {
    let line = |path: &RelPath, at: usize| {
        let text = files.iter().find(|(name, _)| *name == path.as_str()).map_or("", |(_, text)| *text);
        text[..at].matches('\n').count() + 1
    };
    let shown = need.evidence.iter();
    shown.map(|evidence| format!("{}:{}", evidence.path, line(&evidence.path, evidence.span.start))).collect()
}
