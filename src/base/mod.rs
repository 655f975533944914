//! Holds tools that every room uses, and that know none of the rooms.

mod bounded_read;
mod clock_time;
mod moment_text;
mod nearest_name;
mod nested_path;
mod parallel;
mod private_files;
mod user_folders;

pub(crate) use bounded_read::{describe_size, read_bounded, read_bounded_text};
pub use clock_time::ClockTime;
pub(crate) use moment_text::describe_moment;
pub(crate) use nearest_name::find_nearest_name;
pub(crate) use nested_path::{at_or_below, in_repository_folder};
pub(crate) use parallel::{par_map, par_map_ordered};
pub(crate) use private_files::{
    create_private_folder, private_file_options, remove_private_file, remove_private_folder,
    replace_private_file,
};
pub(crate) use user_folders::{cache_folder, config_folder, home_folder, state_folder, state_home};
