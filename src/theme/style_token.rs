//! Names the meanings that a colour can have, for themes and screens.

macro_rules! slots {
    ($($slot:ident = $name:literal),* $(,)?) => {
        /// The meaning of a colour; the names are those in the theme files.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum StyleToken { $($slot),* }

        impl StyleToken {
            pub const ALL: &'static [Self] = &[$(Self::$slot),*];

            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$slot => $name),* }
            }
        }
    };
}

slots! {
    Base = "base",
    Muted = "muted",
    Border = "border",
    Focus = "focus",
    Title = "title",
    Selection = "selection",
    SelectionAway = "selection-away",
    Line = "line",
    Critical = "critical",
    High = "high",
    Medium = "medium",
    Low = "low",
    Info = "info",
    Good = "good",
    Bad = "bad",
    Caution = "caution",
    New = "new",
    Match = "match",
    Added = "added",
    Removed = "removed",
    Heading = "heading",
    Code = "code",
    Link = "link",
    Key = "key",
    String = "string",
    Number = "number",
    Keyword = "keyword",
    Comment = "comment",
    Punctuation = "punctuation",
}
