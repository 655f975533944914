//! Finds the ServiceAccounts whose own setting keeps the token from pods, where a chart makes them, for the fixer.

use std::collections::BTreeSet;

use serde_yaml::Value;

use super::chart_draft::ChartDraft;
use super::chart_proof::value_at;
use super::rendered_edits::DocumentEdits;
use crate::audit::TemplateRender;
use crate::kubernetes::Pod;
use crate::path;
use crate::repo::RelPath;
use crate::yaml::PathStep;
use crate::yaml::edit::YamlEdit;

const TOKEN_KEY: &str = "automountServiceAccountToken";

/// The edits of the accounts that come to the same as these edits of pods which keep the token from them. None where the
/// edits are others, a pod says something itself or the chart does not make its account, and where a pod would lose its
/// token too that is neither one of these nor of `others`, which want the same.
pub(super) fn find_account_edits<'p>(
    draft: &ChartDraft<'_>,
    documents: &'p [DocumentEdits],
    others: impl Iterator<Item = (&'p RelPath, usize)>,
) -> Option<Vec<DocumentEdits>> {
    if !documents.iter().all(sets_token) {
        return None;
    }
    let own = documents.iter().map(|own| (&own.index_path, own.document));
    let wanted: BTreeSet<(&RelPath, usize)> = own.chain(others).collect();
    let mut edits: Vec<DocumentEdits> = Vec::new();
    for document in documents {
        let [YamlEdit::Set { path, .. }] = document.edits.as_slice() else { return None };
        let (_, spec) = path.split_last()?;
        let own = draft.templates.iter().find(|own| own.render.index_path == document.index_path)?;
        let pods = &own.render.manifest.documents.get(document.document)?.pods;
        let account = account_of(pods.iter().find(|pod| pod.path == spec)?)?;
        let namespace = namespace_of(&document.before);
        let unit = draft.templates.iter().filter(|other| other.render.unit == own.render.unit);
        let mut made = None;
        for other in unit {
            if runs_another(&other.render, (account, namespace), &wanted) {
                return None;
            }
            made = made.or_else(|| find_account(&other.render, (account, namespace)));
        }
        let made = made?;
        let is_known =
            |known: &DocumentEdits| known.index_path == made.index_path && known.document == made.document;
        if !edits.iter().any(is_known) {
            edits.push(made);
        }
    }
    (!edits.is_empty()).then_some(edits)
}

/// True where all that is wanted of a document is that a pod, which says nothing of it, has no token.
fn sets_token(document: &DocumentEdits) -> bool {
    let [YamlEdit::Set { path, to: Value::Bool(false) }] = document.edits.as_slice() else { return false };
    path.last() == Some(&PathStep::from(TOKEN_KEY)) && value_at(&document.before, path).is_none()
}

/// The account of a pod that leaves the token to it.
fn account_of(pod: &Pod) -> Option<&str> {
    pod.model.service_account_or_default().filter(|_| pod.model.automount_service_account_token.is_absent())
}

fn namespace_of(object: &Value) -> Option<&str> {
    value_at(object, &path!["metadata", "namespace"]).and_then(Value::as_str)
}

/// True where a pod runs as the account and leaves the token to it, other than the wanted ones.
fn runs_another(
    render: &TemplateRender,
    (account, namespace): (&str, Option<&str>),
    wanted: &BTreeSet<(&RelPath, usize)>,
) -> bool {
    render.manifest.documents.iter().enumerate().any(|(index, document)| {
        let is_wanted = wanted.contains(&(&render.index_path, index));
        let mut pods = document.pods.iter();
        !is_wanted
            && pods.any(|pod| account_of(pod) == Some(account))
            && namespace_of(document.yaml.value()) == namespace
    })
}

/// The edit of the account, where it stands in this render.
fn find_account(
    render: &TemplateRender,
    (account, namespace): (&str, Option<&str>),
) -> Option<DocumentEdits> {
    render.manifest.documents.iter().enumerate().find_map(|(index, document)| {
        let value = document.yaml.value();
        let is_own = value.get("kind").and_then(Value::as_str) == Some("ServiceAccount")
            && value_at(value, &path!["metadata", "name"]).and_then(Value::as_str) == Some(account)
            && namespace_of(value) == namespace;
        is_own.then(|| DocumentEdits {
            index_path: render.index_path.clone(),
            document: index,
            before: value.clone(),
            edits: vec![YamlEdit::Set { path: path![TOKEN_KEY], to: false.into() }],
        })
    })
}
