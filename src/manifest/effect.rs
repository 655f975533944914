//! The values in effect for a container: its own over the pod's over the default.

use super::model::{Lenient, Profile, SeLinuxOptions, SecurityContext, WindowsOptions};
use super::{Container, Path, Pod, Step};
use crate::text::Span;

/// Where a value in effect comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SettingLevel {
    /// The container's own security context.
    Container,
    /// The pod's.
    Pod,
    /// Neither says anything.
    Default,
}

/// A value in effect.
#[derive(Clone, Debug, PartialEq)]
pub struct InEffect<T> {
    /// Absent where the default is in effect; wrong where it is unknown.
    pub value: Lenient<T>,
    pub from: SettingLevel,
    /// Where it is written.
    pub span: Option<Span>,
}

impl<T> InEffect<T> {
    /// The value, where it is known.
    #[must_use]
    pub const fn get(&self) -> Option<&T> {
        self.value.get()
    }

    /// Whether something is written that cannot be understood, so that no rule may judge it.
    #[must_use]
    pub const fn is_unknown(&self) -> bool {
        self.value.is_wrong()
    }
}

/// These are the fields that a pod and its containers share (Kubernetes API reference, SecurityContext: "If set in both
/// SecurityContext and PodSecurityContext, the value specified in SecurityContext takes precedence").
impl Pod {
    #[must_use]
    pub fn run_as_non_root(&self, container: &Container) -> InEffect<bool> {
        self.in_effect(container, &["runAsNonRoot"], |context| context.run_as_non_root.clone())
    }

    #[must_use]
    pub fn run_as_user(&self, container: &Container) -> InEffect<i64> {
        self.in_effect(container, &["runAsUser"], |context| context.run_as_user.clone())
    }

    #[must_use]
    pub fn run_as_group(&self, container: &Container) -> InEffect<i64> {
        self.in_effect(container, &["runAsGroup"], |context| context.run_as_group.clone())
    }

    /// The `type` of the seccomp profile.
    #[must_use]
    pub fn seccomp(&self, container: &Container) -> InEffect<String> {
        self.in_effect(container, &["seccompProfile", "type"], |c| profile_kind(&c.seccomp_profile))
    }

    /// The `type` of the AppArmor profile.
    #[must_use]
    pub fn app_armor(&self, container: &Container) -> InEffect<String> {
        self.in_effect(container, &["appArmorProfile", "type"], |c| profile_kind(&c.app_armor_profile))
    }

    #[must_use]
    pub fn se_linux(&self, container: &Container) -> InEffect<SeLinuxOptions> {
        self.in_effect(container, &["seLinuxOptions"], |context| context.se_linux_options.clone())
    }

    #[must_use]
    pub fn windows_options(&self, container: &Container) -> InEffect<WindowsOptions> {
        self.in_effect(container, &["windowsOptions"], |context| context.windows_options.clone())
    }

    /// What the container's security context says, else what the pod's does. The span is of the value at `keys` within
    /// it, or of as much of the way as is written.
    fn in_effect<T>(
        &self,
        container: &Container,
        keys: &[&str],
        field: impl Fn(&SecurityContext) -> Lenient<T>,
    ) -> InEffect<T> {
        let levels = [
            (SettingLevel::Container, &container.model.security_context),
            (SettingLevel::Pod, &self.model.security_context),
        ];
        for (from, context) in levels {
            let value = match context {
                Lenient::Absent => continue,
                Lenient::Wrong(value) => Lenient::Wrong(value.clone()),
                Lenient::Value(context) => field(context),
            };
            if !value.is_absent() {
                let mut path: Path = vec![Step::from("securityContext")];
                path.extend(keys.iter().copied().map(Step::from));
                let span_of = |path: &[Step]| match from {
                    SettingLevel::Container => container.span_of(path),
                    _ => self.span_of(path),
                };
                let span = (1..=path.len()).rev().find_map(|length| span_of(&path[..length]));
                return InEffect { value, from, span };
            }
        }
        InEffect { value: Lenient::Absent, from: SettingLevel::Default, span: None }
    }
}

fn profile_kind(profile: &Lenient<Profile>) -> Lenient<String> {
    profile.field(|profile| &profile.kind)
}
