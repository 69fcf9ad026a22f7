//! The recovery phrase and the Account ID as codes.

use contract::{
    AccountView, CheckPhrase, ErrorCode, GetAccountQr, GetRecoveryPhrase, HidePhrase, MarkPhraseSeen,
    PhraseCheck, QrView, RecoveryPhraseView,
};
use protocol::account::recovery_phrase;
use zeroize::Zeroizing;

use super::onboarding::change;
use crate::core::Core;
use crate::failure::Stopped;
use crate::view;

pub(super) async fn check_phrase(_: &Core, params: CheckPhrase) -> Result<PhraseCheck, Stopped> {
    let text = Zeroizing::new(params.text.into_exposed());
    Ok(view::account::phrase_check(&text))
}

pub(super) async fn get_recovery_phrase(
    core: &Core,
    _: GetRecoveryPhrase,
) -> Result<RecoveryPhraseView, Stopped> {
    let account = core
        .read(|reading| reading.account()?.ok_or(ErrorCode::NoAccount.into()))
        .await?;
    if account.phrase_hidden {
        return Err(ErrorCode::PhraseHidden.into());
    }
    let words = recovery_phrase::encode(&account.seed);
    let text = Zeroizing::new(words.join(" "));
    Ok(RecoveryPhraseView {
        words: words.into_iter().map(str::to_owned).collect(),
        qr: view::qr::draw(&text)?,
    })
}

pub(super) async fn mark_phrase_seen(core: &Core, _: MarkPhraseSeen) -> Result<AccountView, Stopped> {
    change(core, |writing| Ok(writing.mark_phrase_seen()?)).await
}

pub(super) async fn hide_phrase(core: &Core, _: HidePhrase) -> Result<AccountView, Stopped> {
    change(core, |writing| Ok(writing.hide_phrase()?)).await
}

pub(super) async fn get_account_qr(core: &Core, _: GetAccountQr) -> Result<QrView, Stopped> {
    Ok(view::qr::draw(&core.own_id()?.to_hex())?)
}
