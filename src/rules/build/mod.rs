//! How the image is built, and how its program is started.

pub(super) mod shell_form_command;
