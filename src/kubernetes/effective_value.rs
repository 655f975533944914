//! Resolves the values in effect for a container, for rules: its own over the pod's over the default.

use super::model::{SeLinuxOptions, SecurityContext, SecurityProfile, WindowsOptions};
use super::{Container, Pod};
use crate::text::Span;
use crate::yaml::{Lenient, PathStep, YamlPath};

/// The level that a value in effect comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SettingLevel {
    /// The container's own security context.
    Container,
    /// The pod's.
    Pod,
    /// Neither has a value.
    Default,
}

/// A value in effect.
#[derive(Clone, Debug, PartialEq)]
pub struct EffectiveValue<T> {
    /// Absent where the default is in effect; wrong where it is unknown.
    pub value: Lenient<T>,
    pub level: SettingLevel,
    /// The place where it is written.
    pub span: Option<Span>,
}

impl<T> EffectiveValue<T> {
    /// The value, where it is known.
    #[must_use]
    pub const fn get(&self) -> Option<&T> {
        self.value.get()
    }

    /// True when something is written that cannot be understood, so that no rule may judge it.
    #[must_use]
    pub const fn is_unknown(&self) -> bool {
        self.value.is_wrong()
    }
}

/// These are the fields that a pod and its containers share (Kubernetes API reference, SecurityContext: "If set in both
/// SecurityContext and PodSecurityContext, the value specified in SecurityContext takes precedence").
impl Pod {
    #[must_use]
    pub fn run_as_non_root(&self, container: &Container) -> EffectiveValue<bool> {
        self.effective_value(container, &["runAsNonRoot"], |context| context.run_as_non_root.clone())
    }

    #[must_use]
    pub fn run_as_user(&self, container: &Container) -> EffectiveValue<i64> {
        self.effective_value(container, &["runAsUser"], |context| context.run_as_user.clone())
    }

    #[must_use]
    pub fn run_as_group(&self, container: &Container) -> EffectiveValue<i64> {
        self.effective_value(container, &["runAsGroup"], |context| context.run_as_group.clone())
    }

    /// The `type` of the seccomp profile.
    #[must_use]
    pub fn seccomp_type(&self, container: &Container) -> EffectiveValue<String> {
        self.effective_value(container, &["seccompProfile", "type"], |c| profile_kind(&c.seccomp_profile))
    }

    #[must_use]
    pub fn se_linux_options(&self, container: &Container) -> EffectiveValue<SeLinuxOptions> {
        self.effective_value(container, &["seLinuxOptions"], |context| context.se_linux_options.clone())
    }

    #[must_use]
    pub fn windows_options(&self, container: &Container) -> EffectiveValue<WindowsOptions> {
        self.effective_value(container, &["windowsOptions"], |context| context.windows_options.clone())
    }

    /// The value of the container's security context, else of the pod's. The span is of the value at `keys` within it,
    /// or of as much of the way as is written.
    fn effective_value<T>(
        &self,
        container: &Container,
        keys: &[&str],
        field: impl Fn(&SecurityContext) -> Lenient<T>,
    ) -> EffectiveValue<T> {
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
                let mut path: YamlPath = vec![PathStep::from("securityContext")];
                path.extend(keys.iter().copied().map(PathStep::from));
                let span_of = |path: &[PathStep]| match from {
                    SettingLevel::Container => container.span_of(path),
                    _ => self.span_of(path),
                };
                let span = (1..=path.len()).rev().find_map(|length| span_of(&path[..length]));
                return EffectiveValue { value, level: from, span };
            }
        }
        EffectiveValue { value: Lenient::Absent, level: SettingLevel::Default, span: None }
    }
}

fn profile_kind(profile: &Lenient<SecurityProfile>) -> Lenient<String> {
    profile.map_field(|profile| &profile.kind)
}
