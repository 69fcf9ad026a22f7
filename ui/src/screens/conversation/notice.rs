//! Lines about a conversation, in words; the home list words them in the same way.

use contract::MessageBody;

use crate::duration;
use crate::locale::t;

/// What a line says; `None` for messages, which are no lines. `name`: the other side's, as it stands in a sentence.
pub(crate) fn notice_text(body: &MessageBody, mine: bool, name: &str) -> Option<String> {
    Some(match body {
        MessageBody::RequestAcceptedByMe => t!("msg-accepted-by-me", name = name),
        MessageBody::RequestAcceptedByThem => t!("msg-accepted-by-them", name = name),
        MessageBody::DisappearingSet { setting } => duration::change_line((!mine).then_some(name), *setting),
        MessageBody::MediaSaved => t!("ctrl-media-saved", name = name),
        MessageBody::ScreenshotTaken => t!("ctrl-screenshot", name = name),
        MessageBody::MissedCall => t!("ctrl-missed-call", name = name),
        _ => return None,
    })
}
