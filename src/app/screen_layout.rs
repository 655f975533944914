//! Places each pane by the size of the terminal, in cells from the top left.

/// The four panes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Pane {
    Files,
    #[default]
    Findings,
    Source,
    Rule,
}

impl Pane {
    pub const ALL: [Self; 4] = [Self::Files, Self::Findings, Self::Source, Self::Rule];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Files => "Files",
            Self::Findings => "Findings",
            Self::Source => "Source",
            Self::Rule => "Rule",
        }
    }

    pub(super) fn neighbour_pane(self, forward: bool) -> Self {
        let at = Self::ALL.iter().position(|pane| *pane == self).unwrap_or_default();
        Self::ALL[(at + if forward { 1 } else { Self::ALL.len() - 1 }) % Self::ALL.len()]
    }
}

/// A rectangle of cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScreenArea {
    pub x: u16,
    pub y: u16,
    pub width: u16,
    pub height: u16,
}

impl ScreenArea {
    #[must_use]
    pub const fn new(x: u16, y: u16, width: u16, height: u16) -> Self {
        Self { x, y, width, height }
    }

    #[must_use]
    pub const fn contains(self, column: u16, row: u16) -> bool {
        self.x <= column && column < self.x + self.width && self.y <= row && row < self.y + self.height
    }

    /// The cell column after the last.
    #[must_use]
    pub const fn right(self) -> u16 {
        self.x + self.width
    }

    /// The cell row after the last.
    #[must_use]
    pub const fn bottom(self) -> u16 {
        self.y + self.height
    }

    /// The number of lines of a pane below its title.
    #[must_use]
    pub const fn content_lines(self) -> usize {
        self.height.saturating_sub(1) as usize
    }
}

/// The rows of a search on a large screen: what is typed, what it comes to, and the line below.
const PROMPT_ROWS: u16 = 3;

/// The layout that a terminal of this size has room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LayoutShape {
    /// The lists and the source with its fix at once; the explanation beside them, or in a strip below the source.
    Panes,
    /// One pane, and a strip below it.
    Tabs,
    /// One pane and nothing else.
    Single,
    /// One sentence.
    TooSmall,
}

impl LayoutShape {
    #[must_use]
    pub const fn for_size(width: u16, height: u16) -> Self {
        match (width, height) {
            (0..30, _) | (_, 0..6) => Self::TooSmall,
            (0..60, _) | (_, 0..15) => Self::Single,
            (0..90, _) | (_, 15..20) => Self::Tabs,
            _ => Self::Panes,
        }
    }
}

/// The positions of the borders between the panes, where the user has moved them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PaneSplits {
    pub left: Option<u16>,
    pub right: Option<u16>,
    pub files: Option<u16>,
    pub strip: Option<u16>,
}

/// A border that the mouse can move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaneBorder {
    Left,
    Right,
    Files,
    Strip,
}

/// The columns from which on the explanation stands beside the source.
const WIDE_COLUMNS: u16 = 160;
/// The columns of the lists in terminals of so many columns; between them in proportion.
const LIST_COLUMNS: [(u16, u16); 4] = [(90, 28), (120, 30), (160, 36), (200, 52)];

/// The columns that the lists take.
fn list_columns(width: u16) -> u16 {
    let between = LIST_COLUMNS.windows(2).find(|pair| width < pair[1].0).map(|pair| {
        let [(from, least), (to, most)] = [pair[0], pair[1]];
        least + (most - least) * width.saturating_sub(from) / (to - from)
    });
    between.unwrap_or(LIST_COLUMNS[LIST_COLUMNS.len() - 1].1)
}

/// The panes' places. A pane that is not shown has no area.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScreenLayout {
    pub shape: LayoutShape,
    pub width: u16,
    pub height: u16,
    panes: [ScreenArea; 4],
    /// The strip under the one pane: the fix under a list, the explanation under the source.
    pub fix: Option<ScreenArea>,
    /// The area between header and footer, or between the search and the footer.
    pub body: ScreenArea,
    /// The lines of the search while it is typed, and the line that parts it from the panes.
    pub prompt: Option<ScreenArea>,
}

impl ScreenLayout {
    #[must_use]
    pub fn new((width, height): (u16, u16), focus: Pane, splits: PaneSplits) -> Self {
        let shape = LayoutShape::for_size(width, height);
        let mut layout = Self {
            shape,
            width,
            height,
            panes: [ScreenArea::default(); 4],
            fix: None,
            body: ScreenArea::default(),
            prompt: None,
        };
        match shape {
            LayoutShape::Panes => layout.place_panes(splits),
            LayoutShape::Tabs => layout.place_tab(focus),
            LayoutShape::Single => {
                layout.body = ScreenArea::new(0, 1, width, height - 2);
                layout.panes[focus as usize] = layout.body;
            }
            LayoutShape::TooSmall => {}
        }
        layout
    }

