//! Programs are tried in a real engine where one is, and by a recorded one everywhere.

mod asked;
mod bounded;
mod built;
mod engine_base;
mod engine_trouble;
mod given;
mod image_users;
mod kept_folders;
mod killed;
mod lifecycle;
mod missed_rights;
mod observed;
mod probed;
mod programs;
mod recorded;
mod saved;
mod tried_programs;
