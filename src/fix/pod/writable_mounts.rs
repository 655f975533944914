//! Mounts an `emptyDir` for each writable path, under a new name, for the pod fixes.

use serde_yaml::{Mapping, Value};

use super::PodEditBuilder;
use crate::fix::risk::plan_empty_dirs;
use crate::path;
use crate::rules::{ContainerView, PodView};
use crate::yaml::edit::YamlEdit;

/// The longest name of a volume, in characters (a DNS label, RFC 1123).
const MAX_LABEL_LENGTH: usize = 63;

/// The names of the pod's volumes, and of those that a StatefulSet's claims make.
fn used_volume_names(view: PodView<'_>) -> Vec<String> {
    let volumes = view.pod.model.volumes.valid_items().filter_map(|(_, volume)| volume.name.get().cloned());
    let mut taken: Vec<String> = volumes.collect();
    let mounts = view
        .containers()
        .flat_map(|c| c.container.model.volume_mounts.valid_items())
        .filter_map(|(_, mount)| mount.name.get());
    taken.extend(mounts.cloned());
    taken
}

impl PodEditBuilder<'_> {
    /// Mounts an `emptyDir` for each of the paths that the build has not filled.
    pub(super) fn mount_free_paths(&mut self, view: ContainerView<'_>, paths: &[String]) {
        self.mount_empty_dirs(view, &plan_empty_dirs(self.case, view.index, paths));
    }

    fn mount_empty_dirs(&mut self, view: ContainerView<'_>, paths: &[String]) {
        let container = view.container.name.as_deref().unwrap_or("container");
        let mounts = [view.container.path.clone(), path!["volumeMounts"]].concat();
        // A new user and a read-only root may both need a folder.
        let is_planned = |op: &YamlEdit, wanted: &str| match op {
            YamlEdit::Append { path, item } => {
                *path == mounts && item.get("mountPath").and_then(Value::as_str) == Some(wanted)
            }
            _ => false,
        };
        for path in paths {
            if self.ops.iter().any(|op| is_planned(op, path)) {
                continue;
            }
            let taken = self.used_volume_names.get_or_insert_with(|| used_volume_names(self.view));
            let own = path.trim_matches('/');
            // A chart is for any release: the name of the one that it is rendered for stands in none of its texts.
            let is_of_release = self.case.release.is_some_and(|release| container.contains(release));
            let wish = if is_of_release { own.to_owned() } else { format!("{container}-{own}") };
            let name = free_label(&wish, taken);
            taken.push(name.clone());
            let volume = yaml_mapping([
                ("name", Value::from(name.as_str())),
                ("emptyDir", Value::Mapping(Mapping::new())),
            ]);
            let mount =
                yaml_mapping([("name", Value::from(name)), ("mountPath", Value::from(path.as_str()))]);
            self.ops.push(YamlEdit::Append { path: mounts.clone(), item: mount });
            self.ops
                .push(YamlEdit::Append { path: [self.pod_path(), path!["volumes"]].concat(), item: volume });
        }
    }
}

fn yaml_mapping<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::Mapping(entries.into_iter().map(|(key, value)| (Value::from(key), value)).collect())
}

/// The wished name as a DNS label, with a number behind it where it is taken.
fn free_label(wish: &str, taken: &[String]) -> String {
    let label: String =
        wish.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let label = label.trim_matches('-');
    let cut = |length: usize| label.get(..length.min(label.len())).unwrap_or(label).trim_end_matches('-');
    let numbered = (2..).map(|n| {
        let end = format!("-{n}");
        format!("{}{end}", cut(MAX_LABEL_LENGTH - end.len()))
    });
    let mut names = std::iter::once(cut(MAX_LABEL_LENGTH).to_owned()).chain(numbered);
    names.find(|name| !taken.contains(name)).unwrap_or_default()
}