    /// The same with the search above the panes, which makes those lower.
    #[must_use]
    pub(super) fn below_prompt(mut self) -> Self {
        let inset = u16::from(self.shape != LayoutShape::Single);
        let rows = match (self.shape, self.height) {
            (LayoutShape::TooSmall, _) => return self,
            (LayoutShape::Single, ..10) => 1,
            (LayoutShape::Single, _) => 2,
            _ => PROMPT_ROWS,
        };
        self.prompt = Some(ScreenArea::new(inset, 1, self.width - 2 * inset, rows));
        // It stands where the tabs are, too.
        let top = self.body.y;
        let by = rows + 1 - top;
        let areas = self.panes.iter_mut().chain([&mut self.body]);
        for area in areas.filter(|area| area.height > 0 && area.y == top) {
            area.height = area.height.saturating_sub(by);
            area.y += by;
        }
        self
    }

    /// The row of the frame or of the line below the search, from which the panes' borders hang.
    #[must_use]
    pub const fn top_border(&self) -> u16 {
        match self.prompt {
            Some(prompt) => prompt.bottom() - 1,
            None => 0,
        }
    }

    #[must_use]
    pub const fn pane_area(&self, pane: Pane) -> ScreenArea {
        self.panes[pane as usize]
    }

    #[must_use]
    pub fn pane_at(&self, column: u16, row: u16) -> Option<Pane> {
        Pane::ALL.into_iter().find(|pane| self.pane_area(*pane).contains(column, row))
    }

    /// The movable border in this cell.
    #[must_use]
    pub fn border_at(&self, column: u16, row: u16) -> Option<PaneBorder> {
        if self.shape != LayoutShape::Panes || !self.body.contains(column, row) {
            return None;
        }
        let (files, source) = (self.pane_area(Pane::Files), self.pane_area(Pane::Source));
        match column {
            c if c == files.right() => Some(PaneBorder::Left),
            c if c == source.right() && self.is_wide() => Some(PaneBorder::Right),
            c if c < files.right() && row == files.bottom() => Some(PaneBorder::Files),
            c if c > files.right() && row == source.bottom() => Some(PaneBorder::Strip),
            _ => None,
        }
    }

    fn place_panes(&mut self, splits: PaneSplits) {
        let (width, height) = (self.width, self.height);
        self.body = ScreenArea::new(1, 1, width - 2, height - 2);
        let left = splits.left.unwrap_or_else(|| list_columns(width)).clamp(16, width - 62);
        let files = splits.files.unwrap_or(height * 2 / 5).clamp(4, height - 9);
        let beside = width - left - 3;
        let (source, rule) = if self.is_wide() {
            let right = splits.right.unwrap_or((width * 27 / 100).clamp(38, 58)).clamp(24, width - left - 34);
            let centre = beside - right - 1;
            (
                ScreenArea::new(left + 2, 1, centre, height - 2),
                ScreenArea::new(left + centre + 3, 1, right, height - 2),
            )
        } else {
            let strip = splits.strip.unwrap_or((height - 2) * 3 / 10).clamp(3, height - 10);
            let above = height - 3 - strip;
            (ScreenArea::new(left + 2, 1, beside, above), ScreenArea::new(left + 2, above + 2, beside, strip))
        };
        self.panes = [
            ScreenArea::new(1, 1, left, files),
            ScreenArea::new(1, files + 2, left, height - files - 3),
            source,
            rule,
        ];
    }

    /// True where the explanation stands beside the source, not below it.
    #[must_use]
    pub const fn is_wide(&self) -> bool {
        self.width >= WIDE_COLUMNS
    }

    fn place_tab(&mut self, focus: Pane) {
        let (width, height) = (self.width, self.height);
        self.body = ScreenArea::new(1, 2, width - 2, height - 3);
        let mut area = self.body;
        if focus != Pane::Rule {
            let part = if focus == Pane::Source { area.height / 3 } else { area.height * 2 / 5 };
            let fix = part.clamp(6, 14);
            area.height -= fix + 1;
            self.fix = Some(ScreenArea::new(1, area.bottom() + 1, width - 2, fix));
        }
        self.panes[focus as usize] = area;
    }
}
