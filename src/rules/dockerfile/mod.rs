//! Checks how an image is built, and how its program is started.

pub(super) mod add_instead_of_copy;
pub(super) mod cd_instead_of_workdir;
pub(super) mod copy_everything;
pub(super) mod curl_pipe_shell;
pub(super) mod deprecated_maintainer;
pub(super) mod exposed_ssh;
pub(super) mod missing_pipefail;
pub(super) mod overridden_instruction;
mod package_caches;
mod package_calls;
pub(super) mod relative_workdir;
mod run_edits;
mod secret_files;
pub(super) mod secret_in_build;
pub(super) mod shell_form_command;
pub(super) mod sudo;
pub(super) mod system_directory;
mod tls_options;
pub(super) mod tls_verification_off;
pub(super) mod uncleaned_package_cache;
pub(super) mod unconfirmed_install;
pub(super) mod unsigned_packages;
pub(super) mod update_alone;
pub(super) mod world_writable;
