//! Reports the tag `latest`, which is the image that was pushed last (`latest-tag`).

use super::{ReferenceFault, check_container_image, check_dockerfile_images};
use crate::finding::{ImageEditGoal, Severity};
use crate::image::Reference;
use crate::rules::rule_definition::page;
use crate::rules::{Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};

pub(crate) static RULE: Rule = Rule {
    id: "latest-tag",
    severity: Severity::Medium,
    theme: RuleTheme::Image,
    decision: RuleDecision::ImagePin,
    article: true,
    kinds: RuleKinds::Pods,
    text: page!("latest-tag"),
    checks: &[
        RuleCheck::Dockerfile(|view, out| check_dockerfile_images(view, out, find_fault)),
        RuleCheck::RepoContainer(|view, repository, out| {
            check_container_image(view, repository, out, find_fault);
        }),
    ],
};

fn find_fault(image: &Reference) -> Option<ReferenceFault> {
    let latest = image.tag() == Some("latest") && image.digest().is_none();
    latest.then(|| {
        let message = format!("`{}` is whatever was pushed last", image.text());
        ReferenceFault { message, goal: ImageEditGoal::Version }
    })
}
