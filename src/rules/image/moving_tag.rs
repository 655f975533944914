//! Reports a tag that is moved from one version to the next (`moving-tag`).

use super::{ReferenceFault, check_container_image, check_dockerfile_images};
use crate::finding::{ImageEditGoal, Severity};
use crate::image::{Reference, TagKind};
use crate::rules::rule_definition::page;
use crate::rules::{Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};

pub(crate) static RULE: Rule = Rule {
    id: "moving-tag",
    severity: Severity::Info,
    theme: RuleTheme::Image,
    decision: RuleDecision::ImagePin,
    article: true,
    kinds: RuleKinds::Pods,
    text: page!("moving-tag"),
    checks: &[
        RuleCheck::Dockerfile(|view, out| check_dockerfile_images(view, out, find_fault)),
        RuleCheck::RepoContainer(|view, repository, out| {
            check_container_image(view, repository, out, find_fault);
        }),
    ],
};

fn find_fault(image: &Reference) -> Option<ReferenceFault> {
    let tag =
        image.tag().filter(|tag| image.digest().is_none() && TagKind::from_tag(tag) == TagKind::Moving)?;
    let message = format!("`{tag}` moves from one version to the next");
    Some(ReferenceFault { message, goal: ImageEditGoal::Version })
}
