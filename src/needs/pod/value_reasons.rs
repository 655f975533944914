//! Finds the comments that give the reason of a value, for fixes that would change the value.

use super::PodPlace;
use super::container_facts::ContainerCase;
use crate::needs::{NeedCertainty, NeedKind, ProgramNeed};
use crate::text::{Span, line_start};
use crate::yaml::{PathStep, YamlPath, path};

/// The most characters of a comment that are quoted.
const MAX_QUOTED: usize = 120;
/// The fewest words of a comment that gives a reason.
const FEWEST_WORDS: usize = 2;

/// The fields of a pod, with the rules that would change them.
const POD_FIELDS: [(&[&str], &str); 9] = [
    (&["automountServiceAccountToken"], "service-account-token-mounted"),
    (&["hostNetwork"], "host-network"),
    (&["hostPID"], "host-pid"),
    (&["hostIPC"], "host-ipc"),
    (&["securityContext", "runAsUser"], "low-uid"),
    (&["securityContext", "runAsGroup"], "missing-run-as-group"),
    (&["securityContext", "runAsNonRoot"], "may-run-as-root"),
    (&["securityContext", "seccompProfile"], "unconfined-seccomp"),
    (&["securityContext", "sysctls"], "unsafe-sysctl"),
];
/// The fields of a container, likewise.
const CONTAINER_FIELDS: [(&[&str], &str); 10] = [
    (&["securityContext", "privileged"], "privileged-container"),
    (&["securityContext", "allowPrivilegeEscalation"], "privilege-escalation"),
    (&["securityContext", "readOnlyRootFilesystem"], "writable-root-filesystem"),
    (&["securityContext", "capabilities", "add"], "added-capabilities"),
    (&["securityContext", "runAsUser"], "low-uid"),
    (&["securityContext", "runAsGroup"], "missing-run-as-group"),
    (&["securityContext", "runAsNonRoot"], "may-run-as-root"),
    (&["securityContext", "procMount"], "unmasked-proc"),
    (&["securityContext", "seccompProfile"], "unconfined-seccomp"),
    (&["securityContext", "seLinuxOptions"], "custom-selinux"),
];

pub(super) fn find_pod_reasons(place: PodPlace<'_>, needs: &mut Vec<ProgramNeed>) {
    for (field, rule) in POD_FIELDS {
        let span = place.pod.span_of(&field_path(field));
        needs.extend(span.and_then(|span| reason_beside(place, field, rule, span)));
    }
}

pub(super) fn find_container_reasons(
    place: PodPlace<'_>,
    case: &ContainerCase<'_>,
    needs: &mut Vec<ProgramNeed>,
) {
    for (field, rule) in CONTAINER_FIELDS {
        let span = case.container.span_of(&field_path(field));
        needs.extend(span.and_then(|span| reason_beside(place, field, rule, span)));
    }
    let added = case.container.model.security_context.map_field(|context| &context.capabilities);
    let added = added.map_field(|capabilities| &capabilities.add);
    for (at, _) in added.valid_items() {
        let span = case.container.span_of(&path!["securityContext", "capabilities", "add", at]);
        needs.extend(
            span.and_then(|span| reason_beside(place, &["capabilities"], "added-capabilities", span)),
        );
    }
}

fn field_path(keys: &[&str]) -> YamlPath {
    keys.iter().copied().map(PathStep::from).collect()
}

/// The comment above the line of a value, or behind it, where it gives a reason.
fn reason_beside(place: PodPlace<'_>, field: &[&str], rule: &str, value: Span) -> Option<ProgramNeed> {
    let text = place.document.source_text();
    let start = line_start(text, value.start);
    let comments = place.document.tree.comments();
    let after = comments.partition_point(|comment| comment.start < start);
    let line_end = memchr::memchr(b'\n', &text.as_bytes()[start..]).map_or(text.len(), |end| start + end);
    let behind = comments.get(after).filter(|comment| comment.start < line_end);
    let above = after.checked_sub(1).and_then(|at| comments.get(at)).filter(|comment| {
        let between = text.get(comment.end..start).unwrap_or("x");
        let own_line = text.get(line_start(text, comment.start)..comment.start).unwrap_or("x");
        between.trim().is_empty() && between.matches('\n').count() == 1 && own_line.trim().is_empty()
    });
    let comment = behind.into_iter().chain(above).find(|comment| gives_reason(comment.slice(text)))?;
    let said = comment.slice(text).trim_start_matches('#').trim();
    let quoted: String = said.chars().take(MAX_QUOTED).collect();
    let field = field.last().copied().unwrap_or_default();
    Some(ProgramNeed {
        kind: NeedKind::Decision(rule.to_owned()),
        certainty: NeedCertainty::Likely,
        reason: format!("the comment at `{field}` says \u{201c}{quoted}\u{201d}").into(),
        evidence: vec![place.evidence_at(format!("\u{201c}{quoted}\u{201d}"), *comment)],
    })
}

/// Words for people: no directive of a tool, and no line of YAML that was commented out.
fn gives_reason(comment: &str) -> bool {
    const DIRECTIVES: [&str; 9] = [
        "seaworthy:",
        "yamllint",
        "checkov:",
        "trivy:",
        "kics",
        "nosemgrep",
        "noqa",
        "yaml-language-server",
        "renovate",
    ];
    let said = comment.trim_start_matches('#').trim();
    let first = said.split_whitespace().next().unwrap_or_default();
    let commented_out = first.starts_with('-')
        || (first.ends_with(':')
            && !first.eq_ignore_ascii_case("note:")
            && !first.eq_ignore_ascii_case("todo:"));
    let words = said.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic));
    !commented_out && words.count() >= FEWEST_WORDS && !DIRECTIVES.iter().any(|tool| said.starts_with(tool))
}
