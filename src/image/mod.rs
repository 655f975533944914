//! Container images: references, what is known of well-known ones, and what registries say.
