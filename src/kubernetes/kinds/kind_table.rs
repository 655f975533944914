//! Reads the table of the places at which kinds of objects hold containers (`assets/kinds`).

use std::collections::HashMap;
use std::sync::LazyLock;

/// A place in the objects of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::kubernetes) struct KindPlace {
    /// `[]` for an item of a list, `{}` for any value of a mapping.
    pub(in crate::kubernetes) path: &'static str,
    pub(in crate::kubernetes) content: PlaceContent,
    /// False where it is merged over what stands elsewhere, or into it.
    pub(in crate::kubernetes) is_whole: bool,
}

/// The content of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::kubernetes) enum PlaceContent {
    /// A mapping whose `spec` is a pod's.
    PodTemplate,
    PodSpec,
    /// Some of them may be merged over the operator's own, which have these names.
    ContainerList(&'static str),
    SingleContainer,
    Volumes,
    /// An object of its own.
    Manifest,
    /// Fields of a pod or of a container among the operator's own, by name; those of a container with `container.` before.
    Scattered(&'static str),
    /// A template or a list of containers, of which the schema says nothing.
    Opaque,
    /// Values of a chart, in which only the shape tells a container.
    Values,
    /// The text of a patch or of values, which nothing here reads.
    Text,
    /// The containers of another service: no pod of the cluster.
    Foreign,
}

/// The places by group and kind.
type PlacesByKind = HashMap<&'static str, HashMap<&'static str, Vec<KindPlace>>>;

static KIND_TABLE: LazyLock<PlacesByKind> = LazyLock::new(|| {
    let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/kinds/containers.tsv"));
    let mut table = PlacesByKind::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if let Some((group, kind, place)) = read_line(line) {
            table.entry(group).or_default().entry(kind).or_default().push(place);
        }
    }
    table
});

fn read_line(line: &'static str) -> Option<(&'static str, &'static str, KindPlace)> {
    let mut fields = line.split('\t');
    let (group, kind, path) = (fields.next()?, fields.next()?, fields.next()?);
    let (content, whole, names) = (fields.next()?, fields.next()?, fields.next()?);
    let content = match content {
        _ if whole == "no-pod" => PlaceContent::Foreign,
        "template" => PlaceContent::PodTemplate,
        "spec" => PlaceContent::PodSpec,
        "containers" => PlaceContent::ContainerList(names),
        "container" => PlaceContent::SingleContainer,
        "volumes" => PlaceContent::Volumes,
        "manifest" => PlaceContent::Manifest,
        "scattered" => PlaceContent::Scattered(names),
        "opaque" => PlaceContent::Opaque,
        "values" => PlaceContent::Values,
        "text" => PlaceContent::Text,
        _ => return None,
    };
    Some((group, kind, KindPlace { path, content, is_whole: whole != "part" }))
}

/// The places at which objects of that kind hold containers; none of a kind that is not in the table.
pub(in crate::kubernetes) fn places_of(group: &str, kind: &str) -> &'static [KindPlace] {
    let places = KIND_TABLE.get(group).and_then(|kinds| kinds.get(kind));
    places.map(Vec::as_slice).unwrap_or_default()
}

/// True for a kind in the table: an object of it is read in full.
#[must_use]
pub fn holds_containers_by_kind(api_version: &str, kind: &str) -> bool {
    let group = api_version.split_once('/').map_or("", |(group, _)| group);
    !places_of(group, kind).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_read() {
        let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/kinds/containers.tsv"));
        let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
        let unread: Vec<_> = lines.iter().filter(|line| read_line(line).is_none()).collect();
        assert!(lines.len() > 1000 && unread.is_empty(), "{unread:?}");
        let mut seen = std::collections::HashSet::new();
        for line in lines {
            let (group, kind, place) = read_line(line).expect("read above");
            assert!(seen.insert((group, kind, place.path)), "{group} {kind} {} stands twice", place.path);
        }
    }

    #[test]
    fn a_kind_is_known_by_its_group_too() {
        assert!(holds_containers_by_kind("tekton.dev/v1", "Task"));
        assert!(!holds_containers_by_kind("tekton.example/v1", "Task"));
        assert!(holds_containers_by_kind("batch.volcano.sh/v1alpha1", "Job"));
    }
}
