//! Previews of links: made on the sender's device when the user wants them, and otherwise taken from messages alone.
//! Spec: messages §17 (PRV-01 to PRV-05)

use contract::ErrorCode;
use media::{Fidelity, Shrink};
use network::RequestError;
use protocol::message::content::{DataMessage, Preview};
use protocol::message::outgoing::stands_in;
use store::{Attachment, AttachmentKind, FileFacts, LinkPreview, NewPreview, OfferedPreview};

use crate::core::Core;
use crate::failure::Stopped;
use crate::{attachments, outbox};

/// Longest title in characters.
const LONGEST_TITLE: usize = 300;

/// Longest side of a preview's picture, in pixels.
const LONGEST_SIDE: u32 = 720;

/// Visits a link and makes its preview; the picture is staged. `None` when previews are off, when the link is not one of
/// `https`, and when the page gives nothing. Spec: messages §17 (PRV-02)
pub(crate) async fn make(core: &Core, url: String) -> Result<Option<NewPreview>, Stopped> {
    core.keys()?;
    let wanted = core
        .read(|reading| Ok(reading.preferences()?.link_previews))
        .await?;
    if !wanted || !is_secure(&url) {
        return Ok(None);
    }
    let page = match core.websites.visit(&url).await {
        Ok(page) => page,
        Err(error) => {
            tracing::debug!(%error, "a link has no preview");
            return Ok(None);
        }
    };
    let picture = match page.picture {
        Some(bytes) => stage(core, bytes).await?,
        None => None,
    };
    let title = clean_title(&page.title);
    let says_something = !title.is_empty() || picture.is_some();
    Ok(says_something.then_some(NewPreview { url, title, picture }))
}

/// `None` for bytes that are no picture.
async fn stage(core: &Core, bytes: Vec<u8>) -> Result<Option<store::AttachmentId>, Stopped> {
    let _turn = core.pictures.acquire().await.map_err(|_| Stopped::Task)?;
    let now = core.device_now();
    core.with_store(move |store| {
        let small = media::decode(&bytes)
            .and_then(|picture| picture.shrink(Shrink::Fit(LONGEST_SIDE)))
            .and_then(|picture| media::encode(&picture, Fidelity::Usual));
        let Ok(small) = small else {
            return Ok(None);
        };
        let facts = FileFacts {
            kind: AttachmentKind::Image,
            file_name: String::new(),
            content_type: small.content_type.to_owned(),
            size: u32::try_from(small.bytes.len()).unwrap_or(u32::MAX),
            pixels: Some((small.width, small.height)),
            duration_ms: None,
        };
        store
            .keep_file(&small.bytes, |writing, sealed| {
                Ok(writing.stage(&facts, sealed, now)?)
            })
            .map(Some)
    })
    .await
}

/// A preview that somebody wants to send with a text: only of a link that stands in it.
pub(crate) fn accepted(preview: contract::NewPreview, text: &str) -> Option<NewPreview> {
    let preview = NewPreview {
        title: clean_title(&preview.title),
        picture: preview.picture.map(|id| store::AttachmentId(id.0)),
        url: preview.url,
    };
    let says_something = !preview.title.is_empty() || preview.picture.is_some();
    (says_something && stands_in(&preview.url, text)).then_some(preview)
}

/// What a received message shows of a link. Spec: messages §17 (PRV-01)
pub(crate) fn offered(data: &DataMessage) -> Option<OfferedPreview> {
    let preview = data.preview.first()?;
    let url = preview.url.clone()?;
    if !stands_in(&url, data.body.as_deref()?) {
        return None;
    }
    let title = clean_title(preview.title.as_deref().unwrap_or_default());
    let picture = preview.image.as_ref().map(attachments::offered);
    // What cannot be fetched, or is no picture, is left out.
    let picture = picture.filter(|file| file.remote.is_some() && file.facts.kind == AttachmentKind::Image);
    let says_something = !title.is_empty() || picture.is_some();
    says_something.then_some(OfferedPreview { url, title, picture })
}

