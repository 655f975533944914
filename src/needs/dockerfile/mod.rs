//! Finds what a Dockerfile, the scripts of its build context and its known base show that the image's program needs, for
//! the rules and the fixes that change how it runs.

mod base_needs;
mod file_capabilities;
mod filled_paths;
mod group_zero;
mod image_build;
mod image_files;
mod instruction_reasons;
mod root_only_paths;
mod start_commands;
mod start_privileges;
mod start_uids;
mod start_words;
mod stated_settings;
mod supervised_programs;

use std::cell::RefCell;

pub use image_build::ImageBuild;
pub use instruction_reasons::find_instruction_reasons;

use super::ProgramNeed;
use crate::dockerfile::Dockerfile;
use crate::dockerfile::shell::ScriptCache;
use crate::repo::{ContextScript, ContextScripts, RelPath};
use start_commands::find_start_commands;

/// The needs of the image that the final stage makes, started as it says.
#[must_use]
pub fn find_image_needs(build: ImageBuild<'_>) -> Vec<ProgramNeed> {
    let mut needs = Vec::new();
    let Some(stage) = build.file().final_stage() else { return needs };
    let start = find_start_commands(build);
    start_privileges::add_start_privileges(build, stage, &start, &mut needs);
    file_capabilities::add_file_capabilities(build, stage, &start, &mut needs);
    stated_settings::add_stated_settings(build, stage, &start, &mut needs);
    root_only_paths::add_root_only_paths(build, stage, &start, &mut needs);
    filled_paths::add_filled_paths(build, stage, &mut needs);
    group_zero::add_group_zero(build, stage, &mut needs);
    base_needs::add_base_needs(build, stage, &start, &mut needs);
    start_uids::add_start_uids(&start, &mut needs);
    start_words::add_start_words(build, stage, &start, &mut needs);
    needs
}

/// The scripts of the build's context that the start of the image is followed through, as `read` gives them.
pub fn find_context_scripts(
    path: &RelPath,
    text: &str,
    file: &Dockerfile,
    read: &dyn Fn(&str) -> Option<ContextScript>,
) -> ContextScripts {
    let scripts = &ScriptCache::new(text, file);
    let found = RefCell::new(ContextScripts::default());
    let context = |source: &str| {
        let known = found.borrow().has(source);
        if !known {
            let script = read(source);
            found.borrow_mut().add(source, script);
        }
        found.borrow().find(source).cloned()
    };
    find_start_commands(ImageBuild { path, scripts, context: &context });
    found.into_inner()
}
