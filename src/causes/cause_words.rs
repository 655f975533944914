//! Words root causes for the first screen: one sentence each, and what stands behind it.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::node_powers::node_powers;
use super::{CauseRow, RootCause};
use crate::rules::RuleDecision;

impl CauseRow {
    /// What is wrong, in one sentence without a full stop.
    #[must_use]
    pub fn title(&self) -> String {
        match self.causes.as_slice() {
            [only] => only.title(),
            [first, ..] => rest_title(first.id.decision, self.causes.len()),
            [] => String::new(),
        }
    }

    /// What stands behind it, the most telling first.
    #[must_use]
    pub fn details(&self) -> Vec<String> {
        match self.causes.as_slice() {
            [only] => only.details(),
            several => several.iter().map(RootCause::name).collect(),
        }
    }
}

impl RootCause {
    /// What it is about, in one or two words.
    #[must_use]
    pub fn name(&self) -> String {
        self.id.about.as_deref().unwrap_or("all").to_owned()
    }

    /// What is wrong, in one sentence without a full stop.
    #[must_use]
    pub fn title(&self) -> String {
        let name = self.name();
        let is_object = self.id.about.is_some() && self.id.decision != RuleDecision::WrittenSecret;
        // One line makes several objects: a base that overlays rename, a helper.
        let others = self.subjects().len().saturating_sub(1);
        if is_object && others > 0 {
            return format!("{name} and {others} more {}", self.shared_words());
        }
        let mut title = match (self.id.decision, &self.id.about) {
            (RuleDecision::NodePower, Some(_)) if self.only_lifts_guards() => {
                format!("{name} turns off what confines it")
            }
            (RuleDecision::NodePower, Some(_)) => format!("{name} has power over its node"),
            (RuleDecision::ClusterRights, Some(_)) => format!("{name} gives {}", self.given_rights()),
            (RuleDecision::WrittenSecret, Some(_)) => self.secret_title(&name),
            (RuleDecision::RefusedStart, Some(_)) => format!("{name} is refused when it starts"),
            (RuleDecision::UncheckedSupply, Some(_)) => format!("{name} takes in what nobody signed"),
            (decision, _) => self.habit_title(decision),
        };
        if is_object && self.copies > 0 {
            title.push_str(&format!(", in {} copies", self.copies + 1 + self.differing));
        }
        if is_object && self.differing > 0 {
            let verb = if self.differing == 1 { "differs" } else { "differ" };
            title.push_str(&format!(", {} {verb}", self.differing));
        }
        title
    }

    /// What stands behind it, the most telling first.
    #[must_use]
    pub fn details(&self) -> Vec<String> {
        if self.id.decision == RuleDecision::NodePower {
            return node_powers(self);
        }
        if self.id.decision == RuleDecision::WrittenSecret && self.id.about.is_some() {
            return self.subjects().into_iter().map(ToString::to_string).collect();
        }
        let mut counts: Vec<(usize, &str)> =
            self.subjects_by_rule.iter().map(|(rule, subjects)| (subjects.len(), *rule)).collect();
        counts.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
        let mut details: Vec<String> =
            counts.into_iter().map(|(count, rule)| format!("{count} {rule}")).collect();
        if self.is_reachable {
            details.push("reachable from outside".to_owned());
        }
        details
    }

    /// What a case says of several objects.
    fn shared_words(&self) -> String {
        match self.id.decision {
            RuleDecision::ClusterRights => format!("give {}", self.given_rights()),
            RuleDecision::RefusedStart => "are refused when they start".to_owned(),
            RuleDecision::UncheckedSupply => "take in what nobody signed".to_owned(),
            RuleDecision::NodePower if self.only_lifts_guards() => "turn off what confines them".to_owned(),
            _ => "have power over their nodes".to_owned(),
        }
    }

    /// True where nothing gives it power by itself: a guard of the kernel is off.
    fn only_lifts_guards(&self) -> bool {
        let guards = ["unconfined-seccomp", "unconfined-apparmor", "unmasked-proc", "root-user"];
        self.subjects_by_rule.keys().all(|rule| guards.contains(rule))
    }

