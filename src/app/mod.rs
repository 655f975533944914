//! Runs the whole program without a terminal: takes events, updates the state, and asks for effects.

mod action;
mod action_obstacle;
mod action_palette;
mod app_event;
mod app_state;
mod away;
mod backend_protocol;
mod change_log;
mod chart_view;
mod dialog_state;
mod file_tree;
mod find_obstacle;
mod find_walk_obstacle;
mod finding_filter;
mod findings_index;
mod findings_list;
mod findings_list_build;
mod first_screen;
mod fix_preview;
mod fix_scope;
mod frame_record;
mod ghost_view;
mod kept_view;
mod key_bindings;
mod key_places;
mod key_press;
mod key_sequence;
mod keymap;
mod link_choice;
mod list_cursor;
mod list_update;
mod mended_place;
mod mended_row;
mod pair_page;
mod palette_rows;
mod pane_hints;
mod patch_pages;
mod patched_file;
mod path_ranks;
mod pin_check;
mod query;
mod reason_rows;
mod redact;
mod registry_lookup;
mod screen_layout;
mod selection;
mod session_facts;
mod source_panes;
mod source_places;
mod stage;
mod text_field;
mod toast;
mod tree_update;
mod trial_dialog;
mod typed_file;
mod undo_list;
mod update;
mod user_config;
mod value_choices;
mod value_editor;
mod view_keeping;
mod view_order;
mod walk_action;
mod walk_screen;
mod workload_links;
mod written_chapter;

pub use action::{Action, ActionGroup};
pub use action_obstacle::ActionObstacle;
pub use action_palette::ActionPalette;
pub use app_event::{AppEffect, AppEvent, MouseEvent, MouseKind};
pub use app_state::{AppState, FullscreenView, RuleLookup, ScrollLimits, SourceView};
pub use away::AwaySnapshot;
pub use backend_protocol::{AppBackend, BackendMessage, BackendRequest, LookupMode};
pub use change_log::{ChangeKind, ChangeLog, LoggedChange};
pub use chart_view::{
    BranchResult, LineOrigin, LineOriginKind, PassedLine, RenderedPage, RenderedPart, RenderedRow,
    UnitChoice, ValuesInEffect, name_unit_source,
};
pub use dialog_state::{DialogState, FixScope};
pub use file_tree::{FileTreeNode, FileTreeRow, SeverityCounts};
pub use finding_filter::FindingFilter;
pub use findings_index::{FileTally, FindingsIndex, LevelTally};
pub use findings_list::{FindingGroup, FindingGrouping, FindingsList, FindingsRow, ListNode};
pub use first_screen::{CauseState, FirstScreen, FirstScreenAreas, FirstScreenRow, FixCounts, FreeFixes};
pub use fix_preview::{FixPreview, PatchLine, PreviewState};
pub use frame_record::FrameRecord;
pub use ghost_view::{
    GhostAnchor, GhostRoom, GhostRow, GhostView, compose_view, gutter_cells, number_digits,
};
pub use kept_view::KeptView;
pub use key_bindings::{KEY_BINDINGS, KeyBinding};
pub use key_press::{KeyName, KeyPress};
pub use key_sequence::KeySequence;
pub use keymap::{KeyMatch, Keymap, PrefixConflict};
pub use link_choice::LinkChoice;
pub use list_cursor::ListCursor;
pub use mended_place::MendedPlace;
pub use pair_page::{PairColumn, PairPage, PairSubject};
pub use palette_rows::{PaletteCommand, PaletteRow};
pub use pane_hints::{LASTING_HINTS, pane_hints};
pub use patch_pages::{PageAreas, PageRow, PatchPages};
pub use patched_file::{PatchSide, PatchedFile, PatchedLine};
pub use pin_check::PinCheckState;
pub use query::{
    FindingQuery, FixRiskClass, QueryCandidate, QueryFacts, QueryFault, QueryField, QueryPrompt, RiskClasses,
    SearchMiss,
};
pub use reason_rows::{REASON_CELLS, ReasonRows};
pub(crate) use redact::SecretRedactor;
pub use registry_lookup::{
    LookupAnswer, LookupImage, LookupProgress, LookupResult, LookupStage, RegistryLookup,
};
pub use screen_layout::{LayoutShape, Pane, PaneBorder, PaneSplits, ScreenArea, ScreenLayout};
pub use session_facts::SessionFacts;
pub use source_panes::FilePane;
pub use source_places::{SourcePlace, SourcePlaces};
pub use stage::{
    ChangeList, ChangeText, FileFix, FileList, FixStage, LeftOutReason, ScopedFindings, StageAreas,
    StageDetail, StageFile, StageGroup, StageRemark, StageRow, StageScope, StageTotals, StageView,
    StagedChange, StagedPlace, TickState,
};
pub use text_field::TextField;
pub use toast::Toast;
pub use trial_dialog::{TrialApp, TrialDialog, TrialProgress};
pub use typed_file::{TypedFile, ValueMark};
pub use undo_list::{UndoAreas, UndoDiffRow, UndoList};
pub use update::{open_walk, start_app, update_state};
pub use user_config::{AlertMethod, UserConfig};
pub use value_editor::{ValueEditor, ValueField, ValueStage};
pub use view_order::{ListOrder, ListRanks};
pub use walk_action::{WALK_BINDINGS, WalkAction, WalkBinding};
pub use walk_screen::{ChapterChange, WalkPrompt, WalkScreen};
pub use written_chapter::WrittenChapter;
