//! Records where the nodes of a unit's tree were written, so that an edit can be carried back to the text.

use crate::repo::RelPath;
use crate::text::Span;

/// A stretch of a file's text.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WrittenAt {
    pub file: RelPath,
    /// In bytes of that file.
    pub span: Span,
}

/// The origin of a node of a unit's tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It stands in a file, word for word.
    Written(WrittenAt),
    /// It was computed from these places, the one that decides most first.
    Computed(Vec<WrittenAt>),
}

impl Origin {
    /// The place to show a reader: where it is written, or what it was computed from first. None for a node computed
    /// from nothing in the repository.
    #[must_use]
    pub fn first_place(&self) -> Option<&WrittenAt> {
        match self {
            Self::Written(place) => Some(place),
            Self::Computed(places) => places.first(),
        }
    }

    /// True when an edit of that place is an edit of the node itself.
    #[must_use]
    pub const fn is_written(&self) -> bool {
        matches!(self, Self::Written(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_computed_node_is_shown_where_its_first_source_stands() {
        let at = |file: &str, start| WrittenAt { file: file.into(), span: Span::new(start, start + 3) };
        let (values, template) = (at("chart/values.yaml", 4), at("chart/templates/deploy.yaml", 90));
        let written = Origin::Written(template.clone());
        assert_eq!((written.first_place(), written.is_written()), (Some(&template), true));
        let computed = Origin::Computed(vec![values.clone(), template]);
        assert_eq!((computed.first_place(), computed.is_written()), (Some(&values), false));
        assert_eq!(Origin::Computed(Vec::new()).first_place(), None);
    }
}
