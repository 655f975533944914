//! Lists the signs that the screen is drawn with; a second set for terminals without Unicode.

/// Signs, each one cell wide.
#[derive(Debug)]
pub struct Glyphs {
    pub horizontal: &'static str,
    pub vertical: &'static str,
    /// Top left, top right, bottom left, bottom right.
    pub corners: [&'static str; 4],
    /// The signs where lines meet: downwards, upwards, to the right, to the left.
    pub junctions: [&'static str; 4],
    pub cross: &'static str,
    pub expanded: &'static str,
    pub collapsed: &'static str,
    pub dot: &'static str,
    /// Marks what is done.
    pub check_mark: &'static str,
    pub bar: &'static str,
    pub ellipsis: &'static str,
    /// The cursor within a text; after it, it is a `_`.
    pub cursor: &'static str,
    pub upward: &'static str,
    pub brackets: [&'static str; 2],
    pub separator: &'static str,
    pub dash: &'static str,
    /// Stands for a control character.
    pub control_char: &'static str,
    /// From the lowest to the highest.
    pub levels: [&'static str; 8],
}

pub(super) static UNICODE: Glyphs = Glyphs {
    horizontal: "─",
    vertical: "│",
    corners: ["┌", "┐", "└", "┘"],
    junctions: ["┬", "┴", "├", "┤"],
    cross: "┼",
    expanded: "▾",
    collapsed: "▸",
    dot: "●",
    check_mark: "✓",
    bar: "▌",
    ellipsis: "…",
    cursor: "│",
    upward: "↑",
    brackets: ["‹", "›"],
    separator: "·",
    dash: "–",
    control_char: "�",
    levels: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
};

pub(super) static ASCII: Glyphs = Glyphs {
    horizontal: "-",
    vertical: "|",
    corners: ["+", "+", "+", "+"],
    junctions: ["+", "+", "+", "+"],
    cross: "+",
    expanded: "v",
    collapsed: ">",
    dot: "o",
    check_mark: "x",
    bar: "*",
    ellipsis: "~",
    cursor: "|",
    upward: "^",
    brackets: ["<", ">"],
    separator: "-",
    dash: "-",
    control_char: "?",
    levels: ["_", "_", ".", ".", "-", "-", "=", "="],
};
