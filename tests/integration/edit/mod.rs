//! The manifest editor: each hard layout as a pair of files, properties over many layouts, real repositories.

mod cases;
mod hardening;
mod layouts;
mod properties;
mod repositories;
