//! The account.

use contract::{AccountView, PhraseCheck, PhraseWord, StartupView};
use protocol::account::recovery_phrase;
use store::{Account, NotificationMode, Origin, Stage};

use crate::Config;
use crate::failure::of_phrase;

pub(crate) fn startup(account: Option<&Account>, config: &Config) -> StartupView {
    StartupView {
        stage: account.map_or(contract::Stage::Landing, |account| stage(account.stage)),
        account: account.map(view),
        push_provider: config.push_provider.clone(),
        key_custody: config.key_custody,
        network: config.profile.name.clone(),
    }
}

pub(crate) fn view(account: &Account) -> AccountView {
    AccountView {
        account_id: super::account_id(account.account_id),
        display_name: account.display_name.clone(),
        origin: origin(account.origin),
        notification_mode: account.notification_mode.map(|mode| match mode {
            NotificationMode::Fast => contract::NotificationMode::Fast,
            NotificationMode::Slow => contract::NotificationMode::Slow,
        }),
        phrase_seen: account.phrase_seen,
        phrase_reminder: account.phrase_reminder,
        phrase_hidden: account.phrase_hidden,
        picture: account.picture.map(super::picture_id),
        picture_saving: match account.picture_tries {
            None => contract::PictureSaving::Done,
            Some(0) => contract::PictureSaving::OnItsWay,
            Some(_) => contract::PictureSaving::Waits,
        },
    }
}

pub(crate) const fn origin(origin: Origin) -> contract::Origin {
    match origin {
        Origin::Created => contract::Origin::Created,
        Origin::Restored => contract::Origin::Restored,
    }
}

/// What is known of a phrase that is being typed.
pub(crate) fn phrase_check(text: &str) -> PhraseCheck {
    let word = |(typed, word): (zeroize::Zeroizing<String>, Option<&'static str>)| PhraseWord {
        typed: typed.to_string(),
        word: word.map(str::to_owned),
    };
    PhraseCheck {
        words: recovery_phrase::typed_words(text).into_iter().map(word).collect(),
        failure: recovery_phrase::decode(text).err().map(|error| of_phrase(&error)),
    }
}

const fn stage(stage: Stage) -> contract::Stage {
    match stage {
        Stage::Name => contract::Stage::Name,
        Stage::Notifications => contract::Stage::Notifications,
        Stage::SavePhrase => contract::Stage::SavePhrase,
        Stage::Loading => contract::Stage::Loading,
        Stage::RestoreName => contract::Stage::RestoreName,
        Stage::Home => contract::Stage::Home,
    }
}
