//! Reports an image without a tag, which means `latest` (`untagged-image`).

use super::{ReferenceFault, check_container_image, check_dockerfile_images};
use crate::finding::{ImageEditGoal, Severity};
use crate::image::Reference;
use crate::rules::rule_definition::page;
use crate::rules::{Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};

pub(crate) static RULE: Rule = Rule {
    id: "untagged-image",
    severity: Severity::Medium,
    theme: RuleTheme::Image,
    decision: RuleDecision::ImagePin,
    article: true,
    kinds: RuleKinds::Pods,
    text: page!("untagged-image"),
    checks: &[
        RuleCheck::Dockerfile(|view, out| check_dockerfile_images(view, out, find_fault)),
        RuleCheck::RepoContainer(|view, repository, out| {
            check_container_image(view, repository, out, find_fault);
        }),
    ],
};

fn find_fault(image: &Reference) -> Option<ReferenceFault> {
    let untagged = image.tag().is_none() && image.digest().is_none();
    untagged.then(|| {
        let message = format!("`{}` has no tag, which means `latest`", image.text());
        ReferenceFault { message, goal: ImageEditGoal::Version }
    })
}
