//! Image references and the tables of what is known of images and hosts.

mod base;
mod host;
mod known;
mod needs;
mod reference;
mod tag;

use seaworthy::image::Reference;

fn reference(text: &str) -> Reference {
    Reference::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}
