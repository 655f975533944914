//! Pairs the user that an image starts as with the one that the pod asks for.

use super::pair_sides::{ImageHalf, PairSide, PairVerdict, PodHalf, SidePair};
use crate::dockerfile::Keyword;
use crate::project::ImageUser;

pub(super) fn pair_users(image: &ImageHalf<'_>, pod: &PodHalf<'_>) -> SidePair {
    let user = image.instruction(image.stage.environment.user);
    let image_side = user.map_or_else(|| PairSide::lacking(Keyword::User), |user| image.side_of(user));
    let image_uid = match &image.facts.user {
        ImageUser::Number { uid, .. } => Some(*uid),
        ImageUser::Name { uid, .. } => *uid,
        ImageUser::Unknown => None,
    };
    let (spec, container) = (pod.view.pod.pod, pod.view.container);
    let asked = spec.run_as_user(container);
    let must_not_be_root = spec.run_as_non_root(container).get() == Some(&true);
    let image_word = image_uid.map_or_else(|| "unknown".to_owned(), user_word);
    let (pod_side, verdict, note) = match asked.get() {
        Some(uid) => {
            let side = pod.side_at(asked.span, format!("runAsUser: {uid}"));
            match image_uid {
                Some(own) if i64::from(own) == *uid => (side, PairVerdict::Agree, String::new()),
                Some(_) => (side, PairVerdict::Differ, format!("image {image_word}, pod {uid}")),
                None => (side, PairVerdict::Unknown, format!("pod {uid}; the image's user is not known")),
            }
        }
        None if asked.is_unknown() => {
            (PairSide::unwritten("runAsUser is no number"), PairVerdict::Unknown, String::new())
        }
        None if must_not_be_root => {
            let side = pod.side_at(spec.run_as_non_root(container).span, "runAsNonRoot: true".to_owned());
            match (image_uid, is_named(image)) {
                (Some(0), _) => {
                    (side, PairVerdict::Differ, "refused at the start: the image is root".to_owned())
                }
                (_, true) => {
                    (side, PairVerdict::Differ, "refused at the start: a name is no number".to_owned())
                }
                (Some(_), false) => (side, PairVerdict::Agree, format!("runs as {image_word}")),
                (None, false) => (side, PairVerdict::Unknown, "the image's user is not known".to_owned()),
            }
        }
        // That both leave it open is no agreement on root.
        None if image_uid == Some(0) => {
            let note =
                if user.is_some() { "the image's own: root" } else { "neither says who it runs as: root" };
            (PairSide::unwritten("no runAsUser"), PairVerdict::Differ, note.to_owned())
        }
        None => {
            let side = PairSide::unwritten("no runAsUser");
            let verdict = if image_uid.is_some() { PairVerdict::Agree } else { PairVerdict::Unknown };
            (side, verdict, format!("the image's own: {image_word}"))
        }
    };
    SidePair::new(image_side, pod_side, verdict, note).of_user()
}

fn user_word(uid: u32) -> String {
    if uid == 0 { "root".to_owned() } else { uid.to_string() }
}

fn is_named(image: &ImageHalf<'_>) -> bool {
    matches!(image.facts.user, ImageUser::Name { .. })
}
