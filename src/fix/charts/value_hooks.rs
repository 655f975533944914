//! Finds the values that may reach a field of a container or pod, by the names that templates read, for the fixer.

use crate::template::value_paths::find_value_paths;

/// The fields that charts let people set, with what the names of their values hold, in small letters.
const HOOK_NAMES: [(&str, &str); 7] = [
    ("securityContext", "securitycontext"),
    ("resources", "resources"),
    ("volumeMounts", "volumemounts"),
    ("volumes", "volumes"),
    ("automountServiceAccountToken", "automount"),
    ("livenessProbe", "livenessprobe"),
    ("readinessProbe", "readinessprobe"),
];

/// The paths of values that a template reads and whose names are those of a field: what they reach, only rendering
/// shows. Those that stand first in the text come first.
pub(super) fn find_hooks(template: &str, field: &str) -> Vec<String> {
    let Some((_, word)) = HOOK_NAMES.iter().find(|(own, _)| *own == field) else { return Vec::new() };
    let mut hooks: Vec<String> = Vec::new();
    for path in find_value_paths(template) {
        if let Some(hook) = hook_end(&path, word)
            && !hooks.iter().any(|known| known == hook)
        {
            hooks.push(hook.to_owned());
        }
    }
    hooks
}

/// The paths of values that a template reads and of which a part holds the name of a field: one that is off may keep the
/// field from being rendered.
pub(super) fn find_switches(template: &str, field: &str) -> Vec<String> {
    let word = field.to_lowercase();
    let mut paths = find_value_paths(template);
    paths.retain(|path| path.split('.').any(|part| part.to_lowercase().contains(&word)));
    paths
}

/// The path up to the part that bears the field's name: `securityContext.enabled` reads from `securityContext`.
fn hook_end<'a>(path: &'a str, word: &str) -> Option<&'a str> {
    let mut end = 0;
    for part in path.split('.') {
        end += part.len();
        if part.to_lowercase().contains(word) {
            return Some(&path[..end]);
        }
        end += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{find_hooks, find_switches};

    #[test]
    fn values_named_as_the_field_are_hooks() {
        let text = "{{ with .Values.web.podSecurityContext }}{{ end }}{{ if .Values.securityContext.enabled }}{{ .Values.image }}{{ end }}";
        assert_eq!(find_hooks(text, "securityContext"), ["web.podSecurityContext", "securityContext"]);
        assert!(find_hooks(text, "resources").is_empty());
    }
    #[test]
    fn values_below_the_fields_name_may_switch_it_on() {
        let text = "{{ if .Values.web.seccompProfile.enable }}{{ .Values.seccomp.type }}{{ end }}";
        assert_eq!(find_switches(text, "seccompProfile"), ["web.seccompProfile.enable"]);
    }
}
