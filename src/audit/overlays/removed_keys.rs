//! Finds the patch that took away what an object lacks, for findings that its own file does not have.

use crate::audit::TemplateRender;
use crate::audit::charts::{ChartPlace, RenderRemoval, container_name_key};
use crate::audit::file_record::FilesByPath;
use crate::finding::Finding;
use crate::repo::RelPath;
use crate::rules::{self, RuleTheme};
use crate::text::Span;

/// The place in a patch that takes something away.
pub(super) type PatchPlace = (RelPath, Span);

/// The patch that took away what a finding misses: the last one that says so of the container, or of what it stands in.
pub(super) fn find_removal(
    render: &TemplateRender,
    finding: &Finding,
    files: &FilesByPath,
    place: ChartPlace<'_>,
) -> Option<PatchPlace> {
    let at = finding.span.start;
    let is_key = render.text.get(finding.span.end..).is_some_and(|rest| rest.starts_with(':'));
    if render.removals.is_empty() || !(is_key || container_name_key(&render.text, finding).is_some()) {
        return None;
    }
    let holds = |span: Span| span.start <= at && at < span.end;
    let is_own = |removal: &&RenderRemoval| {
        (holds(removal.owner) || holds(removal.element)) && is_related(finding.rule, &removal.key)
    };
    let removal = render.removals.iter().rfind(is_own)?;
    let file = place.path_of(&removal.place.path).filter(|file| files.contains_key(file))?;
    let offset = removal.place.offset;
    Some((file, Span::new(offset, offset + removal.length)))
}

/// True for a key whose absence the rule may be about.
fn is_related(rule: &str, key: &str) -> bool {
    let is_bound = ["memory", "cpu", "limit", "request"].iter().any(|word| rule.contains(word));
    let theme = rules::find_rule(rule).map(|rule| rule.theme);
    match key {
        "resources" | "limits" | "requests" | "memory" | "cpu" => is_bound,
        "livenessProbe" | "readinessProbe" | "startupProbe" => rule.contains("probe"),
        "automountServiceAccountToken" | "serviceAccountName" | "serviceAccount" => {
            theme == Some(RuleTheme::Token)
        }
        "image" => theme == Some(RuleTheme::Image),
        "namespace" => rule == "default-namespace",
        _ => !is_bound && !rule.contains("probe") && theme != Some(RuleTheme::Token),
    }
}
