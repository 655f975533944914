//! Keeps the stage of a wide fix: what would be written, what of it a person takes, and what was on the screen.

mod change_list;
mod file_list;
mod fix_stage;
mod left_out;
mod stage_actions;
mod stage_areas;
mod stage_detail;
mod stage_frame;
mod stage_group;
mod stage_row;
mod stage_rows;
mod stage_scope;
mod stage_totals;
mod staged_change;
mod staged_ticks;

pub use change_list::ChangeList;
pub use file_list::{FileFix, FileList, StageFile};
pub use fix_stage::FixStage;
pub use left_out::LeftOutReason;
pub(super) use stage_actions::is_for_stage;
pub use stage_areas::StageAreas;
pub use stage_detail::{StageDetail, StageRemark};
pub use stage_group::StageGroup;
pub use stage_row::{StageRow, StageTotals, StageView};
pub use stage_scope::{ScopedFindings, StageScope};
pub use staged_change::{ChangeText, StagedChange, StagedPlace};
pub use staged_ticks::TickState;
