//! Shows the service account's token, for its chapter: its place, and the rights it gives.

use super::{EvidenceWriter, shell_prompt};
use crate::image::AccountTools;
use crate::kubernetes::model::{PolicyRule, RbacRole};
use crate::walkthrough::walk_context::WalkContext;

const TOKEN_PATH: &str = "/var/run/secrets/kubernetes.io/serviceaccount/token";
/// The command that finds the token from beside the container, and the line that it prints.
const GREP_COMMAND: &str = "grep serviceaccount /proc/1/mounts";
const MOUNT_LINE: &str = "tmpfs /run/secrets/kubernetes.io/serviceaccount tmpfs ro,relatime,…";
/// The most rules of a role that are shown.
const MAX_RULES: usize = 3;

pub(super) fn show_token(scene: &WalkContext<'_>, seen: &mut EvidenceWriter) {
    let Some(workload) = scene.workload else { return };
    let prompt = shell_prompt(scene, scene.pod_user().uid);
    let tools = scene.image_tools().are_known();
    let command = if tools { format!("cat {TOKEN_PATH}") } else { GREP_COMMAND.to_owned() };
    let view = workload.view;
    let account = view.pod.model.service_account_or_default().unwrap_or("default");
    let roles = scene.repository().roles_bound_to(view.path, view.namespace(), account);
    seen.begin_now();
    seen.push_command(format!("{prompt} {command}"));
    match scene.mounts_token() {
        Some(false) => return show_missing_token(scene, seen),
        None => return seen.push_note("Whether the token is mounted, the files do not tell."),
        Some(true) => {}
    }
    seen.push_output(if tools { "eyJhbGciOiJSUzI1NiIsImtpZCI6… (a signed token)" } else { MOUNT_LINE });
    seen.push_note(format!(
        "It speaks for the service account `{account}` of the namespace `{}`.",
        view.namespace()
    ));
    if roles.is_empty() {
        seen.push_note("No binding in these files gives that account a role. What the cluster lets every account do, it may.");
    } else {
        seen.push_note("These files bind it to roles; whoever reads the token may do all of this:");
    }
    for role in roles {
        seen.push_note(format!("`{role}`: {}.", describe_role(scene, role, view.namespace())));
    }
    if seen.begin_after() {
        show_missing_token(scene, seen);
    }
}

/// The rights of a role, as far as a file here grants them.
fn describe_role(scene: &WalkContext<'_>, role: &str, namespace: &str) -> String {
    if role == "ClusterRole/cluster-admin" {
        return "everything in the cluster".to_owned();
    }
    for document in scene.engine.deployed_documents() {
        for object in &document.objects {
            let here =
                object.kind == "ClusterRole" || object.namespace.as_deref().unwrap_or("default") == namespace;
            if here && object.label() == role {
                let role: RbacRole = document.deserialize_node(object.root);
                let rules: Vec<String> =
                    role.rules.valid_items().map(|(_, rule)| describe_rule(rule)).collect();
                let more = rules.len().saturating_sub(MAX_RULES);
                let said = rules.into_iter().take(MAX_RULES).collect::<Vec<_>>().join("; ");
                return if more > 0 { format!("{said}; and {more} more") } else { said };
            }
        }
    }
    "what it allows is in none of these files".to_owned()
}

/// `get, list pods`.
fn describe_rule(rule: &PolicyRule) -> String {
    let words = |list: &crate::yaml::LenientList<String>| {
        list.valid_items()
            .map(|(_, word)| if word == "*" { "everything".to_owned() } else { word.clone() })
            .collect::<Vec<_>>()
            .join(", ")
    };
    format!("{} {}", words(&rule.verbs), words(&rule.resources))
}

fn show_missing_token(scene: &WalkContext<'_>, seen: &mut EvidenceWriter) {
    if !scene.image_tools().are_known() {
        return seen.push_output("(no line)");
    }
    seen.push_output(match scene.base_family().account_tools() {
        Some(AccountTools::Busybox) => format!("cat: can't open '{TOKEN_PATH}': No such file or directory"),
        _ => format!("cat: {TOKEN_PATH}: No such file or directory"),
    });
}