    fn given_rights(&self) -> &'static str {
        let is_of_group =
            |listed: &Arc<crate::audit::ListedFinding>| listed.finding.message.contains(" of the group ");
        let of_verbs = |listed: &Arc<crate::audit::ListedFinding>| listed.finding.message.contains("`verbs`");
        if self.subjects_by_rule.contains_key("cluster-admin-binding") {
            "cluster-admin"
        } else if self.findings.iter().all(of_verbs) {
            "every verb"
        } else if self.findings.iter().all(is_of_group) {
            "every resource of an API group"
        } else {
            "every resource"
        }
    }

    fn secret_title(&self, name: &str) -> String {
        match (self.first_spot(), self.findings.len()) {
            (Some(spot), 1) if name == spot.path.as_str() => {
                format!("A secret is written out in {}:{}", spot.path, spot.line)
            }
            (Some(spot), 1) => format!("{name} is written out in {}:{}", spot.path, spot.line),
            (_, count) => format!("{name} is written out in {count} places"),
        }
    }

    /// A habit: who has it, and what it is.
    fn habit_title(&self, decision: RuleDecision) -> String {
        let subjects = self.subjects().len();
        if decision == RuleDecision::ImagePin {
            return if subjects == 1 {
                "1 image is not pinned".to_owned()
            } else {
                format!("{subjects} images are not pinned")
            };
        }
        let roots = self.subjects_that_may_be_root();
        // Where half of them may be root, it is about these: the others are of the same decision.
        if decision == RuleDecision::RunningUser && 2 * roots.len() >= subjects.max(1) {
            return format!("{} may run as root", self.count_bearers(&roots));
        }
        let lacking = self.subjects_by_rule.get("unmounted-writable-path").map_or(0, BTreeSet::len);
        let (one, many) = match decision {
            RuleDecision::NodePower | RuleDecision::Confinement => {
                ("keeps privileges nobody asked for", "keep privileges nobody asked for")
            }
            RuleDecision::ClusterRights => {
                ("gives more rights than need be", "give more rights than need be")
            }
            RuleDecision::WrittenSecret => ("may hold a secret", "may hold secrets"),
            RuleDecision::RefusedStart => ("may not start", "may not start"),
            RuleDecision::UncheckedSupply => ("takes in what nobody signed", "take in what nobody signed"),
            RuleDecision::RunningUser => {
                ("does not say well who it runs as", "do not say well who they run as")
            }
            // The rule is the other way round: these cannot write where they must.
            RuleDecision::WritableFiles if lacking == subjects => {
                ("may not write where it needs to", "may not write where they need to")
            }
            RuleDecision::WritableFiles => ("may write where it need not", "may write where they need not"),
            RuleDecision::ApiToken => ("is handed a token of the API", "are handed a token of the API"),
            RuleDecision::ResourceLimits => ("does not say what it needs", "do not say what they need"),
            RuleDecision::BuildSteps | RuleDecision::ImagePin => {
                ("could be built with more care", "could be built with more care")
            }
            RuleDecision::UncheckedDownload => {
                ("runs what it downloads, unchecked", "run what they download, unchecked")
            }
            RuleDecision::NetworkReach => {
                ("can be reached by more than need be", "can be reached by more than need be")
            }
            RuleDecision::VolumeKind => {
                ("mounts a volume that no pod should", "mount volumes that no pod should")
            }
            RuleDecision::BrokenFile => ("holds faults", "hold faults"),
            RuleDecision::Exceptions => {
                ("holds an exception without use or reason", "hold exceptions without use or reason")
            }
        };
        format!("{} {}", self.count_bearers(&self.subjects()), if subjects == 1 { one } else { many })
    }

    /// Those that bear it and may run as root by one of their findings.
    fn subjects_that_may_be_root(&self) -> BTreeSet<&Arc<str>> {
        let rules = ["may-run-as-root", "missing-user", "root-user"];
        rules.iter().filter_map(|rule| self.subjects_by_rule.get(rule)).flatten().collect()
    }

    /// Bearers of a habit in words: workloads, Dockerfiles, and other objects and files.
    fn count_bearers(&self, subjects: &BTreeSet<&Arc<str>>) -> String {
        let files: BTreeSet<&str> = self.keys().map(|key| key.path.as_str()).collect();
        let count = |is_of: &dyn Fn(&Arc<str>) -> bool| subjects.iter().filter(|name| is_of(name)).count();
        let is_workload = |name: &Arc<str>| self.workloads.contains(name);
        let is_build = |name: &Arc<str>| self.dockerfiles.contains(name) && !self.workloads.contains(name);
        let is_other = |name: &Arc<str>| !is_workload(name) && !is_build(name);
        let parts = [
            (count(&is_workload), "workload"),
            (count(&is_build), "Dockerfile"),
            (count(&|name| is_other(name) && !files.contains(name.as_ref())), "object"),
            (count(&|name| is_other(name) && files.contains(name.as_ref())), "file"),
        ];
        let parts = parts.iter().filter(|(count, _)| *count > 0).map(|(count, noun)| match count {
            1 => format!("1 {noun}"),
            count => format!("{count} {noun}s"),
        });
        parts.collect::<Vec<_>>().join(" and ")
    }
}

fn rest_title(decision: RuleDecision, count: usize) -> String {
    match decision {
        RuleDecision::NodePower => format!("{count} more with power over their node"),
        RuleDecision::ClusterRights => format!("{count} more roles and bindings that give too much"),
        RuleDecision::WrittenSecret => format!("{count} more secrets written out"),
        RuleDecision::RefusedStart => format!("{count} more that are refused when they start"),
        _ => format!("{count} more that take in what nobody signed"),
    }
}
