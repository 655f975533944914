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
    /// Mark a fix of which nothing is known against it, one that may break the program, and one that will.
    pub risk_signs: [&'static str; 3],
    /// Marks the pane that has the keys, in its selected row or in its title.
    pub bar: &'static str,
    /// Marks what is new.
    pub new_mark: &'static str,
    /// Marks a change of a stage that was not seen.
    pub unseen_mark: &'static str,
    pub ellipsis: &'static str,
    /// Stands for lines that are left out.
    pub gap: &'static str,
    /// Stands beside lines that come or go, and in the border of what can be scrolled.
    pub change_bar: &'static str,
    /// The cursor within a text; after it, it is a `_`.
    pub cursor: &'static str,
    pub upward: &'static str,
    /// The keys that go up and down.
    pub up_and_down: &'static str,
    /// Stands before the place that something comes from.
    pub leftward: &'static str,
    /// Stands between what is and what will be.
    pub rightward: &'static str,
    pub brackets: [&'static str; 2],
    /// Stands beside lines of a template that are not rendered.
    pub shade: &'static str,
    /// Stand around a value that can be typed.
    pub field: [&'static str; 2],
    pub separator: &'static str,
    /// Stands before a factor.
    pub times: &'static str,
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
    risk_signs: ["✓", "~", "✗"],
    bar: "▌",
    new_mark: "◆",
    unseen_mark: "○",
    ellipsis: "…",
    gap: "⋮",
    change_bar: "┃",
    cursor: "│",
    upward: "↑",
    up_and_down: "↑↓",
    leftward: "←",
    rightward: "→",
    brackets: ["‹", "›"],
    shade: "░",
    field: ["⟦", "⟧"],
    separator: "·",
    times: "×",
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
    risk_signs: ["s", "~", "x"],
    bar: "*",
    new_mark: "@",
    unseen_mark: "*",
    ellipsis: "~",
    gap: ":",
    change_bar: "|",
    cursor: "|",
    upward: "^",
    up_and_down: "Up Down",
    leftward: "<",
    rightward: ">",
    brackets: ["<", ">"],
    shade: "%",
    field: ["[", "]"],
    separator: "-",
    times: "x",
    dash: "-",
    control_char: "?",
    levels: ["_", "_", ".", ".", "-", "-", "=", "="],
};
