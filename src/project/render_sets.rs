//! Tells which files that charts and kustomizations make never stand in a cluster together, for lookups by name.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::repo::RelPath;

/// The folders of a chart in which its objects and those of other charts lie.
const CHART_FOLDERS: [&str; 2] = ["templates", "charts"];

/// The word before an overlay's name.
const OVERLAY_WORD: &str = "overlay ";

/// What is known of the sets in which files are made.
#[derive(Clone, Debug, Default)]
pub struct RenderSets {
    /// The files that each overlay is made of, as paths in the repository, by its name in the paths of the index.
    members: Arc<HashMap<String, HashSet<RelPath>>>,
}

impl RenderSets {
    /// The overlays by their names in the paths of the index, each with the files that it is made of.
    #[must_use]
    pub fn new(members: HashMap<String, HashSet<RelPath>>) -> Self {
        Self { members: Arc::new(members) }
    }

    /// True for two files as one chart makes them with other values, as other overlays build them, or as an overlay builds
    /// one and the other, of which it is made, is written: of one name in both, each means its own. The paths are those by
    /// which the index knows the files.
    pub(super) fn are_alternatives(&self, one: &RelPath, other: &RelPath) -> bool {
        let (left, right) = (RenderedPath::parse(one.as_str()), RenderedPath::parse(other.as_str()));
        match (left.set, right.set) {
            (one_set, other_set) if one_set == other_set => false,
            (Some(one_set), Some(other_set)) if is_overlay(one_set) && is_overlay(other_set) => true,
            (Some(set), None) if self.is_member(set, other) => true,
            (None, Some(set)) if self.is_member(set, one) => true,
            _ => left.chart.is_some() && left.chart == right.chart,
        }
    }

    /// True for a pod's file whose pods a service of another file may select: what an overlay builds has no other build
    /// beside it of the files that it is made of, nor these as they are written.
    pub(super) fn may_select(&self, service: &RelPath, pod: &RelPath) -> bool {
        let (left, right) = (RenderedPath::parse(service.as_str()), RenderedPath::parse(pod.as_str()));
        match left.set.filter(|set| is_overlay(set)) {
            Some(set) if right.set != Some(set) => !self.is_member(set, &RelPath::from(right.file)),
            _ => true,
        }
    }

    fn is_member(&self, set: &str, path: &RelPath) -> bool {
        let overlay = set.strip_prefix(OVERLAY_WORD).and_then(|overlay| self.members.get(overlay));
        overlay.is_some_and(|files| files.contains(path))
    }
}

/// True for a file that a chart makes, or an overlay builds.
pub(super) fn is_made(path: &RelPath) -> bool {
    let path = RenderedPath::parse(path.as_str());
    path.set.is_some() || path.chart.is_some()
}

/// True for a file that an overlay builds.
pub(super) fn is_overlay_made(path: &RelPath) -> bool {
    overlay_of(path).is_some()
}

fn is_overlay(set: &str) -> bool {
    set.starts_with(OVERLAY_WORD)
}

/// The overlay that builds a file, as its path says it.
pub(super) fn overlay_of(path: &RelPath) -> Option<&str> {
    RenderedPath::parse(path.as_str()).set.filter(|set| is_overlay(set))
}

/// A file's path, `web/templates/a.yaml (ci:x-values.yaml, #1)`, as its parts.
struct RenderedPath<'a> {
    /// The path of the file that it is made of.
    file: &'a str,
    /// The values or the overlay that it is made with; none for a chart's own values, and for a file as it is written.
    set: Option<&'a str>,
    /// The folder of the outermost chart; none where it lies in none.
    chart: Option<&'a str>,
}

impl<'a> RenderedPath<'a> {
    fn parse(path: &'a str) -> Self {
        let (file, set) = match path.strip_suffix(')').and_then(|path| path.rsplit_once(" (")) {
            Some((file, made)) => (file, made.split(", #").next().filter(|set| !set.starts_with('#'))),
            None => (path, None),
        };
        let mut at = 0;
        let chart = file.split('/').find_map(|part| {
            let start = at;
            at += part.len() + 1;
            CHART_FOLDERS.contains(&part).then(|| &file[..start])
        });
        Self { file, set, chart }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};

    use super::RenderSets;

    #[test]
    fn what_one_chart_makes_with_other_values_is_never_there_together() {
        let alternatives =
            |one: &str, other: &str| RenderSets::default().are_alternatives(&one.into(), &other.into());
        assert!(alternatives("web/templates/a.yaml", "web/templates/b.yaml (ci:x-values.yaml)"));
        assert!(alternatives("templates/a.yaml (prod)", "charts/db/templates/b.yaml (test, #1)"));
        assert!(alternatives("base/a.yaml (overlay dev)", "base/b.yaml (overlay prod)"));
        assert!(!alternatives("web/templates/a.yaml (prod)", "web/templates/b.yaml (prod, #1)"));
        assert!(!alternatives("web/templates/a.yaml", "web/templates/b.yaml (#1)"));
        assert!(!alternatives("web/templates/a.yaml (prod)", "api/templates/b.yaml (test)"));
        assert!(!alternatives("web/templates/a.yaml (prod)", "accounts.yaml"));
        assert!(!alternatives("base/a.yaml", "base/b.yaml (overlay prod)"));
    }

    #[test]
    fn a_service_of_an_overlay_selects_no_other_build_of_its_files() {
        let files = HashSet::from(["base/a.yaml".into(), "base/b.yaml".into()]);
        let sets = RenderSets::new(HashMap::from([("prod".to_owned(), files)]));
        let may_select = |service: &str, pod: &str| sets.may_select(&service.into(), &pod.into());
        let service = "base/a.yaml (overlay prod)";
        assert!(may_select(service, "base/b.yaml (overlay prod)"));
        assert!(!may_select(service, "base/b.yaml (overlay dev)"));
        assert!(!may_select(service, "base/b.yaml"));
        assert!(may_select(service, "other/c.yaml"));
        assert!(may_select(service, "other/c.yaml (overlay other)"));
        assert!(may_select("base/a.yaml", "base/b.yaml (overlay dev)"));
    }

    #[test]
    fn what_an_overlay_is_made_of_does_not_stand_beside_what_it_builds() {
        let files = HashSet::from(["base/a.yaml".into(), "base/b.yaml".into()]);
        let sets = RenderSets::new(HashMap::from([("env:prod".to_owned(), files)]));
        let alternatives = |one: &str, other: &str| sets.are_alternatives(&one.into(), &other.into());
        assert!(alternatives("base/a.yaml", "base/b.yaml (overlay env:prod)"));
        assert!(alternatives("base/b.yaml (overlay env:prod, #1)", "base/a.yaml"));
        assert!(!alternatives("accounts.yaml", "base/b.yaml (overlay env:prod)"));
        assert!(!alternatives("base/a.yaml", "base/b.yaml (overlay env:dev)"));
        assert!(!alternatives("base/a.yaml", "base/b.yaml"));
    }
}
