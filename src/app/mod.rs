//! The whole program without a terminal: what it knows, what can happen to it, and what it then wants done.

mod action;
mod backend;
mod config;
mod cursor;
mod event;
mod filter;
mod index;
mod key;
mod keymap;
mod layout;
mod outline;
mod overlay;
mod preview;
mod select;
mod state;
mod toast;
mod tree;
mod update;

pub use action::{Action, Binding, Context, TABLE};
pub use backend::{Backend, Message, Request, Watching};
pub use config::Config;
pub use cursor::Cursor;
pub use event::{Effect, Event, Mouse, MouseKind};
pub use filter::Filter;
pub use index::{Entry, Index, Rules, Tally};
pub use key::{Code, Key};
pub use keymap::Keymap;
pub use layout::{Area, Border, Layout, Pane, Shape, Splits};
pub use outline::{Group, Grouping, Node, Outline, Row};
pub use overlay::{Overlay, Reach};
pub use preview::{Outcome, PatchLine, Preview};
pub use state::{Measured, SourceView, State, Wide};
pub use toast::Toast;
pub use tree::{Counts, FileRow, Leaf};
pub use update::{start, update};
