use super::*;
use crate::messages::{Leaves, TakeBack};
use crate::story::*;
use crate::{AttachmentKind, AttachmentState, FileFacts, RemoteFile, Store};

const URL: &str = "https://example.org/terns";

fn facts() -> FileFacts {
    FileFacts {
        kind: AttachmentKind::Image,
        file_name: String::new(),
        content_type: "image/jpeg".to_owned(),
        size: 3,
        pixels: Some((4, 5)),
        duration_ms: None,
    }
}

fn remote() -> RemoteFile {
    RemoteFile {
        url: "http://files.example.org/file/a".to_owned(),
        key: vec![7; 64],
        digest: Some([9; 32]),
        size: Some(3),
    }
}

fn offered(picture: bool) -> OfferedPreview {
    OfferedPreview {
        url: URL.to_owned(),
        title: "Terns".to_owned(),
        picture: picture.then(|| OfferedFile {
            facts: facts(),
            remote: Some(remote()),
        }),
    }
}

fn preview(store: &Store, message: MessageId) -> Option<LinkPreview> {
    store.read::<_, StoreError>(|r| r.link_preview(message)).unwrap()
}

fn files(store: &Store, message: MessageId) -> Vec<Attachment> {
    store
        .read::<_, StoreError>(|r| r.attachments_of(message))
        .unwrap()
}

fn staged(store: &Store) -> AttachmentId {
    let file = store.files().write(b"abc").unwrap();
    store
        .write::<_, StoreError>(|w| w.stage(&facts(), &file, NOW))
        .unwrap()
}

/// A message to Bob with a preview, and so many files.
fn sent(store: &Store, at: i64, count: usize) -> (MessageId, AttachmentId, Vec<AttachmentId>) {
    let picture = staged(store);
    let listed: Vec<_> = (0..count).map(|_| staged(store)).collect();
    let message = send(store, bob(), URL, at);
    let new = NewPreview {
        url: URL.to_owned(),
        title: "Terns".to_owned(),
        picture: Some(picture),
    };
    store
        .write::<_, StoreError>(|w| {
            w.attach_preview(message, &new, NOW)?;
            w.attach_staged(message, &listed, NOW)
        })
        .unwrap();
    (message, picture, listed)
}

#[test]
fn prv_04_a_preview_comes_with_its_message_and_its_picture_is_no_file_of_the_list() {
    let store = store();
    let mut message = text(bob(), bob(), URL, 10);
    message.preview = Some(offered(true));
    message.files = vec![OfferedFile {
        facts: facts(),
        remote: Some(remote()),
    }];
    let id = new_id(receive_all(&store, vec![message])[0]);
    let kept = preview(&store, id).unwrap();
    assert_eq!((kept.url.as_str(), kept.title.as_str()), (URL, "Terns"));
    let picture = kept.picture.unwrap();
    assert_eq!(picture.state, AttachmentState::Offered);
    assert_eq!(picture.remote, Some(remote()));
    let listed = files(&store, id);
    assert_eq!(listed.len(), 1);
    assert_ne!(listed[0].id, picture.id);
    store
        .read::<_, StoreError>(|r| {
            assert!(r.is_preview_picture(picture.id)?);
            assert!(!r.is_preview_picture(listed[0].id)?);
            assert_eq!(r.gallery(&bob(), true, None, 10)?.len(), 1);
            Ok(())
        })
        .unwrap();
}

#[test]
fn prv_04_pictures_come_by_themselves_from_those_whose_files_do() {
    let store = store();
    store
        .write::<_, StoreError>(|w| {
            w.approve(&bob(), NOW)?;
            w.set_auto_download(&bob(), true, NOW)
        })
        .unwrap();
    let mut message = text(bob(), bob(), URL, 10);
    message.preview = Some(offered(true));
    let id = new_id(receive_all(&store, vec![message])[0]);
    let picture = preview(&store, id).unwrap().picture.unwrap();
    assert_eq!(picture.state, AttachmentState::ToDownload);
    assert_eq!(files(&store, id), []);
}

#[test]
fn a_preview_goes_with_its_message() {
    let store = store();
    let mut message = text(bob(), bob(), URL, 10);
    message.preview = Some(offered(true));
    let id = new_id(receive_all(&store, vec![message])[0]);
    let picture = preview(&store, id).unwrap().picture.unwrap().id;
    store.write(|w| w.delete_message(id)).unwrap();
    assert_eq!(preview(&store, id), None);
    let gone = store.read::<_, StoreError>(|r| r.attachment(picture));
    assert!(matches!(gone, Err(StoreError::NotFound)));

    let (message, _, _) = sent(&store, 10, 0);
    let take_back = TakeBack {
        message,
        leaves: Leaves::Line,
        deliveries: Vec::new(),
        now: NOW,
    };
    store.write(|w| w.take_back(&take_back)).unwrap();
    assert_eq!(
        preview(&store, message),
        None,
        "what was taken back shows nothing"
    );
}

#[test]
fn prv_03_a_message_waits_for_the_picture_or_goes_without_it() {
    let store = store();
    let (message, picture, listed) = sent(&store, 10, 1);
    assert!(!store.write(|w| w.mark_uploaded(listed[0], &remote())).unwrap());
    assert!(store.write(|w| w.drop_preview_picture(picture)).unwrap());
    assert!(!store.write(|w| w.drop_preview_picture(picture)).unwrap());
    let left = preview(&store, message).unwrap();
    assert_eq!((left.title.as_str(), left.picture), ("Terns", None));

    let (_, picture, listed) = sent(&store, 20, 1);
    assert!(!store.write(|w| w.drop_preview_picture(listed[0])).unwrap());
    assert!(
        !store.write(|w| w.drop_preview_picture(picture)).unwrap(),
        "the file is still to come"
    );
    assert!(store.write(|w| w.mark_uploaded(listed[0], &remote())).unwrap());

    let (_, picture, _) = sent(&store, 30, 0);
    assert!(store.write(|w| w.mark_uploaded(picture, &remote())).unwrap());
    assert!(!store.write(|w| w.drop_preview_picture(picture)).unwrap());
}