/// As it goes on the wire, with its picture when that lies on the server.
pub(crate) fn to_wire(preview: LinkPreview) -> Preview {
    Preview {
        url: Some(preview.url),
        title: Some(preview.title).filter(|title| !title.is_empty()),
        image: preview.picture.as_ref().and_then(attachments::pointer),
    }
}

/// Lets a message go without the picture of its preview, when that could not be uploaded. Answers whether the file is
/// such a picture; without any connection nothing goes, and it waits. Spec: messages §17 (PRV-03)
pub(crate) async fn go_without(
    core: &Core,
    picture: &Attachment,
    error: Option<&RequestError>,
) -> Result<bool, Stopped> {
    let id = picture.id;
    let is_picture = core
        .read(move |reading| Ok(reading.is_preview_picture(id)?))
        .await?;
    if !is_picture || matches!(error, Some(RequestError::Offline | RequestError::NoPath)) {
        return Ok(false);
    }
    let message = picture.message.ok_or(ErrorCode::NotFound)?;
    outbox::queue_when_uploaded(
        core,
        message,
        move |writing| Ok(writing.drop_preview_picture(id)?),
    )
    .await?;
    Ok(true)
}

fn is_secure(url: &str) -> bool {
    url.get(..8)
        .is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://"))
}

/// One line without characters that cannot be seen or that turn the text around, and not too long.
fn clean_title(title: &str) -> String {
    let seen = |character: char| match character {
        character if character.is_whitespace() || character.is_control() => Some(' '),
        '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{ad}' => None,
        character => Some(character),
    };
    let title: String = title.chars().filter_map(seen).collect();
    let words: Vec<_> = title.split(' ').filter(|word| !word.is_empty()).collect();
    words.join(" ").chars().take(LONGEST_TITLE).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::message::content::AttachmentPointer;

    fn data(body: &str, url: &str, title: &str) -> DataMessage {
        DataMessage {
            body: Some(body.to_owned()),
            preview: vec![Preview {
                url: Some(url.to_owned()),
                title: Some(title.to_owned()),
                image: None,
            }],
            ..DataMessage::default()
        }
    }

    #[test]
    fn prv_01_only_a_link_of_the_text_with_something_to_show_is_taken() {
        let url = "https://example.org/a";
        assert!(offered(&data("see https://example.org/a.", url, "A")).is_some());
        assert!(offered(&data("see https://example.org/ab", url, "A")).is_none());
        assert!(offered(&data(url, url, " \u{200b}\n")).is_none());
        assert!(offered(&DataMessage::default()).is_none());
        let nameless = |content_type: &str| {
            let mut data = data(url, url, "");
            data.preview[0].image = Some(AttachmentPointer {
                id: Some(1),
                content_type: Some(content_type.to_owned()),
                key: Some(vec![7; 64]),
                digest: Some(vec![9; 32]),
                size: Some(3),
                url: Some("http://filev2.getsession.org/file/7".to_owned()),
                ..AttachmentPointer::default()
            });
            data
        };
        assert!(offered(&nameless("image/png")).is_some_and(|it| it.picture.is_some()));
        assert!(offered(&nameless("application/zip")).is_none());
        let mut gone = nameless("image/png");
        // Without an address and without a number there is nothing to fetch.
        let image = gone.preview[0].image.as_mut().unwrap();
        (image.url, image.id) = (None, Some(0));
        assert!(offered(&gone).is_none());
    }

    #[test]
    fn prv_05_a_title_is_one_line_that_reads_as_it_looks() {
        assert_eq!(clean_title("  Terns\r\n\tof the\u{a0}sea "), "Terns of the sea");
        assert_eq!(clean_title("photo\u{202e}gpj.exe\u{0}"), "photogpj.exe");
        assert_eq!(clean_title(&"ü".repeat(1_000)).chars().count(), LONGEST_TITLE);
        assert_eq!(clean_title("\u{feff}\u{200b}"), "");
    }

    #[test]
    fn only_secure_links_are_visited() {
        assert!(is_secure("https://example.org") && is_secure("HTTPS://example.org"));
        for other in [
            "http://example.org",
            "https:/x",
            "",
            "ftp://https://",
            "\u{e9}\u{e9}\u{e9}\u{e9}s://",
        ] {
            assert!(!is_secure(other), "{other}");
        }
    }
}
