//! Reads what builds images (skaffold, compose, Makefiles, pipelines and the like) as claims: this file says that the
//! image of that name is built from that Dockerfile. Nothing is run.

mod azd_file;
mod bake_file;
mod bake_matrix;
mod build_argument;
mod build_command;
mod build_files;
mod build_path;
mod build_reader;
mod build_script;
mod build_yaml;
mod cloud_build_file;
mod compose_file;
mod devspace_file;
mod expressions;
mod goreleaser_file;
mod groovy_text;
mod image_claim;
mod jenkinsfile;
mod job_matrix;
mod justfile;
mod make_expansion;
mod makefile;
mod makefile_parts;
mod pipeline_file;
mod placeholders;
mod python_calls;
mod script_blocks;
mod shell_expansion;
mod skaffold_file;
mod taskfile;
mod tiltfile;
mod unknown_text;
mod workflow_file;

pub use build_argument::{BuildArgument, agreed_arguments};
pub use build_files::{BuildFiles, BuildText};
pub use image_claim::{BuildRecipe, BuildTool, ClaimedImage, ImageClaim};
