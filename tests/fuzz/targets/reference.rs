//! Any text as an image reference.

#![no_main]

use libfuzzer_sys::fuzz_target;
use seaworthy::image::{BaseImage, Reference, known};

fuzz_target!(|text: &str| {
    if let Ok(reference) = Reference::parse(text) {
        assert_eq!(reference.to_string(), text);
        let _ = (
            known::find_known_image(&reference),
            BaseImage::from_reference(&reference),
            reference.familiar_name(),
        );
    }
});
