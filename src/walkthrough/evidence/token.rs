//! The service account's token: where it lies, and what it opens.

use super::{Seen, prompt};
use crate::image::Dialect;
use crate::walkthrough::scene::Scene;

const TOKEN: &str = "/var/run/secrets/kubernetes.io/serviceaccount/token";

pub(super) fn show(scene: &Scene<'_>, seen: &mut Seen) {
    let Some(workload) = scene.workload else { return };
    let prompt = prompt(scene.user().0);
    let view = workload.view;
    let account = view.pod.model.account().unwrap_or("default");
    let roles = scene.repository().roles(view.namespace(), account);
    seen.now();
    if seen.met {
        return gone(scene, seen, prompt);
    }
    seen.typed(format!("{prompt} cat {TOKEN}"));
    seen.printed("eyJhbGciOiJSUzI1NiIsImtpZCI6… (a signed token)");
    seen.note(format!(
        "It speaks for the service account `{account}` of the namespace `{}`.",
        view.namespace()
    ));
    seen.note(match roles.as_slice() {
        [] => "No binding in these files gives that account a role; what the cluster gives to all accounts, and what others bind, it has.".to_owned(),
        roles => format!("These files bind it to {}: whoever reads the token may do all of that.", roles.join(", ")),
    });
    if seen.then() {
        gone(scene, seen, prompt);
    }
}

fn gone(scene: &Scene<'_>, seen: &mut Seen, prompt: &str) {
    seen.typed(format!("{prompt} cat {TOKEN}"));
    seen.printed(match scene.family().dialect() {
        Some(Dialect::Busybox) => format!("cat: can't open '{TOKEN}': No such file or directory"),
        _ => format!("cat: {TOKEN}: No such file or directory"),
    });
}
