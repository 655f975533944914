//! Reports an image without a digest, whose name may be another image tomorrow (`unpinned-image`).

use super::{ReferenceFault, check_container_image, check_dockerfile_images};
use crate::finding::{ImageEditGoal, Severity};
use crate::image::Reference;
use crate::rules::rule_definition::page;
use crate::rules::{Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};

pub(crate) static RULE: Rule = Rule {
    id: "unpinned-image",
    severity: Severity::Medium,
    theme: RuleTheme::Image,
    decision: RuleDecision::ImagePin,
    article: true,
    kinds: RuleKinds::Pods,
    text: page!("unpinned-image"),
    checks: &[
        RuleCheck::Dockerfile(|view, out| check_dockerfile_images(view, out, find_fault)),
        RuleCheck::RepoContainer(|view, repository, out| {
            check_container_image(view, repository, out, find_fault);
        }),
    ],
};

/// A digest of a registered algorithm, whole (OCI image specification, "Digests").
fn find_fault(image: &Reference) -> Option<ReferenceFault> {
    if image.is_pinned() {
        return None;
    }
    let message = match image.digest() {
        Some(_) => format!("the digest of `{}` is not well formed", image.familiar_name()),
        None => format!("`{}` is not pinned by its digest", image.text()),
    };
    Some(ReferenceFault { message, goal: ImageEditGoal::Digest })
}
