//! The signs that the screen is drawn with; a second set for terminals without Unicode.

/// Signs, each one cell wide.
#[derive(Debug)]
pub struct Glyphs {
    pub horizontal: &'static str,
    pub vertical: &'static str,
    /// Top left, top right, bottom left, bottom right.
    pub corners: [&'static str; 4],
    /// Where lines meet: downwards, upwards, to the right, to the left.
    pub tees: [&'static str; 4],
    pub cross: &'static str,
    pub open: &'static str,
    pub closed: &'static str,
    pub dot: &'static str,
    /// Marks what is done.
    pub done: &'static str,
    pub bar: &'static str,
    pub cut: &'static str,
    pub raised: &'static str,
    pub marks: [&'static str; 2],
    pub separator: &'static str,
    pub dash: &'static str,
    /// Stands for a control character.
    pub control: &'static str,
    /// From the lowest to the highest.
    pub levels: [&'static str; 8],
}

pub(super) static UNICODE: Glyphs = Glyphs {
    horizontal: "─",
    vertical: "│",
    corners: ["┌", "┐", "└", "┘"],
    tees: ["┬", "┴", "├", "┤"],
    cross: "┼",
    open: "▾",
    closed: "▸",
    dot: "●",
    done: "✓",
    bar: "▌",
    cut: "…",
    raised: "↑",
    marks: ["‹", "›"],
    separator: "·",
    dash: "–",
    control: "�",
    levels: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
};

pub(super) static ASCII: Glyphs = Glyphs {
    horizontal: "-",
    vertical: "|",
    corners: ["+", "+", "+", "+"],
    tees: ["+", "+", "+", "+"],
    cross: "+",
    open: "v",
    closed: ">",
    dot: "o",
    done: "x",
    bar: "*",
    cut: "~",
    raised: "^",
    marks: ["<", ">"],
    separator: "-",
    dash: "-",
    control: "?",
    levels: ["_", "_", ".", ".", "-", "-", "=", "="],
};
