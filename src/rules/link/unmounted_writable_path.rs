//! Reports a path that the program writes on a read-only root filesystem without a mount (`unmounted-writable-path`).

use crate::finding::{Fix, PodEdit, Safety, Severity};
use crate::needs::NeedKind;
use crate::project::RepositoryView;
use crate::rules::rule_definition::page;
use crate::rules::subject_views::ValueLocation;
use crate::rules::{
    ContainerView, FindingCollector, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme, writable_paths,
};

pub(crate) static RULE: Rule = Rule {
    id: "unmounted-writable-path",
    severity: Severity::Medium,
    theme: RuleTheme::Link,
    decision: RuleDecision::WritableFiles,
    article: false,
    kinds: RuleKinds::Pods,
    text: page!("unmounted-writable-path"),
    checks: &[RuleCheck::LinkedContainer(check_container)],
};

fn check_container(
    view: &ContainerView<'_>,
    repository: &RepositoryView<'_>,
    out: &mut FindingCollector<'_>,
) {
    let read_only =
        view.container.model.security_context.map_field(|context| &context.read_only_root_filesystem);
    if read_only.get() != Some(&true) || view.pod.is_windows() {
        return;
    }
    let mut paths: Vec<String> = writable_paths::known_written_paths(*view, *repository)
        .into_iter()
        .filter(|path| !writable_paths::is_mounted(*view, path))
        .collect();
    if !paths.is_empty() {
        // A volume over what the build filled would take it away: it is only read there, as far as can be known.
        let needs = repository.pod_needs(view.pod.place());
        let filled = |path: &String| {
            needs.of_container(view.index).any(
                |need| matches!(&need.kind, NeedKind::FilledPath(at) if writable_paths::hides_files(path, at)),
            )
        };
        paths.retain(|path| !filled(path));
    }
    let Some(first) = paths.first() else { return };
    let at = view.field_span(&["securityContext", "readOnlyRootFilesystem"]).unwrap_or(view.label_span());
    let more = if paths.len() > 1 { format!(", nor at {}", paths[1..].join(", ")) } else { String::new() };
    let message = format!(
        "the root filesystem is read-only and nothing is mounted at {first}{more}, which the program writes"
    );
    let edits = vec![view.pod_edit(PodEdit::MountWritablePaths { container: view.index, paths })];
    let fix = Fix::new("Mount an emptyDir at each path that the program writes", Safety::Review, edits);
    out.report_at(
        ValueLocation::Container(at),
        message,
        Ok(Some(fix.with_caution("an emptyDir hides what the image has at its path"))),
    );
}
