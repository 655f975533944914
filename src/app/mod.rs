//! The whole program without a terminal: what it knows, what can happen to it, and what it then wants done.

mod action;
mod backend;
mod config;
mod cursor;
mod event;
mod filter;
mod graft;
mod index;
mod key;
mod keymap;
mod layout;
mod left;
mod links;
mod listing;
mod lookup;
mod outline;
mod overlay;
mod pins;
mod preview;
mod reach;
mod select;
mod splice;
mod state;
mod toast;
mod tree;
mod update;
mod veil;
mod walk;

pub use action::{Action, ActionGroup, KEY_BINDINGS, KeyBinding};
pub use backend::{AppBackend, BackendMessage, BackendRequest, LookupMode, WalkChoice, WatchStatus};
pub use config::UserConfig;
pub use cursor::ListCursor;
pub use event::{AppEffect, AppEvent, MouseEvent, MouseKind};
pub use filter::FindingFilter;
pub use index::{FileTally, FindingEntry, FindingsIndex, RuleLookup, SuppressionKind};
pub use key::{KeyName, KeyPress};
pub use keymap::Keymap;
pub use layout::{LayoutShape, Pane, PaneBorder, PaneSplits, ScreenArea, ScreenLayout};
pub use left::AwaySnapshot;
pub use lookup::{
    LookupAnswer, LookupImage, LookupProgress, LookupResult, LookupStage, RegistryLookup, needs_registry,
};
pub use outline::{FindingGroup, FindingGrouping, FindingsList, FindingsRow, ListNode};
pub use overlay::{DialogState, FixScope};
pub use pins::PinCheckState;
pub use preview::{FixPreview, PatchLine, PreviewState};
pub use state::{AppState, FullscreenView, ScrollLimits, SourceView};
pub use toast::Toast;
pub use tree::{FileTreeNode, FileTreeRow, SeverityCounts};
pub use update::{open_walk, start_app, update_state};
pub use walk::{FormField, ValueForm, WalkPrompt, WalkScreen};
