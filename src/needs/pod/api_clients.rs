//! Finds what a container's commands, options and variables show of calls to the Kubernetes API.
//!
//! Sources: Kubernetes, "Accessing the Kubernetes API from a Pod" (the token's path, `KUBERNETES_SERVICE_HOST`,
//! `kubernetes.default.svc`); the flags of controller-runtime and of client-go's leader election.

use super::PodPlace;
use super::command_privileges::{name_runner, quote_call};
use super::container_commands::ContainerCommand;
use super::container_facts::ContainerCase;
use crate::dockerfile::shell::SimpleCommand;
use crate::needs::{NeedCertainty, NeedEvidence, NeedKind, ProgramNeed};

/// Programs that do nothing without the API.
const API_PROGRAMS: [&str; 12] = [
    "kubectl",
    "oc",
    "helm",
    "flux",
    "istioctl",
    "linkerd",
    "cmctl",
    "velero",
    "kubeadm",
    "stern",
    "kustomize-controller",
    "k9s",
];
/// Parts of words that name the token or the API.
const API_WORDS: [&str; 4] = [
    "secrets/kubernetes.io/serviceaccount",
    "kubernetes.default",
    "KUBERNETES_SERVICE_HOST",
    "KUBERNETES_SERVICE_PORT",
];
/// Options of programs that watch the cluster, without their dashes.
const API_OPTIONS: [&str; 12] = [
    "leader-elect",
    "leader-election",
    "enable-leader-election",
    "leader-election-namespace",
    "leader-election-id",
    "leader-elect-resource-name",
    "in-cluster",
    "incluster",
    "running-in-cluster",
    "watch-namespace",
    "providers.kubernetescrd",
    "providers.kubernetesingress",
];
/// Variables of programs that watch the cluster.
const API_VARIABLES: [&str; 6] = [
    "KUBERNETES_NAMESPACE",
    "WATCH_NAMESPACE",
    "OPERATOR_NAME",
    "ENABLE_LEADER_ELECTION",
    "LEADER_ELECTION",
    "LEADER_ELECT",
];

pub(super) fn find_api_clients(
    place: PodPlace<'_>,
    case: &ContainerCase<'_>,
    commands: &[ContainerCommand],
    needs: &mut Vec<ProgramNeed>,
) {
    let called = commands.iter().flat_map(|line| {
        let shows = line.commands.iter().filter_map(|command| command_evidence(place, command));
        shows.map(|(certainty, evidence)| {
            (certainty, evidence, format!("{} ", name_runner(case.name, line.occasion)))
        })
    });
    let named = variable_evidence(place, case)
        .map(|(certainty, evidence)| (certainty, evidence, format!("`{}` is given ", case.name)));
    for (certainty, evidence, before) in called.chain(named) {
        needs.push(ProgramNeed {
            kind: NeedKind::ApiToken,
            certainty,
            reason: format!("{before}{}, which asks the Kubernetes API", evidence.text).into(),
            evidence: vec![evidence],
        });
    }
}

fn command_evidence(place: PodPlace<'_>, command: &SimpleCommand) -> Option<(NeedCertainty, NeedEvidence)> {
    let call = command.effective_invocation()?;
    if matches!(call.name(), "echo" | "printf" | ":") {
        return None;
    }
    let shown = |text: String, span| Some((NeedCertainty::Shown, place.evidence_at(text, span)));
    let is_program = !call.program_word().text.starts_with('-');
    if is_program && API_PROGRAMS.contains(&call.name()) && !only_shows_itself(command) {
        return shown(format!("`{}`", quote_call(call)), call.program_word().span);
    }
    // The script that a shell is given is read for itself.
    let words = command.words.iter().filter(|word| !word.text.contains(['\n', ' ']));
    let mut words = words.chain(&command.assignments).filter(|word| {
        let option = word.text.trim_start_matches('-');
        let (name, value) = option.split_once('=').unwrap_or((option, ""));
        let is_option = word.text.starts_with('-') && API_OPTIONS.contains(&name) && value != "false";
        is_option || API_WORDS.iter().any(|part| word.text.contains(part))
    });
    let word = words.next()?;
    shown(format!("`{}`", word.text), word.span)
}

/// `kubectl version --client`, `helm template`: nothing is asked.
fn only_shows_itself(command: &SimpleCommand) -> bool {
    const LOCAL_WORDS: [&str; 7] =
        ["--client", "--client=true", "completion", "template", "lint", "--help", "--dry-run=client"];
    command.words.iter().any(|word| LOCAL_WORDS.contains(&word.text.as_str()))
}

fn variable_evidence<'a>(
    place: PodPlace<'a>,
    case: &ContainerCase<'a>,
) -> impl Iterator<Item = (NeedCertainty, NeedEvidence)> + use<'a> {
    let variables = case.container.model.env.valid_items();
    let container = case.container;
    variables.filter_map(move |(at, variable)| {
        let name = variable.name.get()?.as_str();
        let value = variable.value.get().map(String::as_str).unwrap_or_default();
        let named = API_WORDS.iter().any(|part| name.contains(part) || value.contains(part));
        if !named && (!API_VARIABLES.contains(&name) || value == "false") {
            return None;
        }
        let span = container.span_of(&["env".into(), at.into(), "name".into()])?;
        let certainty = if named { NeedCertainty::Shown } else { NeedCertainty::Likely };
        Some((certainty, place.evidence_at(format!("the variable `{name}`"), span)))
    })
}
