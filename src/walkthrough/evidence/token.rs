//! The service account's token: where it lies, and what it opens.

use super::{Seen, prompt};
use crate::audit::Meaning;
use crate::image::Dialect;
use crate::manifest::model::{PolicyRule, RbacRole};
use crate::repo::FileKind;
use crate::walkthrough::scene::Scene;

const TOKEN: &str = "/var/run/secrets/kubernetes.io/serviceaccount/token";
/// So many rules of a role are told.
const RULES: usize = 3;

pub(super) fn show(scene: &Scene<'_>, seen: &mut Seen) {
    let Some(workload) = scene.workload else { return };
    let prompt = prompt(scene.user().0);
    let view = workload.view;
    let account = view.pod.model.account().unwrap_or("default");
    let roles = scene.repository().roles(view.namespace(), account);
    seen.now();
    if seen.met {
        seen.typed(format!("{prompt} cat {TOKEN}"));
        return gone(scene, seen);
    }
    seen.typed(format!("{prompt} cat {TOKEN}"));
    seen.printed("eyJhbGciOiJSUzI1NiIsImtpZCI6… (a signed token)");
    seen.note(format!(
        "It speaks for the service account `{account}` of the namespace `{}`.",
        view.namespace()
    ));
    if roles.is_empty() {
        seen.note("No binding in these files gives that account a role. What the cluster lets every account do, it may.");
    } else {
        seen.note("These files bind it to roles; whoever reads the token may do all of this:");
    }
    for role in roles {
        seen.note(format!("`{role}`: {}.", opens(scene, role, view.namespace())));
    }
    if seen.then() {
        gone(scene, seen);
    }
}

/// What a role allows, as far as a file here says.
fn opens(scene: &Scene<'_>, role: &str, namespace: &str) -> String {
    if role == "ClusterRole/cluster-admin" {
        return "everything in the cluster".to_owned();
    }
    let engine = scene.engine;
    let manifests = engine.known_paths(FileKind::Manifest).filter_map(|path| match engine.file(path)? {
        (_, Meaning::Manifest(manifest)) => Some(manifest),
        _ => None,
    });
    for document in manifests.flat_map(|manifest| &manifest.documents) {
        for object in &document.objects {
            let here =
                object.kind == "ClusterRole" || object.namespace.as_deref().unwrap_or("default") == namespace;
            if here && object.label() == role {
                let role: RbacRole = document.read(object.root);
                let rules: Vec<String> = role.rules.each().map(|(_, rule)| in_words(rule)).collect();
                let more = rules.len().saturating_sub(RULES);
                let said = rules.into_iter().take(RULES).collect::<Vec<_>>().join("; ");
                return if more > 0 { format!("{said}; and {more} more") } else { said };
            }
        }
    }
    "what it allows is in none of these files".to_owned()
}

/// `get, list pods`.
fn in_words(rule: &PolicyRule) -> String {
    let words = |list: &crate::manifest::model::List<String>| {
        list.each()
            .map(|(_, word)| if word == "*" { "everything".to_owned() } else { word.clone() })
            .collect::<Vec<_>>()
            .join(", ")
    };
    format!("{} {}", words(&rule.verbs), words(&rule.resources))
}

fn gone(scene: &Scene<'_>, seen: &mut Seen) {
    seen.printed(match scene.family().dialect() {
        Some(Dialect::Busybox) => format!("cat: can't open '{TOKEN}': No such file or directory"),
        _ => format!("cat: {TOKEN}: No such file or directory"),
    });
}
