//! Lays defaults under a container, as kinds do that have some for all of theirs.

use std::collections::BTreeMap;

use super::{ContainerSpec, ResourceRequirements, SecurityContext};
use crate::yaml::Lenient;

impl ContainerSpec {
    /// Takes each field that it does not have from the defaults.
    pub(crate) fn fill_absent(&mut self, defaults: &Self) {
        fill(&mut self.image, &defaults.image);
        fill(&mut self.command, &defaults.command);
        fill(&mut self.args, &defaults.args);
        fill(&mut self.liveness_probe, &defaults.liveness_probe);
        fill(&mut self.readiness_probe, &defaults.readiness_probe);
        fill_within(&mut self.resources, &defaults.resources, ResourceRequirements::fill_absent);
        fill_within(&mut self.security_context, &defaults.security_context, SecurityContext::fill_absent);
    }
}

impl SecurityContext {
    fn fill_absent(&mut self, defaults: &Self) {
        fill(&mut self.run_as_non_root, &defaults.run_as_non_root);
        fill(&mut self.run_as_user, &defaults.run_as_user);
        fill(&mut self.run_as_group, &defaults.run_as_group);
        fill(&mut self.seccomp_profile, &defaults.seccomp_profile);
        fill(&mut self.app_armor_profile, &defaults.app_armor_profile);
        fill(&mut self.se_linux_options, &defaults.se_linux_options);
        fill(&mut self.windows_options, &defaults.windows_options);
        fill(&mut self.privileged, &defaults.privileged);
        fill(&mut self.allow_privilege_escalation, &defaults.allow_privilege_escalation);
        fill(&mut self.read_only_root_filesystem, &defaults.read_only_root_filesystem);
        fill(&mut self.capabilities, &defaults.capabilities);
        fill(&mut self.proc_mount, &defaults.proc_mount);
    }
}

impl ResourceRequirements {
    fn fill_absent(&mut self, defaults: &Self) {
        fill_within(&mut self.limits, &defaults.limits, fill_bounds);
        fill_within(&mut self.requests, &defaults.requests, fill_bounds);
    }
}

fn fill_bounds<T: Clone>(own: &mut BTreeMap<String, Lenient<T>>, defaults: &BTreeMap<String, Lenient<T>>) {
    for (name, bound) in defaults {
        fill(own.entry(name.clone()).or_default(), bound);
    }
}

fn fill<T: Clone>(own: &mut Lenient<T>, default: &Lenient<T>) {
    if own.is_absent() {
        own.clone_from(default);
    }
}

fn fill_within<T: Clone>(own: &mut Lenient<T>, default: &Lenient<T>, merge: impl Fn(&mut T, &T)) {
    match (own, default) {
        (Lenient::Value(own), Lenient::Value(default)) => merge(own, default),
        (own, default) => fill(own, default),
    }
}
