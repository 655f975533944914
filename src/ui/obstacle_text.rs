//! Words why an action does nothing here, for its key's answer and for the palette.

use crate::app::ActionObstacle;

pub(super) const fn obstacle_text(obstacle: ActionObstacle) -> &'static str {
    match obstacle {
        ActionObstacle::InWalk => "the walk has keys of its own; w leaves it",
        ActionObstacle::InStage => "the stage has keys of its own; Esc leaves it",
        ActionObstacle::NoStage => "no wide fix is staged; F begins one",
        ActionObstacle::NoFinding => "no finding is selected",
        ActionObstacle::SeveralFindings => "one finding at a time: open the fold and choose one",
        ActionObstacle::NoFile => "no file is in view",
        ActionObstacle::FileGone => "that file is not there any more",
        ActionObstacle::NoFindingInFile => "no finding of this file is listed",
        ActionObstacle::NoFindingOnLine => "no finding on this line",
        ActionObstacle::LastFinding => "no finding further that way",
        ActionObstacle::NoLinkedFile => "no file is linked to this one",
        ActionObstacle::NoUnit => "this file is no part of a chart that renders or an overlay",
        ActionObstacle::OneUnit => "there is no other value set or overlay",
        ActionObstacle::NoOrigin => "this line was written in no file that is shown here",
        ActionObstacle::NoJump => "nothing was jumped from",
        ActionObstacle::NoUnreadFile => "every file was read whole",
        ActionObstacle::NoMarks => "no mark is set",
        ActionObstacle::NoMarkLetter => "a mark is a letter or a digit",
        ActionObstacle::NothingToFold => "nothing here folds",
        ActionObstacle::AllOpen => "every folder is open",
        ActionObstacle::ListsCovered => "the lists are covered; Esc shows them",
        ActionObstacle::NothingAtSide => "nothing is at the side, since long lines wrap",
        ActionObstacle::NothingOpen => "nothing is open that could be closed; q quits",
        ActionObstacle::SearchOpensFolds => "a search shows all that it finds; Esc ends it",
        ActionObstacle::NoWorkload => "no app is here",
        ActionObstacle::NoPairs => "only beside the pairs of a workload; g p shows them",
        ActionObstacle::NoValue => "no value here could be another",
        ActionObstacle::NoChapter => "no chapter is open; choose an app first",
        ActionObstacle::NothingToWrite => "this chapter has no change to write; n goes on",
        ActionObstacle::NoChange => "this chapter has no change to open; n goes on",
        ActionObstacle::NothingToAsk => "no registry is needed for this chapter",
        ActionObstacle::NothingToSkip => "this chapter needs no skipping; n goes on",
        ActionObstacle::LastChapter => "this is the last chapter of the last app",
        ActionObstacle::NoCitedLine => "this chapter quotes no line of a file",
        ActionObstacle::NoCheck => "this chapter has no check to copy",
        ActionObstacle::NoTypedValue => "no values are being typed; v opens them",
    }
}
